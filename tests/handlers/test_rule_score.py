"""The scoreboard: what rules did, what then came, thresholds moved and put back."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from storage import people, receipts
from storage.tables import Problem, ProblemCard, Receipt, RuleLabel, Signal
from tests.conftest import NOW, Person
from tests.handlers.test_check import buttons, owed_to
from tests.handlers.test_lookup import button, named, said
from tests.rows import in_order
from tests.workflows.ledger import PaidBill, paid_bills
from workflows.rules.effective import tuned_rules
from workflows.rules.score_job import make_scores
from workflows.rules.scoreboard import scoreboard
from workflows.services import Services

TODAY = NOW.date()
RULE = "overdue"


@pytest.fixture
def books(services: Services) -> list[int]:
    """Add eight customers: four pay 40 days late at times, all 9 days now and then."""
    with services.database.write() as session:
        ids = [named(session, f"10{n:02}", f"Customer {n}") for n in range(8)]
        paid_bills(
            session,
            (
                _paid(
                    whose,
                    TODAY - timedelta(days=7 * week),
                    40 if n < 4 and week % 6 == 0 else 9 if week % 6 == 3 else 0,
                )
                for n, whose in enumerate(ids)
                for week in range(4, 40)
            ),
        )
        people.grant_role(session, "UBOSS", "lead", "", by="U0", at=NOW)
        people.grant_role(session, "UANA", "analyst", "", by="U0", at=NOW)
    return ids


def _paid(whose: int, due: date, late: int) -> PaidBill:
    known = NOW - (TODAY - due) - timedelta(days=30)
    paid = due + timedelta(days=late)
    learnt = NOW - (TODAY - paid)
    return PaidBill(whose, "9000", due, paid, known, learnt)


@pytest.fixture
def boss(person: Person, books: list[int]) -> Person:
    return Person(person.app, person.slack, "UBOSS", "C1")


def scored(services: Services, by: Person) -> Any:
    """Ask for the scoreboard and return the message that tells it."""
    asked = by.types("/risk", "rules score")
    assert "comes to you as a direct message" in said(asked)
    assert make_scores(services) == 1
    return owed_to(services, by.slack_id)[-1]


def wish(now: float, then: float, f1: str = "0.4|0.6") -> dict[str, Any]:
    """Return the button that moves a threshold."""
    return {"action_id": "rule_tune", "value": f"{RULE}|days|{now}|{then}|{f1}"}


def days(services: Services) -> float:
    return parameters(services, RULE)["days"]


def parameters(services: Services, rule: str) -> dict[str, float]:
    with services.database.read() as session:
        return tuned_rules(session, services.policy.policy)[rule].parameters


def test_replayed_history_says_what_came_true(
    services: Services, books: list[int]
) -> None:
    found = scoreboard(services, may_tune=True)
    marks = {mark.rule: mark for mark in found.marks}

    assert found.customers == 8
    assert found.last == TODAY
    late = marks["overdue"]
    assert late.would is not None
    assert late.would > 0
    assert late.judged > 0
    assert late.came_true is not None
    assert 0 < late.came_true < 1, "of those who pay late now and then too"
    assert marks["feed_silent"].would is None, "of the whole portfolio"


def test_what_really_happened_is_counted_from_signals_cards_and_labels(
    services: Services, books: list[int]
) -> None:
    with services.database.write() as session:
        for n, label in enumerate(("useful", "known", "wrong")):
            problem = Problem(
                subject=f"customer:{books[n]}",
                customer_id=books[n],
                cause="payment",
                opened_at=NOW,
                changed_at=NOW,
            )
            session.add(problem)
            session.flush()
            assert problem.id is not None
            session.add(
                Signal(
                    subject=problem.subject,
                    customer_id=books[n],
                    rule="overdue",
                    cause="payment",
                    severity=2,
                    began_on=TODAY,
                    seen_on=TODAY,
                    known_at=NOW,
                    policy_version="1",
                    problem_id=problem.id,
                )
            )
            state = "held" if n == 2 else "posted"
            session.add(
                ProblemCard(
                    problem_id=problem.id, place="C1", state=state, decided_at=NOW
                )
            )
            session.add(
                RuleLabel(
                    problem_id=problem.id, rule="overdue", by="U1", label=label, at=NOW
                )
            )
    marks = {m.rule: m for m in scoreboard(services, may_tune=True).marks}

    mark = marks["overdue"]
    assert (mark.fired, mark.labels, mark.interruptions) == (3, 3, 2)
    assert mark.right == pytest.approx(2 / 3)
    assert mark.minutes == 10.0
    assert marks["limit_used"].interruptions == 0


def test_it_is_told_once_to_who_asked_and_to_writers_only(
    services: Services, boss: Person, person: Person
) -> None:
    told = scored(services, boss)

    text = json.dumps(told.blocks, ensure_ascii=False)
    assert "Rule scoreboard" in text
    assert "within 90 days" in text
    assert make_scores(services) == 0
    assert "needs the role" in said(person.types("/risk", "rules score"))


def test_a_threshold_is_used_put_back_and_leaves_receipts(
    services: Services, boss: Person
) -> None:
    before = days(services)
    done = boss.clicks(wish(before, 99))

    assert f"`days` {before:g} → 99" in said(done)
    assert days(services) == 99
    again = boss.clicks(wish(before, 99))
    assert "Meanwhile this threshold is 99" in said(again)

    undone = boss.clicks(button(done, "rule_untune"))
    assert f"`days` 99 → {before:g}" in said(undone)
    assert days(services) == before
    twice = boss.clicks(button(done, "rule_untune"))
    assert f"Meanwhile this threshold is {before:g}" in said(twice)
    with services.database.read() as session:
        kept = in_order(session, Receipt)
        assert receipts.broken_at(session) is None
    assert [(r.inputs["before"], r.outcome["value"]) for r in kept] == [
        (f"{before:g}", "99"),
        ("99", f"{before:g}"),
    ]
    assert kept[0].words == "F1 0.4 → 0.6"


def test_undoing_the_second_change_gives_the_first_back(
    services: Services, boss: Person
) -> None:
    boss.clicks(wish(days(services), 88))
    done = boss.clicks(wish(88, 99))
    boss.clicks(button(done, "rule_untune"))
    assert days(services) == 88


def test_an_analyst_sees_proposals_but_changes_nothing(
    services: Services, boss: Person
) -> None:
    ana = Person(boss.app, boss.slack, "UANA", "C1")
    told = scored(services, ana)
    assert "rule_tune" not in json.dumps(told.blocks)
    before = days(services)
    assert "needs the role lead / admin" in said(ana.clicks(wish(before, 99)))
    assert days(services) == before


def test_what_the_policy_does_not_have_cannot_be_tuned(boss: Person) -> None:
    for value in (
        "gone|days|1|2|0|0",
        "overdue|hours|1|2|0|0",
        "nonsense",
        "a|b|x|1|0|0",
    ):
        ticket = {"action_id": "rule_tune", "value": value}
        assert "no longer has this rule" in said(boss.clicks(ticket)), value


def test_a_proposal_carries_what_its_button_needs(
    services: Services, boss: Person
) -> None:
    told = scored(services, boss)
    proposals = [b for b in told.blocks if "accessory" in b]
    assert proposals, "some threshold does better on these books"
    pressed = buttons(told, "rule_tune")
    rule, parameter, *_ = pressed["value"].split("|")
    before = parameters(services, rule)[parameter]
    assert "from the next sweep on" in said(boss.clicks(pressed))
    assert parameters(services, rule)[parameter] != before
