"""Notes and promises from chat: kept, counted, judged, taken back."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select

from storage import people
from storage.tables import Invoice, Note, PaymentPromise, Touched
from tests.conftest import NOW, Clock, Person
from tests.handlers.test_lookup import button, named, said
from tests.rows import in_order
from tests.workflows.ledger import invoice, paid_all, pay
from workflows.monitor.sweep import sweep_some
from workflows.promises import judge_due
from workflows.score import score_within
from workflows.services import Services

TODAY = NOW.date()  # a Wednesday


@pytest.fixture
def acme(services: Services) -> int:
    """Add Acme with one paid and one overdue invoice, and Beta."""
    with services.database.write() as session:
        whose = named(session, "1001", "Acme & Sons Ltd")
        named(session, "1002", "Beta Trading GmbH")
        due = TODAY - timedelta(days=40)
        dues = [due - timedelta(days=30 * months) for months in range(4)]
        paid_all(session, whose, "9000", dues, NOW)
        invoice(session, whose, "30000", TODAY - timedelta(days=10), NOW)
    return whose


def shortcut(by: Person, name: str, text: str) -> dict[str, Any]:
    """Choose a shortcut from a message's menu; return the form that opens."""
    message = {"type": "message", "text": text, "ts": "1700000000.000100", "user": "U2"}
    by.interacts("message_action", callback_id=name, message=message)
    opened = by.slack.called("views.open")[-1]["view"]
    view: dict[str, Any] = json.loads(opened) if isinstance(opened, str) else opened
    return view


def filled(view: dict[str, Any], **over: dict[str, Any]) -> dict[str, Any]:
    """Return the state of a form as it opened, with some fields changed."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        element = block["element"]
        state = {
            "value": element.get("initial_value"),
            "selected_option": element.get("initial_option"),
            "selected_date": element.get("initial_date"),
        }
        state |= over.get(block["block_id"], {})
        values[block["block_id"]] = {element["action_id"]: state}
    return values


def points(services: Services, whose: int) -> int:
    """Return the customer's score."""
    with services.database.read() as session:
        found = score_within(services, session, whose).score
    assert found is not None
    return found


def notes(services: Services) -> list[Note]:
    with services.database.read() as session:
        return in_order(session, Note)


def promises(services: Services) -> list[PaymentPromise]:
    with services.database.read() as session:
        return in_order(session, PaymentPromise)


def test_a_message_becomes_evidence_by_its_shortcut(
    services: Services, person: Person, acme: int
) -> None:
    person.slack.faults.append(
        lambda method, _: (
            {"ok": True, "permalink": "https://t.test/archives/C1/p17"}
            if method == "chat.getPermalink"
            else True
        )
    )
    person.types("/risk", "1001")  # whom they mean: the one looked at last
    view = shortcut(person, "note_message", "their factory idle since Monday <!here>")
    form = json.dumps(view, ensure_ascii=False)
    assert "Acme & Sons Ltd · 1001" in form
    assert '"initial_value": "6"' in form  # the policy's weight of an idle factory

    answer = person.submits(view, filled(view))

    assert "Noted for Acme &amp; Sons Ltd" in json.dumps(answer)
    [note] = notes(services)
    assert (note.kind, note.weight, note.half_life_days) == ("idle", 6, 120)
    assert note.link == "https://t.test/archives/C1/p17"
    with services.database.read() as session:
        assert [t.customer_id for t in session.exec(select(Touched))] == [acme]


def test_a_server_without_permalinks_gets_a_note_without_a_link(
    services: Services, person: Person, acme: int
) -> None:
    person.slack.faults.append(
        lambda method, _: (
            {"ok": False, "error": "unknown_method"}
            if method == "chat.getPermalink"
            else True
        )
    )
    view = shortcut(person, "note_message", "Acme & Sons asks for longer terms")
    person.submits(view, filled(view))
    [note] = notes(services)
    assert (note.kind, note.link) == ("longer_terms", None)


def test_a_note_takes_points_off_until_it_is_taken_back(
    services: Services, person: Person, acme: int
) -> None:
    before = points(services, acme)
    kept = person.types("/risk", "note 1001: the bank says they are insolvent")
    assert "Sign of distress" in said(kept)
    sweep_some(services, [acme])
    after = points(services, acme)
    assert after < before

    person.clicks(button(kept, "note_retract"))
    sweep_some(services, [acme])
    assert points(services, acme) == before
    assert "taken back already" in said(person.clicks(button(kept, "note_retract")))


