"""The score: 0–1000 points and a class, one customer or a million by the same code.

Facts come as arrays, one entry a customer, NaN where not known. Every measure earns
whole points, so that they sum to the score exactly and a measure that did not move has
a delta of exactly 0. Rules: the domain reference, 3.7.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from risk.policy import (
    CLASSES,
    FULL_SCORE,
    Bound,
    Deduction,
    Measure,
    Policy,
    ScorePolicy,
)
from risk.policy.ground import Curve

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int16]
Facts = Mapping[str, Array]
"""Fact → its value for each customer; NaN, or a fact left out, is not known."""

CHUNK = 65_536
"""Customers worked on at a time: enough to keep numpy busy, little memory."""

UNKNOWN = -1
"""Score and class where too little is known to give one."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What came out, one row a customer."""

    measures: tuple[str, ...]
    """The columns of `points` and `known`: measures, then deductions."""
    points: Ints
    known: npt.NDArray[np.bool_]
    adjustment: Ints
    """Points that caps, floors and the ends of the scale add or take."""
    score: Ints
    """Σ points + adjustment, exactly; UNKNOWN where too little is known."""
    risk_class: npt.NDArray[np.int8]
    """Index into "ABCDE", or UNKNOWN."""
    confidence: npt.NDArray[np.int8]
    """Per cent: share of the points that rest on facts, less what has grown stale."""

    def class_of(self, row: int) -> str | None:
        """Return the class of a row as a letter; None where unknown."""
        index = int(self.risk_class[row])
        return None if index == UNKNOWN else CLASSES[index]


def size_of(facts: Facts) -> int:
    """Return how many customers `facts` describe; raise ValueError if they disagree."""
    sizes = {len(values) for values in facts.values()}
    if len(sizes) > 1:
        raise ValueError(f"facts of different lengths: {sorted(sizes)}")
    return sizes.pop() if sizes else 0


def score(policy: Policy, facts: Facts) -> Scores:
    """Return the scores of all customers in `facts` under `policy`."""
    rules, size = policy.score, size_of(facts)
    names = tuple(n for n, _ in rules.measures()) + tuple(rules.deductions)
    out = Scores(
        names,
        np.zeros((size, len(names)), np.int16),
        np.zeros((size, len(names)), np.bool_),
        np.zeros(size, np.int16),
        np.full(size, UNKNOWN, np.int16),
        np.full(size, UNKNOWN, np.int8),
        np.zeros(size, np.int8),
    )
    for start in range(0, size, CHUNK):
        rows = slice(start, min(start + CHUNK, size))
        _score_rows(rules, {k: v[rows] for k, v in facts.items()}, out, rows)
    return out


def _score_rows(rules: ScorePolicy, facts: Facts, out: Scores, rows: slice) -> None:
    worth = _worths(rules, facts, rows.stop - rows.start)
    out.known[rows] = ~np.isnan(worth)
    most = np.array([m.points for _, m in rules.measures()], np.float64)
    count = len(most)
    coverage = out.known[rows, :count] @ most / FULL_SCORE
    _assume(rules, worth[:, :count], most)
    out.points[rows, :count] = np.rint(worth[:, :count] * most)
    for column, deduction in enumerate(rules.deductions.values(), start=count):
        taken = np.rint(_or_zero(worth[:, column]) * deduction.points)
        out.points[rows, column] = -taken
    scored = coverage >= max(rules.least_coverage, 1e-9)
    out.points[rows][~scored] = 0
    raw = out.points[rows].sum(axis=1, dtype=np.int16)
    final = _bounded(rules, facts, raw)
    out.adjustment[rows] = np.where(scored, final - raw, 0)
    out.score[rows] = np.where(scored, final, UNKNOWN)
    out.risk_class[rows] = np.where(scored, _class_of(rules, final), UNKNOWN)
    out.confidence[rows] = np.rint(100 * _confidence(rules, facts, out.known[rows]))


def _worths(rules: ScorePolicy, facts: Facts, size: int) -> Array:
    """Return each measure's worth, 0–1; NaN where the fact is not known."""
    parts: list[tuple[str, Measure | Deduction]] = [
        *rules.measures(),
        *rules.deductions.items(),
    ]
    worth = np.full((size, len(parts)), np.nan)
    for column, (name, part) in enumerate(parts):
        if name in facts:
            worth[:, column] = np.interp(facts[name], *_steps(part.curve))
    return worth


@lru_cache(maxsize=1_024)
def _steps(curve: Curve) -> tuple[Array, Array]:
    """Return the figures and the worths of a curve, as numpy takes them."""
    figures, worths = np.ascontiguousarray(np.array(curve, np.float64).T)
    return figures, worths


