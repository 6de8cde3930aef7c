"""Every way to a better class reaches it, and a step less of it does not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.case import Case, rescored
from risk.ledger import Invoice
from risk.news import worth_of
from risk.policy import CLASSES
from risk.uplift import STEPS, Uplift, Way, better_than, ways_up
from risk.whatif import OnTime, Pay
from risk.whatif_told import Accounts, Change, Rated
from storage.policy_file import load_policy
from tests.conftest import examples
from tests.risk.cases import HEALTHY, bill, case, history

POLICY = load_policy().policy


def reaches(of: Case, changes: tuple[Change, ...], target: str) -> bool:
    for change in changes:
        of = change.apply(of)
    letter = rescored(POLICY, of).risk_class
    return letter is not None and CLASSES.index(letter) <= CLASSES.index(target)


def a_step_less(change: Change, of: Case) -> Change | None:
    """Return a change by a step less; None where nothing is less."""
    less: Change | None = None
    if isinstance(change, Pay):
        count = change.covers(of).count
        less = Pay("oldest", count - 1) if count > 1 else None
    elif isinstance(change, OnTime) and change.count > 1:
        less = OnTime(change.count - 1)
    elif isinstance(change, Accounts) and abs(change.share) > STEPS[0]:
        step = STEPS[0] if change.share > 0 else -STEPS[0]
        less = Accounts(change.figure, change.share - step)
    elif isinstance(change, Rated) and int(change.value) > 1:
        less = Rated(change.scale, str(int(change.value) - 1))
    return less


def check(of: Case, found: Uplift) -> None:
    for way in found.ways:
        assert reaches(of, way.changes, found.target), way.changes
        last = a_step_less(way.changes[-1], of)
        if last is not None:
            less = (*way.changes[:-1], last)
            assert not reaches(of, less, found.target), way.changes


owed = st.lists(
    st.builds(bill, st.uuids().map(str), st.integers(100, 5000), st.integers(-80, 30)),
    max_size=6,
)


@settings(max_examples=examples(40))
@given(owed, st.integers(-10, 50), st.booleans(), st.booleans())
def test_every_way_reaches_the_class_and_a_step_less_does_not(
    bills: list[Invoice], late: int, accounts: bool, rated: bool
) -> None:
    known = HEALTHY if accounts else None
    of = case(
        [*history(late), *bills],
        ratings=[("creditsafe", "35")] if rated else [],
        accounts=known,
    )
    letter = rescored(POLICY, of).risk_class
    target = better_than(letter or "E")
    if target:
        check(of, ways_up(POLICY, of, target))


def kinds(ways: tuple[Way, ...]) -> list[tuple[str, ...]]:
    return [tuple(type(c).__name__ for c in way.changes) for way in ways]


def test_an_old_item_is_asked_for_first() -> None:
    of = case(
        [*history(late=2), bill("A", 4000, -70), bill("B", 50, -3)], accounts=HEALTHY
    )
    assert rescored(POLICY, of).risk_class == "D"
    found = ways_up(POLICY, of, "C")
    assert found.ways[0].changes == (Pay("oldest", 1),)
    check(of, found)


def test_paying_all_that_is_overdue_is_called_so() -> None:
    late = [bill("A", 4000, -70), bill("B", 4000, -65), bill("C", 10, 20)]
    of = case([*history(late=2), *late], accounts=HEALTHY)
    assert ways_up(POLICY, of, "C").ways[0].changes == (Pay("overdue"),)


def test_nothing_makes_an_insolvent_customer_better() -> None:
    of = case([*history(), bill("A", 4000, -70)], events=[("insolvency", 20)])
    found = ways_up(POLICY, of, "D")
    assert found.ways == ()
    assert found.best is not None
    assert "insolvent" in found.best.after.bounds


def test_a_class_that_is_reached_needs_nothing() -> None:
    of = case(history(), accounts=HEALTHY)
    found = ways_up(POLICY, of, "C")
    assert (found.ways, found.best) == ((), None)
    assert better_than("A") is None


@pytest.mark.parametrize(("scale", "first"), [("sp", "CCC"), ("creditreform", "450")])
def test_a_rating_is_told_on_the_customers_own_scale(scale: str, first: str) -> None:
    of = case(history(late=8), ratings=[(scale, first)])
    now = rescored(POLICY, of)
    assert now.risk_class is not None
    target = better_than(now.risk_class)
    assert target
    found = ways_up(POLICY, of, target)
    told = [w.changes[-1] for w in found.ways if isinstance(w.changes[-1], Rated)]
    assert [r.scale for r in told] == [scale]
    worth = worth_of(POLICY.scales[scale], told[0].value)
    assert worth is not None
    assert worth > (worth_of(POLICY.scales[scale], first) or 0)


def test_two_together_where_one_alone_does_not_do() -> None:
    of = case([*history(late=9), bill("A", 4000, -70)], accounts=HEALTHY)
    of = replace(of, related=0.2)
    found = ways_up(POLICY, of, "B")
    assert found.ways
    assert kinds(found.ways)[0] == ("Pay", "OnTime")
    check(of, found)
