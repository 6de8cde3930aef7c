"""A fitted score: learns what tells, keeps its sense, refuses to learn from little."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.calibrate import TooFewOutcomes, calibrate, movers, unseen_chance
from risk.policy import FULL_SCORE, Policy
from risk.score import Facts, probability_of_default, score
from risk.validation import Array, Bools, auc, auc_gain
from risk.woe import monotone_bins
from storage.policy_file import load_policy

POLICY = load_policy().policy
SIZE = 1500


def _history(seed: int = 1, noise: float = 1.0) -> tuple[dict[str, Array], Bools]:
    """Return facts of customers, and outcomes that follow two of them, with noise."""
    rng = np.random.default_rng(seed)
    days, share = rng.normal(5, 10, SIZE), rng.uniform(0, 1, SIZE)
    risk = days / 10 - 2 * share + noise * rng.normal(size=SIZE)
    facts = {
        "days_beyond_terms": days,
        "on_time_share": share,
        "worst_late": rng.uniform(0, 60, SIZE),  # tells nothing
        "payment_trend": -risk + rng.normal(size=SIZE),  # speaks against its sense
        "overdue_days": np.zeros(SIZE),
    }
    return facts, risk > np.quantile(risk, 0.85)


def _points(policy: Policy) -> dict[str, int]:
    return {name: measure.points for name, measure in policy.score.measures()}


def _auc(policy: Policy, facts: Facts, bad: Bools) -> float:
    return auc(score(policy, facts).score.astype(np.float64), bad)


def test_points_go_to_what_tells_and_sum_to_all() -> None:
    facts, bad = _history()
    fitted = calibrate(POLICY, facts, bad, version="fitted")
    points, before = _points(fitted), _points(POLICY)
    assert sum(points.values()) == FULL_SCORE
    assert points["days_beyond_terms"] > before["days_beyond_terms"]
    assert points["worst_late"] < before["worst_late"]
    assert points["overdue_days"] == before["overdue_days"]  # alike for all
    assert points["leverage"] == before["leverage"]  # not known of anybody
    assert fitted.score.caps == POLICY.score.caps


def test_it_does_better_on_others_than_what_it_was_fitted_from() -> None:
    facts, bad = _history()
    fitted = calibrate(POLICY, facts, bad, version="fitted")
    others, came = _history(seed=2)
    assert _auc(fitted, others, came) > _auc(POLICY, others, came)


def test_a_measure_that_speaks_against_its_sense_loses_its_points() -> None:
    facts, bad = _history()
    fitted = calibrate(POLICY, facts, bad, version="fitted")
    points = _points(fitted)
    assert points["payment_trend"] < points["worst_late"] + 5
    worths = [
        worth for _, worth in dict(fitted.score.measures())["payment_trend"].curve
    ]
    assert worths == sorted(worths, reverse=True)


def test_a_class_keeps_its_chance_of_going_bad() -> None:
    facts, bad = _history()
    # A scale of its own: all points on what pays, so that scores spread further.
    fitted = calibrate(POLICY, facts, bad, version="fitted")
    rates = []
    for policy in (POLICY, fitted):
        classes = score(policy, facts).risk_class
        rates.append([bad[classes == c].mean() for c in (0, 1, 2)])
    assert rates[0] == pytest.approx(rates[1], abs=0.08)


def test_forecasts_meet_what_came() -> None:
    facts, bad = _history()
    fitted = calibrate(POLICY, facts, bad, version="fitted")
    others, came = _history(seed=3)
    chance = probability_of_default(fitted, score(fitted, others).score)
    assert chance.mean() == pytest.approx(came.mean(), abs=0.02)
    high = chance > np.quantile(chance, 0.8)
    assert chance[high].mean() == pytest.approx(came[high].mean(), abs=0.08)


def test_who_had_a_score_keeps_one() -> None:
    rng = np.random.default_rng(4)
    plain = ("z_position", "leverage", "liquidity", "profit", "cash_flow")
    facts = {name: rng.normal(size=SIZE) for name in plain}
    bad = rng.uniform(size=SIZE) < 0.2
    trend = np.where(bad, -0.1, 0.1) + rng.normal(size=SIZE) / 10
    facts["profit_trend"] = np.where(np.arange(SIZE) % 2 == 0, trend, np.nan)
    fitted = calibrate(POLICY, facts, bad, version="fitted")
    assert fitted.score.least_coverage < POLICY.score.least_coverage
    for policy in (POLICY, fitted):
        assert (score(policy, facts).score >= 0).all()


def test_too_few_outcomes_are_refused() -> None:
    facts, bad = _history()
    few = bad & (np.cumsum(bad) <= 29)
    with pytest.raises(TooFewOutcomes, match="29 bad and 1471 good"):
        calibrate(POLICY, facts, few, version="x")
    with pytest.raises(TooFewOutcomes):
        calibrate(POLICY, facts, ~few, version="x")


def test_of_chance_nothing_is_learnt_and_nothing_seems_to_be() -> None:
    facts, _ = _history()
    bad = np.random.default_rng(9).uniform(size=SIZE) < 0.1
    unseen = unseen_chance(POLICY, facts, bad, np.arange(SIZE))
    assert auc(unseen, bad) == pytest.approx(0.5, abs=0.06)
    told, came = _history()
    unseen = unseen_chance(POLICY, told, came, np.arange(SIZE))
    assert 0.8 < auc(unseen, came) < 0.95


def test_outcomes_against_all_sense_leave_the_experts_points() -> None:
    facts = {"days_beyond_terms": np.arange(500, dtype=np.float64)}
    fitted = calibrate(POLICY, facts, np.arange(500) < 100, version="fitted")
    assert fitted.score.factors == POLICY.score.factors


def test_who_moves_is_told_with_classes() -> None:
    facts, bad = _history()
    before = score(POLICY, facts)
    after = score(calibrate(POLICY, facts, bad, version="fitted"), facts)
    moved = movers(before, after)
    assert len(moved) == (before.risk_class != after.risk_class).sum() > 0
    assert all(m.before != m.after for m in moved)
    assert movers(before, before) == []


@pytest.mark.parametrize("sign", [1, -1])
@given(seed=st.integers(0, 1000))
def test_bins_rise_or_fall_as_they_are_told(sign: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=300)
    bad = rng.uniform(size=300) < 1 / (1 + np.exp(2 - values))
    weights = monotone_bins(values, bad, sign=sign).weights
    assert (sign * np.diff(weights) <= 0).all()


def test_a_gain_is_told_with_its_interval() -> None:
    facts, bad = _history()
    good = -facts["days_beyond_terms"]
    noise = facts["worst_late"]
    clusters = np.arange(SIZE)
    gain = auc_gain(good, noise, bad, clusters, rounds=60)
    assert gain.low < gain.value < gain.high
    assert gain.value == pytest.approx(auc(good, bad) - auc(noise, bad))
    same = auc_gain(good, good, bad, clusters, rounds=20)
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_an_uncalibrated_policy_forecasts_nothing() -> None:
    facts, _ = _history()
    rules = replace(POLICY.score, odds_intercept=None, odds_slope=None)
    scores = score(POLICY, facts).score
    assert np.isnan(probability_of_default(replace(POLICY, score=rules), scores)).all()
