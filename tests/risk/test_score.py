"""The score adds up, for one as for many; what is not known is never bad news."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.explain import (
    Override,
    class_in_force,
    deltas,
    explain,
    explain_one,
    settled_class,
)
from risk.facts import FACTS
from risk.policy import CLASSES, Bound, Policy
from risk.score import (
    CHUNK,
    UNKNOWN,
    Array,
    one,
    probability_of_default,
    score,
    size_of,
)
from storage.policy_file import load_policy

POLICY: Policy = load_policy().policy
RULES = POLICY.score
MEASURES = [name for name, _ in RULES.measures()]
DAY = date(2026, 3, 4)

GOOD: dict[str, float | None] = {
    "days_beyond_terms": -5,
    "on_time_share": 1.0,
    "worst_late": 0,
    "overdue_days": 0,
    "overdue_share": 0,
    "payment_trend": 0,
    "disputed_share": 0,
    "settled_count": 40,
    "days_since_payment": 10,
    "in_default": 0,
}


def policy(**changes: Any) -> Policy:
    """Return the default policy with some of the score's rules set anew."""
    return replace(POLICY, score=replace(RULES, **changes))


def scored(facts: Mapping[str, float | None], rules: Policy = POLICY) -> int | None:
    """Return the score of one customer."""
    return explain_one(rules, one(facts)).score


known = st.one_of(
    st.none(),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.floats(0, 1),
    st.sampled_from([0.0, 1.0, 90.0]),
)
customers = st.dictionaries(st.sampled_from(FACTS), known)


@given(customers)
def test_points_sum_to_the_score_exactly(facts: dict[str, float | None]) -> None:
    told = explain_one(POLICY, one(facts or {"country": None}))
    points = sum(line.points for line in told.lines) + told.adjustment
    assert points == (told.score or 0)
    assert sum(told.by_factor().values()) == points
    assert told.score is None or 0 <= told.score <= 1000
    assert 0 <= told.confidence <= 100
    assert (told.score is None) == (told.risk_class is None)


@given(customers, customers)
def test_for_two_dates_the_deltas_sum_to_the_difference(
    before: dict[str, float | None], after: dict[str, float | None]
) -> None:
    old, new = (
        explain_one(POLICY, one(facts or {"country": None}))
        for facts in (before, after)
    )
    moved = sum(delta.points for delta in deltas(old, new))
    assert moved == (new.score or 0) - (old.score or 0)
    assert all(delta.points for delta in deltas(old, new))


def test_deltas_sum_across_policies_too() -> None:
    other = policy(missing="neutral", caps={}, deductions={})
    facts = one(GOOD | {"credit_events": 1.0, "overdue_days": 95})
    old, new = explain_one(POLICY, facts), explain_one(other, facts)
    assert old.score is not None
    assert new.score is not None
    moved = {d.measure: d.points for d in deltas(old, new)}
    assert sum(moved.values()) == new.score - old.score
    assert moved["credit_events"] == 350


@given(st.lists(customers, min_size=1, max_size=6))
def test_all_at_once_is_each_by_itself(many: list[dict[str, float | None]]) -> None:
    table: dict[str, Array] = {
        name: np.concatenate([one({name: facts.get(name)})[name] for facts in many])
        for name in FACTS
    }
    together = score(POLICY, table)
    for row, facts in enumerate(many):
        alone = explain_one(POLICY, one({n: facts.get(n) for n in FACTS}))
        assert explain(POLICY, table, together, row) == alone


def test_many_are_scored_piece_by_piece_and_none_is_lost() -> None:
    days = (np.arange(CHUNK + 7) % 100).astype(np.float64)
    known = {"days_beyond_terms": days, "on_time_share": days / 100, "worst_late": days}
    found = score(POLICY, known)
    rest = score(POLICY, {name: values[CHUNK:] for name, values in known.items()})
    assert len(found.score) == len(days)
    np.testing.assert_array_equal(found.score[CHUNK:], rest.score)
    assert len(set(found.score.tolist())) > 50


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        size_of({"a": np.zeros(2), "b": np.zeros(3)})
    assert size_of({}) == 0
    assert len(score(POLICY, {}).score) == 0


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_moves_the_score_along_its_curve(name: str) -> None:
    curve = dict(RULES.measures())[name].curve
    best = max(curve, key=lambda point: point[1])[0]
    worst = min(curve, key=lambda point: point[1])[0]
    others = dict.fromkeys(MEASURES) | GOOD
    rules = policy(caps={})
    good, bad = (scored(others | {name: figure}, rules) for figure in (best, worst))
    assert good is not None
    assert bad is not None
    spread = max(w for _, w in curve) - min(w for _, w in curve)
    assert good - bad >= spread * dict(RULES.measures())[name].points - 1


@pytest.mark.parametrize("name", list(RULES.deductions))
def test_bad_news_takes_points_off_and_its_absence_gives_none(name: str) -> None:
    worst = RULES.deductions[name].curve[-1][0]
    clean, told = scored(GOOD), scored(GOOD | {name: worst})
    assert clean is not None
    assert told is not None
    assert clean - told == RULES.deductions[name].points
    assert scored(GOOD | {name: None}) == clean


def test_what_is_not_known_counts_as_what_is_and_lowers_confidence() -> None:
    """A hole in the facts moves the score by rounding at most, never silently down."""
    full = explain_one(POLICY, one(GOOD))
    fewer = explain_one(POLICY, one(GOOD | {"payment_trend": None}))
    assert full.score is not None
    assert fewer.score is not None
    assert fewer.score >= full.score
    assert fewer.confidence < full.confidence
    assert [n.measure for n in fewer.lines if n.assumed and n.factor == "payment"] == [
        "payment_trend",
        "broken_promises",
    ]


