"""App Home: what needs the reader, their customers a page at a time, their digests."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import NOW, Person
from tests.workflows.ledger import customer, invoice, limit, schedule
from workflows.services import Services


@pytest.fixture
def portfolio(services: Services) -> None:
    """Give U1 a dozen customers: one is badly late, one over its limit."""
    today = NOW.date()
    with services.database.write() as session:
        for n in range(12):
            whose = customer(session, f"{n}", NOW, name=f"Mine {n:02}", owner="U1")
            late = 100 if n == 3 else -10
            invoice(session, whose, f"{n + 1}00", today - timedelta(late), NOW)
            if n == 7:
                limit(session, whose, "5", NOW)
        other = customer(session, "x", NOW, name="Not Mine", owner="U2")
        invoice(session, other, "999", today - timedelta(100), NOW)


def home(person: Person) -> dict[str, Any]:
    """Open the Home; return the view that was published."""
    person.event("app_home_opened", tab="home")
    return published(person)


def published(person: Person) -> dict[str, Any]:
    view: Any = person.slack.called("views.publish")[-1]["view"]
    found: dict[str, Any] = json.loads(view) if isinstance(view, str) else view
    return found


def test_what_needs_me_comes_first_then_my_customers(
    person: Person, portfolio: None
) -> None:
    view = home(person)

    assert view["type"] == "home"
    words = json.dumps(view["blocks"], ensure_ascii=False)
    assert words.index("Mine 03") < words.index("Mine 07") < words.index("My customers")
    assert "USD 400 overdue, oldest 100 days" in words
    assert "USD 800 against a limit of USD 5" in words
    assert "Page 1 of 2, 12 customers" in words
    assert "Not Mine" not in words


def test_pages_are_turned(person: Person, portfolio: None) -> None:
    person.interacts("block_actions", actions=[action("home_older", "2")])
    words = json.dumps(published(person)["blocks"])
    assert "Page 2 of 2" in words


def action(name: str, value: str) -> dict[str, Any]:
    about = {"type": "button", "block_id": "b", "action_ts": "1.0"}
    return about | {"action_id": name, "value": value}


def test_a_customer_opens_as_a_window(person: Person, portfolio: None) -> None:
    home(person)
    person.interacts("block_actions", actions=[action("customer_open", "4")])
    view: Any = person.slack.called("views.open")[-1]["view"]
    words = view if isinstance(view, str) else json.dumps(view)
    assert "Mine 03" in words
    assert '"table"' not in words, "a window has no place for one"


def test_my_digests_are_listed_and_open_their_form(
    person: Person, services: Services
) -> None:
    schedule(services, "C7", created_by="U1")
    words = json.dumps(home(person.reads("zh-CN"))["blocks"], ensure_ascii=False)
    assert "<#C7>" in words
    assert "我的摘要" in words
    person.interacts("block_actions", actions=[action("home_digest", "C7")])
    assert person.slack.called("views.open")


def test_a_guest_is_told_whom_to_ask(person: Person, portfolio: None) -> None:
    person.slack.users["U1"] = {"is_restricted": True}
    words = json.dumps(home(person)["blocks"])
    assert "for our own people" in words
    assert "Mine" not in words


def test_opening_our_messages_publishes_nothing(person: Person) -> None:
    person.event("app_home_opened", tab="messages")
    assert person.slack.called("views.publish") == []
