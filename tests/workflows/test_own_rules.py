"""People's own rules in a sweep: signals, failures, shadow; one stops no other."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from storage import own_rules, people
from storage.tables import OutboxMessage, OwnRule, Problem, RuleFailure, Signal
from tests.conftest import NOW, Clock
from tests.workflows.ledger import customer, invoice, limit
from workflows.monitor.sweep import sweep_all, sweep_some
from workflows.services import Services

TODAY = NOW.date()


@pytest.fixture
def books(services: Services) -> list[int]:
    """Add four customers, each owing more overdue than the one before; two limits."""
    with services.database.write() as session:
        ids = [
            customer(session, f"10{n}", NOW, region="North" if n % 2 else "South")
            for n in range(4)
        ]
        for n, whose in enumerate(ids):
            due = TODAY - timedelta(days=5)
            invoice(session, whose, f"{n + 1}000", due, NOW - timedelta(days=40))
            if n > 1:
                limit(session, whose, "0" if n == 2 else "5000", NOW)
        people.grant_role(session, "UBOSS", "lead", "", by="U0", at=NOW)
    return ids


def put(services: Services, expression: str, **about: Any) -> str:
    """Add a rule that runs; return the name that its signals carry."""
    given: dict[str, Any] = {"name": "mine", "title": "Mine", "state": "live"}
    given |= {"author": "UANA", "created_at": NOW, "changed_at": NOW}
    with services.database.write() as session:
        rule = OwnRule(expression=expression, changed_by="UANA", **(given | about))
        session.add(rule)
        return own_rules.PREFIX + rule.name


def signals(services: Services, rule: str) -> dict[int, Signal]:
    with services.database.read() as session:
        wanted = select(Signal).where(Signal.rule == rule, Signal.state == "on")
        return {s.customer_id or 0: s for s in session.exec(wanted)}


def owed(services: Services, to: str) -> list[OutboxMessage]:
    with services.database.read() as session:
        wanted = select(OutboxMessage).where(OutboxMessage.channel == to)
        return list(session.exec(wanted.order_by(col(OutboxMessage.id))))


def test_a_live_rule_makes_signals_with_its_figures_and_a_problem(
    services: Services, books: list[int]
) -> None:
    rule = put(services, 'overdue > 1500 && region == "North"', severity=3)

    sweep_all(services)

    found = signals(services, rule)
    assert list(found) == [books[1], books[3]]
    assert found[books[3]].evidence == {"overdue": 4000.0}
    assert found[books[3]].strength == pytest.approx(4000 / 1500)
    assert found[books[3]].severity == 3
    with services.database.read() as session:
        problems = session.exec(select(Problem).where(Problem.cause == "own")).all()
    assert sorted(p.customer_id or 0 for p in problems) == [books[1], books[3]]


def test_an_incremental_sweep_finds_what_a_full_one_does(
    services: Services, books: list[int]
) -> None:
    rule = put(services, "overdue > 1500")
    sweep_some(services, books[:2])
    assert list(signals(services, rule)) == [books[1]]
    sweep_all(services)
    assert list(signals(services, rule)) == books[1:]


def test_what_is_switched_off_is_over_at_the_next_sweep(
    services: Services, books: list[int]
) -> None:
    rule = put(services, "overdue > 1500")
    sweep_all(services)
    with services.database.write() as session:
        own_rules.all_rules(session)[0].state = "off"
    sweep_all(services, again=True)
    assert signals(services, rule) == {}


def test_in_shadow_only_the_test_channel_hears(
    services: Services, books: list[int]
) -> None:
    rule = put(services, "overdue > 3500", state="shadow", test_channel="CTEST")
    sweep_all(services)
    found = signals(services, rule)
    assert [signal.shadow for signal in found.values()] == [True]
    with services.database.read() as session:
        problem = session.get(Problem, found[books[3]].problem_id)
    assert problem is not None
    assert problem.shadow


def test_a_failure_is_told_once_with_the_customer_and_stops_nobody(
    services: Services, books: list[int]
) -> None:
    put(services, "overdue / limit > 0.5", name="per-limit", title="Per limit")
    other = put(services, "overdue > 1500")

    sweep_all(services)
    sweep_all(services, again=True)

    [told] = owed(services, "UANA")
    text = json.dumps(told.blocks, ensure_ascii=False)
    assert "*Per limit* could not be evaluated for some customers" in text
    assert "Not decided for 2 customers: `limit` is unknown" in text
    assert "(first Customer 100 (100))" in text
    assert "Not decided for 1 customer: a division by zero" in text
    assert "Customer 102" in text
    assert list(signals(services, "own:per-limit")) == [books[3]]
    assert list(signals(services, other)) == books[1:]


def test_one_that_takes_too_long_is_stopped_and_its_author_told(
    services: Services, books: list[int]
) -> None:
    rule = put(services, "overdue > 1500")
    hurried = _limited(services, most_seconds=1e-9)

    sweep_all(hurried)

    assert signals(services, rule) == {}
    with services.database.read() as session:
        assert own_rules.all_rules(session)[0].state == "broken"
    [told] = owed(services, "UANA")
    assert "The rule *Mine* was stopped" in json.dumps(told.blocks)
    assert "took longer than the policy allows" in json.dumps(told.blocks)


def test_one_whose_fact_is_gone_breaks_alone(
    services: Services, books: list[int]
) -> None:
    put(services, "overdu > 1", name="old", title="Old")
    other = put(services, "overdue > 1500")
    sweep_all(services)
    assert list(signals(services, other)) == books[1:]
    with services.database.read() as session:
        states = {rule.name: rule.state for rule in own_rules.all_rules(session)}
        failed = session.exec(select(RuleFailure)).all()
    assert states == {"old": "broken", "mine": "live"}
    assert [(f.rule, f.customers) for f in failed] == [("own:old", 4)]


def test_a_rule_of_the_policy_fails_before_the_leads(
    services: Services, books: list[int]
) -> None:
    policy = services.policy.policy
    rule = replace(
        policy.monitor.rules["overdue"],
        signal="expression",
        expression="overdue / limit > 0.5",
        parameters={},
    )
    monitor = replace(policy.monitor, rules={"per_limit": rule})
    loaded = replace(services.policy, policy=replace(policy, monitor=monitor))
    sweep_all(replace(services, policy=loaded))
    assert list(signals(services, "per_limit")) == [books[3]]
    [told] = owed(services, "UBOSS")
    assert "It stands in the policy file" in json.dumps(told.blocks)


def test_a_new_day_tells_no_failure_twice(
    services: Services, books: list[int], clock: Clock
) -> None:
    put(services, "utilisation > 0.5")
    sweep_all(services)
    clock.at += timedelta(days=1)
    sweep_all(services)
    assert len(owed(services, "UANA")) == 1


def _limited(services: Services, **limits: Any) -> Services:
    policy = services.policy.policy
    own = replace(policy.monitor.own_rules, **limits)
    monitor = replace(policy.monitor, own_rules=own)
    loaded = replace(services.policy, policy=replace(policy, monitor=monitor))
    return replace(services, policy=loaded)
