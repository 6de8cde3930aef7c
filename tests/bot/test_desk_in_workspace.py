"""The whole desk in the sandbox, as `riskdesk demo` runs it."""

import signal
from collections.abc import Iterator
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from time import monotonic, sleep

import httpx
import pytest

from bot.demo.workspace import BOT_TOKEN
from sandbox.client import Workspace
from sandbox.plain_http import plain_client
from tests.bot.terminal import Done, Running, riskdesk


def free_port() -> int:
    with socket(AF_INET, SOCK_STREAM) as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


def start(folder: Path, port: int, *more: str) -> Running:
    words = ["demo", "--port", str(port), "--folder", str(folder / "demo"), *more]
    demo = Running(folder, *words)
    end = monotonic() + 60
    with plain_client(base_url=f"http://127.0.0.1:{port}") as http:
        while monotonic() < end:
            sleep(0.1)
            try:
                page = http.get("/")
                told = http.get("/_sandbox/workspace").json()
            except httpx.HTTPError:
                continue
            assert page.status_code == 200
            if told["apps"][0]["connections"]:
                return demo
    raise AssertionError(f"the demo did not start: {demo.end(0)}")


def end(running: Running, number: signal.Signals) -> Done:
    """Send a signal; return what the demo said until its end."""
    running.signal(number)
    return running.end(30)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    """Run `riskdesk demo` for this file's tests."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    running = start(folder, port)
    yield folder, port
    done = end(running, signal.SIGTERM)
    assert done.returncode == 0, done
    assert "Traceback" not in done.stdout + done.stderr


@pytest.fixture
def workspace(demo: tuple[Path, int]) -> Iterator[Workspace]:
    client = Workspace(f"http://127.0.0.1:{demo[1]}")
    yield client
    client.close()


def test_a_sales_person_looks_a_customer_up_and_shares_the_card(
    workspace: Workspace,
) -> None:
    sam = workspace.user("sam", "sales")
    assert sam.types("/risk Brightwater")["ok"]
    card = sam.sees("Brightwater Pumps GmbH")
    assert card.is_private
    card.clicks("Why?")
    sam.sees("Points by factor")
    card.clicks("Share here")
    shared = workspace.user("maya", "sales").sees("Shared by Sam Rivers")
    assert not shared.is_private


def test_no_card_goes_where_another_company_reads(workspace: Workspace) -> None:
    sam = workspace.user("sam", "with-our-insurer")
    sam.types("/risk Brightwater")
    sam.sees("Brightwater Pumps GmbH").clicks("Share here")
    sam.sees("Guests or people of another company")
    workspace.user("gil", "with-our-insurer").never_sees("Brightwater")


def test_plain_words_in_chinese_are_answered_in_chinese(workspace: Workspace) -> None:
    lin = workspace.user("lin").to("Riskdesk")
    lin.types("青杉精密怎么样")
    answer = lin.sees("敞口")
    assert "青杉精密机械有限公司" in answer.words
    lin.types("ylfz")
    lin.sees("云岚纺织有限公司")


def test_a_digest_is_set_up_in_a_form_and_posted_once(workspace: Workspace) -> None:
    maya = workspace.user("maya", "risk-alerts")
    maya.types("/risk digest")
    maya.modal("Risk digest")
    offered = maya.do("type", name="Time zone", value="berl")["outcome"]["body"]
    berlin = next(o for o in offered["options"] if o["value"] == "Europe/Berlin")
    filled = {"Time zone": {"selected_option": berlin}, "Time": "08:15"}
    assert maya.submits(**filled)["ok"]
    maya.sees("Next:")
    maya.types("/risk digest now")
    maya.sees("Most overdue", 30)
    digests = [m for m in maya.messages() if "Most overdue" in m.words]
    assert len(digests) == 1


def test_a_limit_is_asked_for_approved_and_told(workspace: Workspace) -> None:
    sam = workspace.user("sam", "sales")
    sam.types("/risk limit Brightwater")
    sam.sees("Credit limit of Brightwater").clicks("Ask for this limit")
    sam.modal("Ask for a limit")
    assert sam.submits(Amount="120000", Reason="New framework contract")["ok"]
    sam.modal("waits for somebody with the role approver")
    sam.closes()

    maya = workspace.user("maya").to("Riskdesk")
    asked = maya.sees("asks for a credit limit for Brightwater", 20)
    asked.clicks("Approve")
    maya.sees("approved it; the limit is in force", 20)
    sam.to("Riskdesk").sees("Approved by", 20)
    sam.types("/risk limit Brightwater")
    sam.sees("approved by", 20)


def test_a_dropped_file_is_imported(workspace: Workspace) -> None:
    ada = workspace.user("ada").to("Riskdesk")
    ada.uploads("新客户.csv", "客户编号,客户名称\nN1,海棠测试有限公司\n")
    ada.sees("新客户.csv is imported", 20)
    ada.types("/risk 海棠测试")
    ada.sees("海棠测试有限公司")
    theo = workspace.user("theo").to("Riskdesk")
    theo.uploads("more.csv", "客户编号,客户名称\nN2,x\n")
    theo.sees("Files are imported by analysts")


def test_alerts_are_set_up_in_a_form_and_a_problem_interrupts_once(
    workspace: Workspace,
) -> None:
    maya = workspace.user("maya", "risk-alerts")
    maya.types("/risk alerts")
    maya.modal("Problems worth an interruption")
    always = {"Quiet from": "00:00", "Quiet until": "00:00", "Quiet days": "None"}
    assert maya.submits(**{"Interruptions a week": "20", **always})["ok"]
    maya.sees("up to 20 a week", 20)
    sam = workspace.user("sam", "sales")
    sam.types("/risk watch Oakhaven Packaging")
    sam.sees("You watch Oakhaven Packaging")

    ada = workspace.user("ada").to("Riskdesk")
    bill = "Invoice number,Customer number,Amount,Currency,Invoice date,Due date\n"
    ada.uploads("bill.csv", f"{bill}OV-1,C10007,400000,USD,2024-01-05,2024-02-05\n")
    card = maya.sees("Oakhaven Packaging B.V.", 60)
    assert "Acknowledge" in card.words
    assert not card.is_private
    shown = [m for m in maya.messages() if m.words.startswith(card.words[:40])]
    assert len(shown) == 1


def test_a_home_shows_what_needs_its_owner(workspace: Workspace) -> None:
    sam = workspace.user("sam")
    home = sam.home("Needs you today", app="Riskdesk")
    sam.do("click", name="Show", home=True)
    sam.modal("Last payments")
    sam.closes()
    assert home["type"] == "home"


def test_the_doctor_finds_all_well(demo: tuple[Path, int]) -> None:
    folder, port = demo
    settings = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": "xapp-1-demo-workspace",
        "SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
        "DATABASE_URL": f"sqlite:///{folder}/demo/desk.db",
    }
    done = riskdesk(folder, "doctor", **settings)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "wrong" not in done.stdout
    assert BOT_TOKEN not in done.stdout


def test_what_was_said_outlives_restarts_and_kills_until_a_reset(
    tmp_path: Path,
) -> None:
    port = free_port()
    workspace = Workspace(f"http://127.0.0.1:{port}")
    sam = workspace.user("sam", "sales")

    first = start(tmp_path, port)
    sam.types("remember me")
    sam.types("/risk Brightwater")
    sam.sees("Brightwater Pumps GmbH")
    sleep(2.5)  # what was said is written every two seconds
    end(first, signal.SIGKILL)

    (tmp_path / "demo" / "mine.txt").write_text("kept")
    second = start(tmp_path, port)
    sam.sees("remember me")
    sam.types("before the stop")
    sam.types("/risk Brightwater")
    sam.sees("Brightwater Pumps GmbH")
    done = end(second, signal.SIGINT)
    assert done.returncode == 0
    assert "Traceback" not in done.stdout + done.stderr

    third = start(tmp_path, port)
    sam.sees("before the stop")
    end(third, signal.SIGTERM)

    fourth = start(tmp_path, port, "--reset")
    sam.never_sees("remember me")
    assert (tmp_path / "demo" / "mine.txt").exists(), "only the demo's own files go"
    end(fourth, signal.SIGTERM)
    workspace.close()


def test_a_busy_port_is_said_plainly(tmp_path: Path) -> None:
    with socket(AF_INET, SOCK_STREAM) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = Running(tmp_path, "demo", "--port", port, "--folder", ".").end()
    assert done.returncode == 1
    assert f"Port {port} of 127.0.0.1 is not free" in done.stderr
    assert "Traceback" not in done.stderr