def test_only_its_author_or_an_analyst_takes_a_note_back(
    services: Services, person: Person, acme: int
) -> None:
    kept = person.types("/risk", "note 1001: order cancelled")
    other = Person(person.app, person.slack, "U2", "C1")
    assert "they or an analyst" in said(other.clicks(button(kept, "note_retract")))
    with services.database.write() as session:
        people.grant_role(session, "UANA", "analyst", "", by="U0", at=NOW)
    ana = Person(person.app, person.slack, "UANA", "C1")
    assert "is taken back" in said(ana.clicks(button(kept, "note_retract")))
    assert notes(services)[0].superseded_at == NOW


def test_a_promise_in_words_is_kept_by_the_money_that_comes(
    services: Services, person: Person, clock: Clock, acme: int
) -> None:
    person.types("/risk", "1001")
    person.says("they promised 30k on Friday")
    [promise] = promises(services)
    friday = TODAY + timedelta(days=2)
    assert (promise.customer_id, promise.due_on, promise.state) == (
        acme,
        friday,
        "open",
    )
    clock.at = NOW + timedelta(days=5)  # Monday
    with services.database.write() as session:
        owed = session.exec(
            select(Invoice).where(col(Invoice.settled_on).is_(None))
        ).one()
        pay(session, owed, clock.at.date(), clock.at)
    assert judge_due(services) == 1
    assert [p.state for p in promises(services)] == ["kept"]
    assert judge_due(services) == 0


def test_a_broken_promise_weighs_on_the_score_from_its_day_on(
    services: Services, person: Person, clock: Clock, acme: int
) -> None:
    person.types("/risk", "promise 1001 30k Friday")
    before = points(services, acme)
    clock.at = NOW + timedelta(days=6)
    judge_due(services)
    sweep_some(services, [acme])
    broken = points(services, acme)

    listed = person.clicks(button(person.types("/risk", "1001"), "evidence_show"))
    assert ":x:" in said(listed)
    assert "broken" in said(listed)
    person.clicks(button(listed, "promise_retract"))
    sweep_some(services, [acme])
    assert broken < points(services, acme) <= before


def test_a_promise_in_chinese_names_its_customer(
    services: Services, person: Person, acme: int
) -> None:
    person.reads("zh-CN").says("Beta Trading 答应12月15日前付款 5万欧元")
    assert promises(services) == []  # euros have no rate here
    person.says("Beta Trading 答应12月15日前付款 5万美元")
    [promise] = promises(services)
    assert (promise.amount, promise.currency) == (Decimal(50_000), "USD")
    assert promise.due_on.isoformat() == "2026-12-15"


def test_the_shortcut_of_a_promise_fills_its_form_in(
    services: Services, person: Person, acme: int
) -> None:
    words = "Beta Trading will pay $12,500 by 13 March"
    view = shortcut(person, "promise_message", words)
    form = json.dumps(view)
    assert "Beta Trading GmbH" in form
    assert "2026-03-13" in form
    past = {"selected_date": "2026-03-03"}
    wrong = person.submits(view, filled(view, day=past))
    assert "day" in wrong["errors"]
    assert promises(services) == []
    done = person.submits(view, filled(view))
    assert "promised USD 12,500" in json.dumps(done)
    assert [p.amount for p in promises(services)] == [12_500]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("promise 1001 30k 1 Jan 2020", "is past"),
        ("promise 1001 30k 1 Jan 2099", "too far off"),
        ("promise 1001 0 Friday", "How much do they promise"),
        ("promise 1001 99999999999k Friday", "How much do they promise"),
        ("promise Nobodyxyzzy 30k Friday", "No customer is called"),
        ("note Nobodyxyzzy: gone", "No customer is called"),
    ],
)
def test_nonsense_is_named(person: Person, acme: int, text: str, answer: str) -> None:
    assert answer in said(person.types("/risk", text))


def test_they_without_anybody_looked_at_are_asked_after(
    services: Services, person: Person, acme: int
) -> None:
    stranger = Person(person.app, person.slack, "U9", "C1")
    stranger.says("they promised 30k on Friday")
    assert promises(services) == []


def test_a_guest_brings_nothing(services: Services, person: Person, acme: int) -> None:
    person.slack.users["U1"] = {"is_restricted": True}
    assert "our own people" in said(person.types("/risk", "note 1001: gone"))
    assert notes(services) == []