def test_under_neutral_what_is_not_known_is_worth_the_middle() -> None:
    rules = policy(missing="neutral", neutral=0.5)
    told = explain_one(rules, one(GOOD))
    ratings = next(line for line in told.lines if line.measure == "rating")
    assert (ratings.points, ratings.most) == (55, 110)


def test_with_too_little_known_there_is_no_score() -> None:
    told = explain_one(POLICY, one({"country": 0, "rating": 1.0}))
    assert (told.score, told.risk_class, told.by_factor()) == (
        None,
        None,
        dict.fromkeys(told.by_factor(), 0),
    )
    enough = explain_one(
        POLICY, one({"country": 0, "rating": 1.0, "silence": 1} | GOOD)
    )
    assert enough.score is not None


def test_confidence_fades_with_age_and_grows_with_experience() -> None:
    def trust(**changes: float) -> int:
        return explain_one(POLICY, one(GOOD | changes)).confidence

    fresh = trust(days_since_payment=0)
    assert fresh > trust(days_since_payment=180) > trust(days_since_payment=720)
    assert trust(settled_count=3) < trust(settled_count=30) < trust(settled_count=300)
    assert trust(days_since_payment=-5) == fresh, "the future is not fresher than now"


@pytest.mark.parametrize(
    ("facts", "worst", "cap"),
    [
        ({"overdue_days": 89}, "D", "overdue"),
        ({"overdue_days": 90}, "E", "long_overdue"),
        ({"in_default": 1}, "E", "defaulted"),
        ({"insolvent": 1}, "E", "insolvent"),
        ({"leverage": 1.5}, "D", "negative_equity"),
    ],
)
def test_caps_hold_the_class_down_whatever_the_points_say(
    facts: dict[str, float], worst: str, cap: str
) -> None:
    best = GOOD | {"rating": 1.0, "country": 0, "industry": 1.0} | facts
    told = explain_one(POLICY, one(best))
    assert told.risk_class is not None
    assert CLASSES.index(told.risk_class) >= CLASSES.index(worst)
    assert cap in told.bounds
    assert told.adjustment < 0


def test_a_floor_lifts_and_a_cap_wins_over_it() -> None:
    floor = {"secured": Bound("secured_share", 1.0, "C")}
    bad: dict[str, float | None] = dict.fromkeys(MEASURES)
    bad |= {"days_beyond_terms": 90, "on_time_share": 0, "worst_late": 90}
    bad |= {"secured_share": 1.0}
    lifted = explain_one(policy(floors=floor), one(bad))
    assert (lifted.risk_class, lifted.bounds) == ("C", ("secured",))
    assert lifted.adjustment > 0
    capped = explain_one(policy(floors=floor), one(bad | {"insolvent": 1.0}))
    assert capped.risk_class == "E"


def test_class_steps_are_the_policys() -> None:
    steps = {"A": 1000, "B": 900, "C": 2, "D": 1}
    assert explain_one(policy(classes=steps), one(GOOD)).risk_class == "B"
    assert explain_one(POLICY, one(GOOD)).risk_class == "A"


def test_a_forecast_comes_with_calibration_only() -> None:
    scores = np.array([UNKNOWN, 0, 600, 1000], np.int16)
    assert np.isnan(probability_of_default(POLICY, scores)).all()
    fitted = policy(odds_intercept=-4.0, odds_slope=0.01)
    chance = probability_of_default(fitted, scores)
    assert np.isnan(chance[0])
    assert chance[1] > chance[2] > chance[3] > 0
    assert chance[2] == pytest.approx(1 / (1 + np.exp(2.0)))


def test_a_better_class_waits_and_a_worse_one_counts_at_once() -> None:
    """Of Marble's rules: a cool-down applies to improvements only."""

    def on(*classes: tuple[int, str]) -> str | None:
        past = [(DAY - timedelta(days=ago), letter) for ago, letter in classes]
        return settled_class(past, DAY, 30)

    assert on((100, "C"), (0, "B")) == "C"
    assert on((100, "C"), (29, "B")) == "C"
    assert on((100, "C"), (30, "B")) == "B"
    assert on((100, "B"), (0, "D")) == "D"
    assert on((100, "E"), (20, "C"), (10, "A")) == "E"
    assert on((0, "A")) == "A"
    assert on() is None
    assert on((-5, "E"), (40, "B")) == "B", "what comes later is not known"


def test_an_override_wins_until_it_is_stale() -> None:
    override = Override("A", "known for years", "U1", "U2", DAY)
    assert class_in_force("D", override, DAY) == "A"
    assert class_in_force("D", override, DAY + timedelta(days=1)) == "D"
    assert class_in_force("D", None, DAY) == "D"
    assert class_in_force(None, override, DAY) == "A"


@given(
    st.sampled_from(["days_beyond_terms", "worst_late", "overdue_days", "leverage"]),
    st.floats(-100, 400),
    st.floats(0, 400),
)
def test_more_of_what_is_bad_never_scores_higher(
    name: str, figure: float, more: float
) -> None:
    before, after = scored(GOOD | {name: figure}), scored(GOOD | {name: figure + more})
    assert before is not None
    assert after is not None
    assert after <= before


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("value", [float("inf"), float("-inf"), 1e300, -1e300])
def test_figures_beyond_all_measure_stay_on_the_scale(name: str, value: float) -> None:
    found = scored(GOOD | {name: value})
    assert found is not None
    assert 0 <= found <= 1000
