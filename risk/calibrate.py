"""Fit the score to a company's own outcomes; what comes out is a policy.

Monotone bins, weight of evidence and a logistic regression give new curves and points
for the measures; the candidate scores by the same code as any policy, so it can run
beside the one in force. Source: the domain reference, 3.6.
"""

from dataclasses import dataclass, replace

import numpy as np

from risk.logistic import Fit, fit_with_signs
from risk.policy import FULL_SCORE, Factor, Measure, Policy, ScorePolicy
from risk.policy.ground import Curve
from risk.score import UNKNOWN, Facts, Scores, score
from risk.scorecard import RIDGE, TOWARD
from risk.validation import Bools
from risk.woe import Bins, monotone_bins

LEAST_BAD, LEAST_GOOD = 30, 100


class TooFewOutcomes(ValueError):
    """Too few went bad, or stayed good, to learn from."""

    def __init__(self, bad: int, good: int) -> None:
        """Say how many there are and how many it takes."""
        super().__init__(
            f"{bad} bad and {good} good outcomes; calibration takes at least "
            f"{LEAST_BAD} and {LEAST_GOOD}. The policy in force stays."
        )
        self.bad, self.good = bad, good


@dataclass(frozen=True, slots=True)
class Mover:
    """A customer whose class the candidate would change."""

    row: int
    before: str | None
    after: str | None
    points: int


def calibrate(policy: Policy, facts: Facts, bad: Bools, *, version: str) -> Policy:
    """Return a candidate policy fitted to outcomes; raise TooFewOutcomes.

    Measures without facts keep their curves and share of the points; deductions, caps
    and all else stay. Points of the others follow what they tell.
    """
    ill = int(bad.sum())
    if ill < LEAST_BAD or len(bad) - ill < LEAST_GOOD:
        raise TooFewOutcomes(ill, len(bad) - ill)
    names = [n for n, _ in policy.score.measures() if _tells(facts, n)]
    bins = {name: monotone_bins(facts[name], bad) for name in names}
    columns = np.column_stack([bins[n].weigh(facts[n]) for n in names])
    fit = fit_with_signs(columns, bad, ridge=RIDGE, toward=TOWARD)
    candidate = replace(
        policy, version=version, score=_refitted(policy.score, bins, fit)
    )
    return _with_odds(candidate, facts, bad)


def movers(before: Scores, after: Scores) -> list[Mover]:
    """Return whose class differs between two policies' scores of the same facts."""
    rows = np.flatnonzero(before.risk_class != after.risk_class)
    return [
        Mover(
            int(r),
            before.class_of(int(r)),
            after.class_of(int(r)),
            int(after.score[r]) - int(before.score[r]),
        )
        for r in rows
    ]


def _tells(facts: Facts, name: str) -> bool:
    if name not in facts:
        return False
    known = facts[name][~np.isnan(facts[name])]
    return bool(len(known)) and bool(np.ptp(known) > 0)


def _refitted(rules: ScorePolicy, bins: dict[str, Bins], fit: Fit) -> ScorePolicy:
    spans = {
        name: float(slope * np.ptp(bins[name].weights))
        for name, slope in zip(bins, fit.slopes, strict=True)
    }
    held = sum(m.points for n, m in rules.measures() if n not in bins)
    points = _shared(spans, FULL_SCORE - held)
    return replace(
        rules,
        factors={
            key: _factor(factor, bins, points) for key, factor in rules.factors.items()
        },
        missing="as_known",
    )


def _shared(spans: dict[str, float], total: int) -> dict[str, int]:
    """Return whole points in proportion to `spans`, largest remainders first."""
    sum_ = sum(spans.values())
    exact = {
        n: total * s / sum_ if sum_ else total / len(spans) for n, s in spans.items()
    }
    whole = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda n: whole[n] - exact[n])
    for name in by_remainder[: total - sum(whole.values())]:
        whole[name] += 1
    return whole


def _factor(factor: Factor, bins: dict[str, Bins], points: dict[str, int]) -> Factor:
    measures = {
        name: Measure(points[name], _curve(bins[name])) if name in bins else measure
        for name, measure in factor.measures.items()
    }
    return replace(factor, measures=measures)


def _curve(bins: Bins) -> Curve:
    span = np.ptp(bins.weights)
    if not span:
        return ((0.0, 0.5),)
    worth = (bins.weights - bins.weights.min()) / span
    steps = dict(zip(bins.middles.tolist(), worth.round(4).tolist(), strict=True))
    return tuple(sorted(steps.items()))


def _with_odds(candidate: Policy, facts: Facts, bad: Bools) -> Policy:
    """Return the candidate with odds by score, and class limits by those odds."""
    found = score(candidate, facts).score
    scored = found != UNKNOWN
    column = found[scored, None].astype(np.float64) / FULL_SCORE
    fit = fit_with_signs(column, bad[scored], ridge=1e-6)
    rules = replace(
        candidate.score,
        odds_intercept=fit.intercept,
        odds_slope=float(fit.slopes[0]) / FULL_SCORE,
    )
    return replace(candidate, score=rules)
