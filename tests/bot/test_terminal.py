"""The command line as an operator meets it, a server among others."""

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep, time
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from slack_sdk.signature import SignatureVerifier
from typer.main import get_command

from bot.main import app
from tests.bot.terminal import SECRETS, Running, process, riskdesk
from tests.fake_slack import FakeSlack


def test_the_database_is_brought_up_to_date_from_the_terminal(tmp_path: Path) -> None:
    lacking = process(tmp_path, "db", "status")
    assert lacking.returncode == 1
    assert "riskdesk db upgrade" in lacking.stderr
    assert riskdesk(tmp_path, "db", "upgrade").returncode == 0
    assert riskdesk(tmp_path, "db", "status").stdout == "Up to date.\n"


def test_what_is_missing_is_named_without_a_traceback(tmp_path: Path) -> None:
    done = riskdesk(tmp_path, "run", RISKDESK_TIMEZONE="Mars/Base")
    assert done.returncode == 1
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "RISKDESK_TIMEZONE"):
        assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_names_what_is_wrong_and_prints_no_secret(
    tmp_path: Path, slack: FakeSlack
) -> None:
    settings = SECRETS | {
        "SLACK_API_URL": slack.url,
        "DATABASE_URL": "postgresql://desk:hush-hush@127.0.0.1:1/none",
        "RISKDESK_POLICY": "nowhere.toml",
    }
    done = riskdesk(tmp_path, "doctor", **settings)
    assert done.returncode == 1
    assert "wrong  Database" in done.stdout
    assert "wrong  Policy" in done.stdout
    assert "hush" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_doctor_prints_no_secret_that_is_ill_formed(tmp_path: Path, name: str) -> None:
    done = riskdesk(tmp_path, "doctor", **{name: "hush-hush"})
    assert done.returncode == 1
    assert "hush" not in done.stdout + done.stderr


@contextmanager
def _running(folder: Path, slack: FakeSlack) -> Iterator[tuple[str, Running]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert riskdesk(folder, "db", "upgrade").returncode == 0
    settings = SECRETS | {"SLACK_API_URL": slack.url, "PORT": str(port)}
    running = Running(folder, "run", "--http", **settings)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url + "/healthz")
        yield url, running
    finally:
        running.end(0)


def _wait_for(url: str) -> None:
    until = monotonic() + 30
    while monotonic() < until:
        try:
            with urlopen(url, timeout=5):
                return
        except URLError:
            sleep(0.05)
    raise AssertionError(f"{url} does not answer")


def _post(url: str, stamp: int, signature: str | None = None) -> int:
    body = "command=%2Frisk&text=nothing&user_id=U1&channel_id=C1&team_id=T1"
    verifier = SignatureVerifier(SECRETS["SLACK_SIGNING_SECRET"])
    signed = verifier.generate_signature(timestamp=str(stamp), body=body)
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": str(stamp),
        "x-slack-signature": signature or signed or "",
    }
    request = Request(url + "/slack/events", body.encode(), headers)
    try:
        with urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def test_http_mode_refuses_what_is_not_fresh_and_signed(
    tmp_path: Path, slack: FakeSlack
) -> None:
    with _running(tmp_path, slack) as (url, desk):
        now = int(time())
        assert _post(url, now, "v0=" + "0" * 64) == 401
        assert _post(url, now - 3600) == 401
        assert _post(url, now) == 200
        assert _post(url, now) == 401  # replayed
        with urlopen(url + "/metrics", timeout=5) as answer:
            metrics = answer.read().decode()
        assert (
            'riskdesk_requests_total{kind="command",outcome="answered"} 1.0' in metrics
        )
        assert "riskdesk_outbox_depth" in metrics
        with urlopen(url + "/healthz", timeout=5) as answer:
            assert json.load(answer) == {"ok": True, "troubles": []}
        desk.signal(signal.SIGTERM)
        done = desk.end(30)
    assert done.returncode == 0
    events = [json.loads(line)["event"] for line in done.stderr.splitlines()]
    assert events[-1] == "desk.stopped"
    assert "hush" not in done.stderr


def test_a_busy_port_is_said_plainly(tmp_path: Path, slack: FakeSlack) -> None:
    assert riskdesk(tmp_path, "db", "upgrade").returncode == 0
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        settings = SECRETS | {"SLACK_API_URL": slack.url, "PORT": port}
        done = riskdesk(tmp_path, "run", "--http", **settings)
    assert done.returncode == 1
    assert f"Port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_command_has_help_with_an_example() -> None:
    waiting = [get_command(app)]
    while waiting:
        command = waiting.pop()
        below = getattr(command, "commands", {})
        waiting += below.values()
        if not below:
            assert "Example: riskdesk " in (command.help or ""), command.name
