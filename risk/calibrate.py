"""Fit the score to a company's own outcomes; what comes out is a policy.

Monotone bins, weight of evidence and a logistic regression give new curves and points
for the measures; the candidate scores by the same code as any policy, so it can run
beside the one in force. A curve keeps the sense it has: where outcomes speak against
it (later payers do better, say) they are few or odd, and the measure loses its points
instead. A class keeps its chance of going bad. Source: the domain reference, 3.6.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from risk.logistic import Fit, fit_with_signs
from risk.policy import CLASSES, FULL_SCORE, Factor, Measure, Policy, ScorePolicy
from risk.policy.ground import Curve
from risk.score import UNKNOWN, Facts, Scores, probability_of_default, score
from risk.scorecard import RIDGE, TOWARD
from risk.validation import Array, Bools
from risk.woe import Bins, monotone_bins

LEAST_BAD, LEAST_GOOD = 30, 100
FOLDS, LEAST_FOLD = 5, 15


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
    return _calibrated(policy, facts, bad, version)


def _calibrated(policy: Policy, facts: Facts, bad: Bools, version: str) -> Policy:
    bins = {
        name: monotone_bins(facts[name], bad, sign=_sense(measure.curve))
        for name, measure in policy.score.measures()
        if _tells(facts, name)
    }
    columns = np.column_stack([bins[n].weigh(facts[n]) for n in bins])
    fit = fit_with_signs(columns, bad, ridge=RIDGE, toward=TOWARD)
    fitted = replace(policy, version=version, score=_refitted(policy.score, bins, fit))
    candidate = _with_coverage(policy, fitted, facts)
    return _with_classes(policy, _with_odds(candidate, facts, bad), facts, bad)


def unseen_chance(
    policy: Policy, facts: Facts, bad: Bools, clusters: npt.NDArray[np.int64]
) -> Array:
    """Return each row's chance of staying good, by a fit without that row's cluster.

    NaN throughout where a fold leaves fewer than LEAST_FOLD bad; 0.5 without a score.
    """
    _, at = np.unique(clusters, return_inverse=True)
    fold = np.random.default_rng(1).permutation(int(at.max()) + 1)[at] % FOLDS
    found = np.full(len(bad), 0.5)
    for held in range(FOLDS):
        out = fold == held
        seen = {name: values[~out] for name, values in facts.items()}
        if bad[~out].sum() < LEAST_FOLD:
            return np.full(len(bad), np.nan)
        made = _calibrated(policy, seen, bad[~out], "fold")
        scores = score(made, {n: v[out] for n, v in facts.items()}).score
        chance = 1 - probability_of_default(made, scores)
        found[out] = np.where(scores == UNKNOWN, 0.5, chance)
    return found


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


def _sense(curve: Curve) -> int:
    """Return 1 where higher is worse, −1 where it is better, 0 for a hump."""
    steps = [b[1] - a[1] for a, b in pairwise(curve)]
    if all(step <= 0 for step in steps):
        return 1
    return -1 if all(step >= 0 for step in steps) else 0


def _refitted(rules: ScorePolicy, bins: dict[str, Bins], fit: Fit) -> ScorePolicy:
    spans = {
        name: float(slope * np.ptp(bins[name].weights))
        for name, slope in zip(bins, fit.slopes, strict=True)
    }
    if not sum(spans.values()):
        return rules  # nothing told good from bad: the expert's points stay
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
    exact = {name: total * span / sum_ for name, span in spans.items()}
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
    steps = {
        _short(figure): round(float(value), 4)
        for figure, value in zip(bins.middles, worth, strict=True)
    }
    return tuple(sorted(steps.items()))


def _short(figure: float) -> float:
    """Return a figure as people write it, to six digits."""
    return float(f"{figure:.6g}")


def _with_coverage(before: Policy, after: Policy, facts: Facts) -> Policy:
    """Return `after` asking for so little coverage that all keep a score who had one.

    Points that go to what few are known by would else take the score from the others.
    """
    old = score(before, facts)
    most = np.array([m.points for _, m in after.score.measures()], np.float64)
    covered = old.known[:, : len(most)] @ most / FULL_SCORE
    least = covered[old.score != UNKNOWN].min(initial=before.score.least_coverage)
    return replace(after, score=replace(after.score, least_coverage=float(least)))


def _with_odds(candidate: Policy, facts: Facts, bad: Bools) -> Policy:
    """Return the candidate with the odds its scores stand for."""
    fit = _odds_of(candidate, facts, bad)
    rules = replace(
        candidate.score,
        odds_intercept=_short(fit.intercept),
        odds_slope=_short(float(fit.slopes[0])),
    )
    return replace(candidate, score=rules)


def _odds_of(policy: Policy, facts: Facts, bad: Bools) -> Fit:
    """Return ln(odds good:bad) by score."""
    found = score(policy, facts).score
    scored = found != UNKNOWN
    column = found[scored, None].astype(np.float64) / FULL_SCORE
    fit = fit_with_signs(column, bad[scored], ridge=1e-6)
    return Fit(fit.intercept, fit.slopes / FULL_SCORE)


def _with_classes(before: Policy, after: Policy, facts: Facts, bad: Bools) -> Policy:
    """Return `after` with each class beginning at the odds at which it began before."""
    old, new = _odds_of(before, facts, bad), _odds_of(after, facts, bad)
    if not old.slopes[0] or not new.slopes[0]:
        return after
    limits: dict[str, int] = {}
    most = FULL_SCORE
    for place, letter in enumerate(CLASSES[:-1]):
        odds = old.intercept + old.slopes[0] * before.score.least(letter)
        least = len(CLASSES) - 1 - place  # so that the classes below have room
        at = round((odds - new.intercept) / new.slopes[0])
        limits[letter] = int(np.clip(at, least, most))
        most = limits[letter] - 1
    classes = {c: limits[c] for c in before.score.classes}
    return replace(after, score=replace(after.score, classes=classes))