def _assume(rules: ScorePolicy, worth: Array, most: Array) -> None:
    """Fill the worth of what is not known, in place, as the policy says.

    As known: a measure takes the mean of its factor's known ones, a factor of which
    nothing is known the mean of all. Whoever reads sees it marked as assumed.
    """
    if rules.missing == "neutral":
        np.copyto(worth, rules.neutral, where=np.isnan(worth))
        return
    overall = _known_mean(worth, most)
    start = 0
    for factor in rules.factors.values():
        columns = slice(start, start + len(factor.measures))
        part = worth[:, columns]
        mean = _known_mean(part, most[columns])
        mean = np.where(np.isnan(mean), overall, mean)
        np.copyto(part, mean[:, None], where=np.isnan(part))
        start = columns.stop
    np.copyto(worth, 0.0, where=np.isnan(worth))


def _or_zero(values: Array) -> Array:
    """Return `values`, 0 for NaN; `np.nan_to_num` takes ten times longer for one."""
    return np.where(np.isnan(values), 0.0, values)


def _known_mean(worth: Array, most: Array) -> Array:
    """Return the mean of what is known, by points; NaN where nothing is."""
    known = ~np.isnan(worth)
    weight = known @ most
    total = np.where(known, worth, 0.0) @ most
    mean: Array = np.full(len(worth), np.nan)
    np.divide(total, weight, out=mean, where=weight > 0)
    return mean


def _bounded(rules: ScorePolicy, facts: Facts, raw: Ints) -> Ints:
    """Return scores within 0–1000, and within floors and caps; a cap wins."""
    final = np.clip(raw, 0, FULL_SCORE)
    for floor in rules.floors.values():
        least = np.int16(rules.least(floor.risk_class))
        final = np.where(
            reached(floor, facts, len(raw)), np.maximum(final, least), final
        )
    for cap in rules.caps.values():
        most = np.int16(_most(rules, cap.risk_class))
        final = np.where(reached(cap, facts, len(raw)), np.minimum(final, most), final)
    return final


def reached(bound: Bound, facts: Facts, size: int) -> npt.NDArray[np.bool_]:
    """Return for whom a cap or floor holds; what is not known reaches nothing."""
    if bound.fact not in facts:
        return np.zeros(size, np.bool_)
    return facts[bound.fact] >= bound.at_least


def _most(rules: ScorePolicy, risk_class: str) -> int:
    """Return the highest score of a class."""
    at = CLASSES.index(risk_class)
    return rules.least(CLASSES[at - 1]) - 1 if at else FULL_SCORE


def _class_of(rules: ScorePolicy, scores: Ints) -> npt.NDArray[np.int8]:
    steps = np.array([rules.least(c) for c in "DCBA"])
    return (len(steps) - np.searchsorted(steps, scores, side="right")).astype(np.int8)


def _confidence(
    rules: ScorePolicy, facts: Facts, known: npt.NDArray[np.bool_]
) -> Array:
    """Return Σ points known × freshness × experience ÷ all points, 0–1."""
    total = np.zeros(len(known))
    start = 0
    for factor in rules.factors.values():
        most = np.array([m.points for m in factor.measures.values()], np.float64)
        trust = known[:, start : start + len(most)] @ most
        if factor.age and factor.age in facts:
            age = _or_zero(np.maximum(facts[factor.age], 0.0))
            trust *= np.exp2(-age / factor.half_life_days)
        if factor.experiences and factor.experiences in facts:
            seen = _or_zero(np.maximum(facts[factor.experiences], 0.0))
            trust *= seen / (seen + factor.few)
        total += trust
        start += len(most)
    return total / FULL_SCORE


def one(values: Mapping[str, float | None]) -> dict[str, Array]:
    """Return the facts of one customer as arrays of one."""
    return {
        name: np.array([np.nan if value is None else value], np.float64)
        for name, value in values.items()
    }


def probability_of_default(policy: Policy, scores: Ints) -> Array:
    """Return the PD of each score, 0–1; NaN unless the policy has been calibrated."""
    intercept, slope = policy.score.odds_intercept, policy.score.odds_slope
    if intercept is None or slope is None:
        return np.full(len(scores), np.nan)
    chance: Array = 1 / (1 + np.exp(intercept + slope * scores))
    return np.where(scores == UNKNOWN, np.nan, chance)


def bounds_reached(policy: Policy, facts: Facts, row: int) -> Iterator[str]:
    """Return the names of the caps and floors that hold for a row."""
    bounds = {**policy.score.caps, **policy.score.floors}
    for name, bound in bounds.items():
        if reached(bound, facts, row + 1)[row]:
            yield name
