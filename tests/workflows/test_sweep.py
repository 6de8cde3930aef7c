"""Everybody's score at once is what one by one would give, and history what moved."""

from datetime import timedelta

import numpy as np
import pytest
from sqlmodel import select

from bot.demo.company import build_company
from bot.demo.load import load_company
from storage.tables import (
    Customer,
    ScoreOverride,
    ScoreRecord,
    ScoreStanding,
)
from storage.touched import touch
from tests.conftest import NOW, Clock
from tests.workflows.ledger import customer, invoice, paid_all, pay
from workflows.monitor.sweep import sweep_all, sweep_due, sweep_some, sweep_touched
from workflows.score import score_all, score_customer
from workflows.services import Services

TODAY = NOW.date()


def refresh(services: Services) -> int:
    """Look at everybody anew, though it is done for today."""
    return sweep_all(services, again=True)


def standings(services: Services) -> dict[int, ScoreStanding]:
    with services.database.read() as session:
        return {row.customer_id: row for row in session.exec(select(ScoreStanding))}


def records(services: Services) -> list[ScoreRecord]:
    with services.database.read() as session:
        return list(session.exec(select(ScoreRecord).order_by("id")))


@pytest.fixture
def company(services: Services) -> Services:
    """Fill the books with the demo company: groups, covers, ratings, stories."""
    load_company(services.database, build_company(TODAY), NOW)
    return services


def test_all_at_once_is_what_one_by_one_gives(company: Services) -> None:
    assert refresh(company) == 300

    kept = standings(company)
    for id_, row in kept.items():
        one = score_customer(company, id_)
        assert (row.score, row.computed_class) == (one.score, one.computed_class), id_
        assert (row.risk_class, row.confidence) == (one.risk_class, one.confidence)
    everyone = score_all(company)
    ids = everyone.ids.tolist()  # in the order in which they are stored
    assert sorted(ids) == sorted(kept)
    scores = [kept[id_].score for id_ in ids]
    assert np.array_equal(everyone.score, [-1 if s is None else s for s in scores])

    # And they are of every kind.
    assert {"A", "B", "C"} <= {row.risk_class for row in kept.values()}
    with company.database.read() as session:
        held = select(Customer.id).where(Customer.hold)
        for whose in session.exec(held):
            assert kept[whose or 0].risk_class != "A", "held, yet the best"


def test_some_at_once_is_the_same_as_all(company: Services) -> None:
    refresh(company)
    with company.database.write() as session:
        for id_ in (3, 40, 41, 200):
            due = TODAY - timedelta(days=120)
            invoice(session, id_, "900000", due, NOW, number=f"LATE{id_}")

    sweep_some(company, [3, 40, 41, 200])
    some = {i: (r.score, r.risk_class) for i, r in standings(company).items()}
    refresh(company)

    assert some == {i: (r.score, r.risk_class) for i, r in standings(company).items()}
    assert some[3][1] == "E"


@pytest.fixture
def late(services: Services) -> int:
    """Add a customer that paid six invoices in time."""
    with services.database.write() as session:
        whose = customer(session, "1", NOW)
        dues = [TODAY - timedelta(days=30 * month) for month in range(1, 7)]
        paid_all(session, whose, "1000", dues, NOW)
    return whose


def test_history_is_kept_when_a_score_moves(
    services: Services, late: int, clock: Clock
) -> None:
    refresh(services)
    refresh(services)
    [first] = records(services)
    assert first.policy_version == services.policy.version
    assert sum(first.points.values()) == first.score
    with services.database.write() as session:
        invoice(session, late, "9000", TODAY - timedelta(days=100), NOW)
    clock.at += timedelta(days=1)

    refresh(services)

    _, second = records(services)
    assert second.risk_class == "E"
    assert sum(second.points.values()) == second.score


def test_a_better_class_waits_and_a_worse_counts_at_once(
    services: Services, late: int, clock: Clock
) -> None:
    with services.database.write() as session:
        bad = invoice(session, late, "1500", TODAY - timedelta(days=70), NOW)
    refresh(services)
    assert standings(services)[late].risk_class == "D"
    clock.at += timedelta(days=1)
    with services.database.write() as session:
        pay(session, bad, TODAY, NOW)

    refresh(services)

    row = standings(services)[late]
    assert row.computed_class is not None
    assert row.computed_class < "D"
    assert row.risk_class == "D", "until it has held"
    clock.at += timedelta(days=services.policy.policy.score.cool_down_days + 1)
    refresh(services)
    row = standings(services)[late]
    assert row.risk_class == row.computed_class


def test_an_approved_override_wins_until_it_expires(
    services: Services, late: int, clock: Clock
) -> None:
    with services.database.write() as session:
        session.add(
            ScoreOverride(
                customer_id=late,
                risk_class="D",
                reason="Their owner left",
                author="U1",
                made_at=NOW,
                expires_on=TODAY + timedelta(days=5),
                approved_by="U2",
                state="approved",
            )
        )
    refresh(services)
    assert standings(services)[late].risk_class == "D"
    clock.at += timedelta(days=6)
    refresh(services)
    assert standings(services)[late].risk_class != "D"


def test_it_is_done_again_only_when_something_changed(
    services: Services, late: int, clock: Clock
) -> None:
    assert sweep_due(services) == 1
    assert sweep_due(services) == 0
    assert sweep_touched(services) == 0
    clock.at += timedelta(minutes=1)
    with services.database.write() as session:
        touch(session, [late], clock.at)
    assert sweep_touched(services) == 1, "after a change"
    assert sweep_touched(services) == 0
    clock.at += timedelta(days=1)
    assert sweep_due(services) == 1, "on a new day"


def test_nobody_is_nothing(services: Services) -> None:
    assert sweep_due(services) == 0
    assert sweep_touched(services) == 0
    assert sweep_some(services, []) == 0
