"""A class set by people: proposed by one, approved by another, ending on its day."""

import json
from datetime import timedelta

import pytest
from sqlmodel import select

from storage import people, receipts
from storage.tables import Receipt, ScoreOverride
from tests.conftest import NOW, Clock, Person
from tests.handlers.test_check import buttons, owed_to, submit
from tests.handlers.test_lookup import button, named, said
from tests.rows import in_order
from tests.workflows.ledger import limit, paid_all
from workflows.monitor.sweep import sweep_all
from workflows.score import score_customer
from workflows.services import Services

TODAY = NOW.date()
UNTIL = {"selected_date": (TODAY + timedelta(days=30)).isoformat()}


@pytest.fixture
def acme(services: Services) -> int:
    """Add Acme, which pays in time; an analyst and a lead."""
    with services.database.write() as session:
        whose = named(session, "1001", "Acme & Sons Ltd")
        dues = [TODAY - timedelta(days=30 * month) for month in range(1, 7)]
        paid_all(session, whose, "9000", dues, NOW)
        limit(session, whose, "100000", NOW)
        people.grant_role(session, "UANA", "analyst", "", by="U0", at=NOW)
        people.grant_role(session, "UBOSS", "lead", "", by="U0", at=NOW)
    return whose


@pytest.fixture
def ana(person: Person, acme: int) -> Person:
    return Person(person.app, person.slack, "UANA", "C1")


@pytest.fixture
def boss(person: Person, acme: int) -> Person:
    return Person(person.app, person.slack, "UBOSS", "C1")


def propose(by: Person, letter: str = "D", reason: str = "Their owner left") -> None:
    """Open the form from the card's why and propose a class."""
    why = by.clicks(button(by.types("/risk", "1001"), "customer_why"))
    submit(
        by,
        button(why, "override_open"),
        **{"class": {"selected_option": {"value": letter}}},
        until=UNTIL,
        reason={"value": reason},
    )


def test_a_class_counts_once_a_second_person_approved_it(
    services: Services, ana: Person, boss: Person
) -> None:
    propose(ana)
    [card] = owed_to(services, "UBOSS")
    assert "Their owner left" in json.dumps(card.blocks)
    assert ":large_orange_circle: D" not in said(ana.types("/risk", "1001"))

    done = boss.clicks(buttons(card, "override_approve"))

    assert "is in force" in said(done)
    assert ":large_orange_circle: D" in said(ana.types("/risk", "1001"))
    why = said(ana.clicks(button(ana.types("/risk", "1001"), "customer_why")))
    assert "Set to D by UANA, approved by UBOSS" in why
    assert "Their owner left" in why
    [news] = owed_to(services, "UANA")
    assert "<@UBOSS> approved class D for Acme &amp; Sons Ltd" in news.text
    with services.database.read() as session:
        kinds = [receipt.kind for receipt in in_order(session, Receipt)]
        assert receipts.broken_at(session) is None
    assert kinds == ["override"]


def test_it_ends_with_its_day(
    services: Services, ana: Person, boss: Person, clock: Clock
) -> None:
    propose(ana)
    boss.clicks(buttons(owed_to(services, "UBOSS")[0], "override_approve"))
    clock.at = NOW + timedelta(days=31)
    assert ":large_orange_circle: D" not in said(ana.types("/risk", "1001"))


def test_it_can_be_ended_before(services: Services, ana: Person, boss: Person) -> None:
    propose(ana)
    boss.clicks(buttons(owed_to(services, "UBOSS")[0], "override_approve"))
    why = ana.clicks(button(ana.types("/risk", "1001"), "customer_why"))

    done = ana.clicks(button(why, "override_end"))

    assert "in force again" in said(done)
    assert ":large_orange_circle: D" not in said(ana.types("/risk", "1001"))


def test_it_holds_from_its_approval_to_its_end_and_never_reaches_back(
    services: Services, ana: Person, boss: Person, acme: int, clock: Clock
) -> None:
    def in_force(ago: int, *, known: int | None = None) -> bool:
        """Return whether it counts `ago` days before, as known so many days before."""
        day = clock.at - timedelta(days=ago)
        moment = None if known is None else clock.at - timedelta(days=known)
        return bool(score_customer(services, acme, day.date(), moment).override)

    propose(ana)
    clock.at = NOW + timedelta(days=2)
    sweep_all(services, again=True)
    boss.clicks(buttons(owed_to(services, "UBOSS")[0], "override_approve"))
    assert in_force(0)
    assert not in_force(1), "it was proposed by then, and not approved"
    clock.at = NOW + timedelta(days=10)
    sweep_all(services, again=True)
    why = ana.clicks(button(ana.types("/risk", "1001"), "customer_why"))
    ana.clicks(button(why, "override_end"))
    assert not in_force(0)
    assert in_force(5), "it was in force on that day"
    assert not in_force(9)
    assert not in_force(5, known=9), "as known then"


def test_nobody_approves_their_own_and_the_second_hears_who_did(
    services: Services, ana: Person, boss: Person
) -> None:
    propose(ana)
    [card] = owed_to(services, "UBOSS")
    pressed = buttons(card, "override_approve")
    assert "a second person approves it" in said(ana.clicks(pressed))
    boss.clicks(buttons(card, "override_refuse"))
    assert "Meanwhile this override is refused (UBOSS)" in said(boss.clicks(pressed))


def test_sales_cannot_propose(person: Person, acme: int) -> None:
    why = person.clicks(button(person.types("/risk", "1001"), "customer_why"))
    answer = person.clicks(button(why, "override_open"))
    assert "decided by somebody with the role" in said(answer)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (("D", "  ", 30), "reason"),
        (("D", "x", 0), "until"),
        (("D", "x", 91), "until"),
        (("", "x", 30), "class"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    services: Services, ana: Person, typed: tuple[str, str, int], field: str
) -> None:
    letter, reason, days = typed
    why = ana.clicks(button(ana.types("/risk", "1001"), "customer_why"))
    until = (TODAY + timedelta(days=days)).isoformat()
    answer = submit(
        ana,
        button(why, "override_open"),
        **{"class": {"selected_option": {"value": letter}}},
        until={"selected_date": until},
        reason={"value": reason},
    )
    assert list(answer["errors"]) == [field]
    with services.database.read() as session:
        assert not list(session.exec(select(ScoreOverride)))
