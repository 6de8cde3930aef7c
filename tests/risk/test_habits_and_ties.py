"""Habits are held against a customer's own past; trouble passes to who is related."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.habits import Orders, habit_facts
from risk.related import (
    ALONE,
    Passed,
    Ties,
    own_trouble,
    pass_on,
    related_trouble,
)
from storage.policy_file import load_policy

RULES = load_policy().policy.score
TODAY = date(2026, 3, 4).toordinal()


def orders(*rows: tuple[int, float]) -> dict[str, float]:
    """Return the habits of one customer from (days ago, amount) rows."""
    made = Orders(
        np.zeros(len(rows), np.int64),
        np.array([TODAY - ago for ago, _ in rows], np.int64),
        np.array([amount for _, amount in rows], np.float64),
        1,
    )
    found = habit_facts(made, TODAY, RULES.history_days)
    return {name: float(values[0]) for name, values in found.items()}


MONTHLY = [(ago, 100.0) for ago in range(10, 370, 30)]


def test_who_orders_as_ever_is_at_one() -> None:
    found = orders(*MONTHLY)
    assert found["order_frequency"] == pytest.approx(1.0, abs=0.1)
    assert found["order_size"] == pytest.approx(1.0)
    assert found["silence"] < 1
    assert found["days_since_order"] == 10


def test_sudden_large_orders_stand_out() -> None:
    found = orders(*MONTHLY, (5, 900.0), (3, 900.0), (2, 900.0))
    assert found["order_size"] > 4
    assert found["order_frequency"] == pytest.approx(2.0, abs=0.2)


def test_sudden_silence_grows_by_the_day() -> None:
    quiet = [(ago + 120, amount) for ago, amount in MONTHLY]
    found = orders(*quiet)
    assert found["order_frequency"] == 0
    assert np.isnan(found["order_size"]), "no order, so none that is large"
    assert found["silence"] == pytest.approx(130 / 30, rel=0.01)


@pytest.mark.parametrize("rows", [(), ((5, 10.0),), ((100, 1.0), (120, 1.0), (9, 1.0))])
def test_who_ordered_too_rarely_has_no_habits(
    rows: tuple[tuple[int, float], ...],
) -> None:
    found = orders(*rows)
    assert np.isnan(found["order_frequency"])
    assert np.isnan(found["order_size"])


def test_credit_notes_and_what_comes_later_are_no_orders() -> None:
    same = orders(*MONTHLY)
    assert orders(*MONTHLY, (5, -900.0), (-5, 900.0)) == same


def ties(
    size: int, *pairs: tuple[int, int], groups: dict[int, int] | None = None
) -> Ties:
    """Return who is tied to whom, and in which group."""
    group = np.full(size, ALONE, np.int64)
    for row, number in (groups or {}).items():
        group[row] = number
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    return Ties(ends[:, 0], ends[:, 1], group)


def reached(
    tied: Ties, *trouble: float, decay: float = 0.5, far: int = 2
) -> list[float]:
    """Return what trouble of others reaches each row."""
    rules = replace(RULES, related_decay=decay, related_distance=far)
    passed = pass_on(tied, np.array(trouble), rules)
    return list(related_trouble(passed, len(trouble)))


def test_trouble_halves_at_each_step_and_ends() -> None:
    chain = ties(4, (0, 1), (1, 2), (2, 3))
    found = reached(chain, 1.0, 0, 0, 0)
    assert found[1:3] == [0.5, 0.25]
    assert np.isnan([found[0], found[3]]).all(), "not its own, and not three steps far"


def test_a_tie_works_both_ways_and_the_worst_counts() -> None:
    assert reached(ties(3, (0, 1), (1, 2)), 0.4, 0, 0.9)[1] == pytest.approx(0.45)


def test_members_of_a_group_are_one_step_apart() -> None:
    tied = ties(4, (2, 3), groups={0: 7, 1: 7, 2: 7})
    found = reached(tied, 1.0, 0, 0, 0)
    assert found[1:] == [0.5, 0.5, 0.25]


def test_everyday_delays_are_not_passed_on() -> None:
    assert np.isnan(reached(ties(2, (0, 1)), 0.04, 0)).all()


def test_a_ring_passes_nothing_back() -> None:
    found = reached(ties(3, (0, 1), (1, 2), (2, 0)), 1.0, 0, 0, far=3)
    assert np.isnan(found[0])
    assert found[1:] == [0.5, 0.5]


def test_where_trouble_came_from_is_told_with_its_distance() -> None:
    passed = pass_on(ties(3, (0, 1), (1, 2)), np.array([1.0, 0, 0]), RULES)
    assert isinstance(passed, Passed)
    rows = sorted(
        zip(
            passed.row.tolist(),
            passed.source.tolist(),
            passed.distance.tolist(),
            passed.amount.tolist(),
            strict=True,
        )
    )
    assert rows == [(1, 0, 1, 0.5), (2, 0, 2, 0.25)]


def test_own_trouble_is_the_worst_of_what_is_known() -> None:
    facts = {
        "credit_events": np.array([0.2, np.nan, np.nan]),
        "insolvent": np.array([np.nan, 1.0, np.nan]),
        "overdue_days": np.array([45.0, 0.0, np.nan]),
    }
    assert own_trouble(facts, 3).tolist() == [0.5, 1.0, 0.0]


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12),
    st.lists(st.floats(0, 1), min_size=7, max_size=7),
)
def test_what_reaches_is_never_more_than_half_of_what_there_is(
    pairs: list[tuple[int, int]], trouble: list[float]
) -> None:
    found = np.array(reached(ties(7, *pairs), *trouble))
    assert not (found > max(trouble) * 0.5 + 1e-12).any()
