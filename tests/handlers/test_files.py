"""A file dropped into the direct messages: taken once, imported, answered, asked."""

import json
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlmodel import select

from bot.fetch import Fetcher
from connectors.files import open_file
from storage.tables import Customer, ImportJob, Invoice, OutboxMessage, RoleGrant
from tests.conftest import Clock, Person
from tests.fake_slack import FakeSlack
from tests.rows import in_order
from workflows.dropped_files import NotFetched, import_dropped
from workflows.services import Services

BILLS = """Customer No;Customer;Invoice No;Invoice date;Due date;Amount;Currency
K1;Kelp & Sons;R1;2026-01-05;2026-02-05;1.250,50;EUR
K1;Kelp & Sons;R2;2026-02-05;2026-03-05;abc;EUR
"""


@pytest.fixture
def analyst(person: Person, services: Services, clock: Clock) -> Person:
    """Give the person the role that may import."""
    with services.database.write() as session:
        session.add(
            RoleGrant(
                slack_id="U1", role="analyst", granted_by="U9", granted_at=clock()
            )
        )
    return person


def drops(
    person: Person, name: str, content: str, event_id: str = "Ev1", **file: Any
) -> None:
    """Drop a file into the direct messages."""
    path = f"/files-pri/T1-F1/{name}"
    person.slack.files[path] = content.encode()
    about = {
        "id": "F1",
        "name": name,
        "size": len(content),
        "url_private_download": f"{person.slack.url.rstrip('/')}{path}",
    }
    person.event(
        "message",
        subtype="file_share",
        channel_type="im",
        files=[about | file],
        event_id=event_id,
    )


def work(person: Person, services: Services) -> int:
    # Without the SDK's own tries, between which it sleeps.
    client = WebClient("xoxb-test", base_url=person.slack.url, retry_handlers=[])
    return import_dropped(services, Fetcher(client), open_file)


def owed(services: Services) -> list[OutboxMessage]:
    with services.database.read() as session:
        return in_order(session, OutboxMessage)


def test_a_file_is_taken_at_once_and_answered_when_it_is_in(
    analyst: Person, services: Services
) -> None:
    drops(analyst, "bills.csv", BILLS)
    drops(analyst, "bills.csv", BILLS)
    assert [m.text for m in owed(services)] == ["Reading bills.csv …"]

    assert work(analyst, services) == 1
    assert work(analyst, services) == 0

    answer = owed(services)[-1]
    words = json.dumps(answer.blocks, ensure_ascii=False)
    assert answer.text == "bills.csv is imported; 1 row was rejected"
    assert "Line 3, Amount: “abc”" in words
    with services.database.read() as session:
        [customer] = session.exec(select(Customer))
        [invoice] = session.exec(select(Invoice))
    assert (customer.name, str(invoice.amount)) == ("Kelp & Sons", "1250.5")


def test_the_same_file_again_changes_nothing(
    analyst: Person, services: Services
) -> None:
    for event in ("Ev1", "Ev2"):
        drops(analyst, "bills.csv", BILLS, event)
        work(analyst, services)
    with services.database.read() as session:
        assert len(session.exec(select(Invoice)).all()) == 1


def test_an_ambiguous_column_is_asked_about_and_read_as_answered(
    analyst: Person, services: Services
) -> None:
    drops(
        analyst, "days.csv", BILLS.replace("2026-0", "0").replace("-05;", "-05-2026;")
    )
    work(analyst, services)

    question = owed(services)[-1]
    [row] = [b for b in question.blocks if b["type"] == "actions"]
    assert "how is “Invoice date” to be read?" in question.text
    day_first, month_first = row["elements"]
    stranger = Person(analyst.app, analyst.slack, "U2")
    assert "somebody else's" in stranger.clicks(month_first)["text"]
    assert "Reading days.csv" in analyst.clicks(month_first)["text"]
    assert "answered already" in analyst.clicks(day_first)["text"]
    work(analyst, services)

    with services.database.read() as session:
        [invoice] = session.exec(select(Invoice))
    assert invoice.issued_on.isoformat() == "2026-01-05"


def test_invoices_without_due_dates_are_due_as_answered(
    analyst: Person, services: Services
) -> None:
    undated = "Customer;Invoice no;Invoice date;Amount\nAcme;7;2026-01-05;100\n"
    drops(analyst, "bills.csv", undated)
    work(analyst, services)
    question = owed(services)[-1]
    assert "when are its invoices due?" in question.text
    [row] = [b for b in question.blocks if b["type"] == "actions"]
    analyst.clicks(row["elements"][2])
    work(analyst, services)

    with services.database.read() as session:
        [invoice] = session.exec(select(Invoice))
    assert invoice.due_on.isoformat() == "2026-02-04"


def test_who_may_not_import_is_told_whom_to_ask(
    person: Person, services: Services
) -> None:
    drops(person.reads("zh-CN"), "bills.csv", BILLS)
    assert work(person, services) == 0
    assert "文件由分析员" in owed(services)[-1].text


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.csv", "", "could not be imported"),
        ("<!channel>.csv", "\x00\x01binary", "could not be imported"),
        ("poem.txt", "roses are red\nviolets are blue\n", "could not be imported"),
    ],
)
def test_what_is_no_table_is_answered_with_what_to_do(
    analyst: Person, services: Services, name: str, content: str, why: str
) -> None:
    drops(analyst, name, content)
    work(analyst, services)
    answer = owed(services)[-1]
    assert why in answer.text
    assert "<!channel>" not in answer.text


def test_the_token_goes_to_nobody_but_slack(
    analyst: Person, services: Services, tmp_path: Path
) -> None:
    drops(analyst, "bills.csv", BILLS, url_private_download="http://evil.test/x")
    work(analyst, services)
    assert "could not be imported" in owed(services)[-1].text
    client = WebClient("xoxb-test", base_url="https://slack.com/api/")
    job = ImportJob(file_id="F1", name="x", url="http://files.slack.com/x")  # type: ignore[call-arg] # of no table here
    with pytest.raises(NotFetched):
        Fetcher(client)(job, tmp_path / "x")


def test_a_failing_download_is_tried_again_and_then_told(
    analyst: Person, services: Services, slack: FakeSlack, clock: Clock
) -> None:
    drops(analyst, "bills.csv", BILLS, url_private_download=None, url_private=None)
    slack.faults.append(
        lambda method, _: None if method == "files.info" else True  # hangs up
    )
    for _ in range(3):
        assert work(analyst, services) == 1
        assert (
            len(owed(services)) == 1
            or "could not be imported" in owed(services)[-1].text
        )
        clock.at = clock.at.replace(minute=clock.at.minute + 1)
    assert "could not be imported" in owed(services)[-1].text
