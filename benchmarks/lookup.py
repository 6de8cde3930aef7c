"""`/risk <exact name>` at a million customers, from signed request to the whole answer.

The comparison, in the same run: what a bare Bolt app with its defaults takes to ack
“pong”. Memory is the process's, with everything loaded that answers.
Run: `python -m benchmarks.lookup [--customers N]`.
"""

import argparse
import json
import random
import re
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, time
from typing import Any
from urllib.parse import urlencode

from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from benchmarks.company import NOW, desk, fill, name_of
from benchmarks.steps import apart
from bot.app import build_app
from bot.garbage import never_search_what_is_loaded
from storage.database import Database
from storage.migrate import migrate
from storage.tables import User
from tests.fake_slack import running
from workflows.monitor.sweep import sweep_all

MODULE = "benchmarks.lookup"
SECRET = "bench"
MOST_MEDIAN, MOST_P99, MOST_MEMORY = 0.5, 2.0, 250
REQUESTS = 500


def request(text: str) -> BoltRequest:
    """Return a signed `/risk` request."""
    fields = {
        "command": "/risk",
        "text": text,
        "user_id": "U1",
        "team_id": "T1",
        "channel_id": "C1",
        "trigger_id": "1.2.3",
        "response_url": "http://127.0.0.1:9/",
    }
    body, now = urlencode(fields), str(int(time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=now, body=body)
    headers: dict[str, str | Sequence[str]] = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": now,
        "x-slack-signature": signature or "",
    }
    return BoltRequest(body=body, headers=headers)


def timed(app: App, texts: list[str], check: Callable[[str], bool]) -> list[float]:
    """Return the milliseconds that each request took; fail if an answer is wrong."""
    taken = []
    for text in texts:
        asked = request(text)
        began = perf_counter()
        answer = app.dispatch(asked)
        taken.append((perf_counter() - began) * 1000)
        if answer.status != 200 or not check(answer.body or ""):
            raise SystemExit(f"wrong answer to {text!r}: {answer.body}")
    return taken


def most_resident() -> float:
    """Return the most memory this program has held, in MB.

    Not `ru_maxrss`: that starts from what the parent held when it started us.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [kilobytes] = re.findall(r"VmHWM:\s+(\d+) kB", status)
    return int(kilobytes) / 1024


def bare(slack: str) -> App:
    """Return a Bolt app as its makers' example has it, that acks “pong”."""
    client = WebClient("xoxb-bench", base_url=slack)
    app = App(client=client, signing_secret=SECRET, token_verification_enabled=False)
    app.command("/risk")(lambda ack: ack("pong"))
    return app


def measure(url: str, count: int) -> None:
    """Measure in this process, which has loaded nothing but the desk; print JSON."""
    services = desk(url)
    with services.database.write() as session:
        session.merge(User(slack_id="U1", name="Ann", seen_at=NOW))
    chance = random.Random(3)
    names = [name_of(chance.randrange(1, count + 1)) for _ in range(REQUESTS + 20)]
    with running() as slack:
        client = WebClient("xoxb-bench", base_url=slack.url)
        app = build_app(services, client, signing_secret=SECRET)
        timed(app, names[:20], lambda _: True)
        never_search_what_is_loaded()
        ours = timed(app, names[20:], lambda body: "exposure" in body)
        theirs = timed(bare(slack.url), names[20:220], lambda body: "pong" in body)
    memory = most_resident()
    print(json.dumps({"ours": ours, "theirs": theirs, "memory": memory}))


def run(count: int) -> bool:
    """Print the figures and their ratios; return whether all are within bounds.

    The bounds are about a desk that has looked at everybody, as it does once a day.
    """
    print(f"lookup: /risk <exact name> over {count:,} customers")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        apart(MODULE, "fill", url, count)
        tell("just loaded", apart(MODULE, "measure", url, count))
        apart(MODULE, "sweep", url, count)
        return tell("looked at", apart(MODULE, "measure", url, count))


def tell(state: str, found: dict[str, Any]) -> bool:
    """Print what was measured; return whether it is within bounds."""
    pong = statistics.median(found["theirs"])
    median = statistics.median(found["ours"]) / pong
    p99 = statistics.quantiles(found["ours"], n=100)[98] / pong
    memory: float = found["memory"]
    print(f"  customers {state}; bare Bolt acks “pong” in {pong:.2f} ms (median)")
    print(f"    the card: median {median:.2f} of it, at most {MOST_MEDIAN}")
    print(f"    the card: p99 {p99:.2f} of it, at most {MOST_P99}")
    print(f"    memory: {memory:.0f} MB, at most {MOST_MEMORY}")
    return median <= MOST_MEDIAN and p99 <= MOST_P99 and memory <= MOST_MEMORY


def prepare(url: str, count: int) -> str:
    """Make the company; return how many customers it has, as JSON."""
    database = Database(url)
    migrate(database.engine)
    fill(database, count, names=True)
    database.close()
    return json.dumps(count)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step == "fill":
        print(prepare(given.url, given.customers))
    elif given.step == "sweep":
        print(sweep_all(desk(given.url)))
    elif given.step == "measure":
        measure(given.url, given.customers)
    else:
        raise SystemExit(not run(given.customers))
