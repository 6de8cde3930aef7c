"""Rules held to history: thresholds around a threshold, and what is counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.monitor.tally import Tally, Variant, around, variants
from risk.policy.monitor import RulePolicy


@pytest.mark.parametrize(
    ("value", "others"),
    [
        (15, [8, 10, 12, 19, 22, 30]),
        (500, [250, 340, 400, 620, 750, 1000]),
        (0.15, [0.075, 0.1, 0.12, 0.19, 0.22, 0.3]),
        (3, [2, 4, 5]),
        (1, [2, 3]),
        (0, []),
    ],
)
def test_thresholds_are_tried_around_the_present_one(
    value: float, others: list[float]
) -> None:
    assert around(value) == others


@given(st.floats(0.01, 1e6))
def test_the_present_one_is_never_among_the_others(value: float) -> None:
    assert value not in around(value)
    assert all(other > 0 for other in around(value))


def test_a_rule_is_tried_as_it_stands_and_with_one_threshold_moved() -> None:
    rule = RulePolicy(
        signal="statement_worse", cause="statement", parameters={"drop": 0.5}
    )
    found = dict(variants({"worse": rule}))
    assert found.pop(Variant("worse")) is rule
    assert {v.value: r.parameters["drop"] for v, r in found.items()} == {
        drop: drop for drop in around(0.5)
    }


def test_precision_recall_and_f1() -> None:
    tally = Tally(fired=9, judged=8, true=6, held_true=30, held=40, late=60)
    assert tally.came_true == 0.75
    assert (tally.precision, tally.recall, tally.f1) == (0.75, 0.5, 0.6)
    none = Tally()
    assert (none.came_true, none.precision, none.recall, none.f1) == (
        None,
        None,
        None,
        0.0,
    )
