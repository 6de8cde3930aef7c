"""Why a score is what it is, and why it moved: points that sum exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from risk.policy import CLASSES, Policy
from risk.score import UNKNOWN, Facts, Scores, bounds_reached, score


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the waterfall."""

    factor: str
    measure: str
    value: float | None
    """The figure; None where not known."""
    points: int
    most: int
    """The most it can give; a deduction's is 0."""
    assumed: bool
    """Not known: it counts as the policy says, and lowers confidence."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A score, to its last point: Σ lines + adjustment = score."""

    score: int | None
    risk_class: str | None
    confidence: int
    """Per cent."""
    lines: tuple[Line, ...]
    adjustment: int
    bounds: tuple[str, ...]
    """The caps and floors that hold, which the adjustment comes from."""

    def by_factor(self) -> dict[str, int]:
        """Return points by factor, `adjustment` last where there is one."""
        totals: dict[str, int] = {}
        for line in self.lines:
            totals[line.factor] = totals.get(line.factor, 0) + line.points
        if self.adjustment:
            totals["adjustment"] = self.adjustment
        return totals


@dataclass(frozen=True, slots=True)
class Delta:
    """How many points a measure gained or lost, and the figures then and now."""

    factor: str
    measure: str
    points: int
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Override:
    """A class set by people. Until it expires it wins; then it is stale."""

    risk_class: str
    reason: str
    author: str
    approved_by: str
    expires_on: date
    number: int = 0
    """What it is kept under."""


def explain(policy: Policy, facts: Facts, scores: Scores, row: int = 0) -> Explained:
    """Return the waterfall of one row of `scores`."""
    given = int(scores.score[row])
    return Explained(
        score=None if given == UNKNOWN else given,
        risk_class=scores.class_of(row),
        confidence=int(scores.confidence[row]),
        lines=tuple(_lines(policy, facts, scores, row)),
        adjustment=int(scores.adjustment[row]),
        bounds=tuple(bounds_reached(policy, facts, row)),
    )


def explain_one(policy: Policy, facts: Facts) -> Explained:
    """Return the score of the one customer in `facts`, explained."""
    return explain(policy, facts, score(policy, facts))


def _lines(policy: Policy, facts: Facts, scores: Scores, row: int) -> list[Line]:
    parts = [
        (factor, name, measure.points)
        for factor, rules in policy.score.factors.items()
        for name, measure in rules.measures.items()
    ] + [(name, name, 0) for name in policy.score.deductions]
    return [
        Line(
            factor,
            name,
            float(facts[name][row]) if scores.known[row, column] else None,
            int(scores.points[row, column]),
            most,
            assumed=bool(most) and not scores.known[row, column],
        )
        for column, (factor, name, most) in enumerate(parts)
    ]


def deltas(before: Explained, after: Explained) -> tuple[Delta, ...]:
    """Return what moved, largest first; they sum to the difference of the scores.

    Works across policies too: a measure only one of them has counts 0 in the other.
    """
    old = {(line.factor, line.measure): line for line in before.lines}
    new = {(line.factor, line.measure): line for line in after.lines}
    moved = [_delta(old.get(key), new.get(key)) for key in dict.fromkeys([*old, *new])]
    bound = after.adjustment - before.adjustment
    moved.append(Delta("adjustment", "adjustment", bound, None, None))
    return tuple(sorted((d for d in moved if d.points), key=lambda d: -abs(d.points)))


def _delta(old: Line | None, new: Line | None) -> Delta:
    named = new or old
    if named is None:
        raise ValueError("a delta needs a line before or after")
    return Delta(
        named.factor,
        named.measure,
        (new.points if new else 0) - (old.points if old else 0),
        old.value if old else None,
        new.value if new else None,
    )


def settled_class(
    computed: Sequence[tuple[date, str]], as_of: date, cool_down_days: int
) -> str | None:
    """Return the class to show on `as_of`: an improvement only once it has held.

    `computed` are (day, class) as they came out. The worst class that stood within the
    last `cool_down_days` counts; a deterioration therefore counts at once.
    """
    past = sorted((day, c) for day, c in computed if day <= as_of)
    since = as_of - timedelta(days=cool_down_days)
    standing = [c for day, c in past if day <= since][-1:]
    recent = standing + [c for day, c in past if day > since]
    return max(recent, key=CLASSES.index, default=None)


def class_in_force(
    computed: str | None, override: Override | None, as_of: date
) -> str | None:
    """Return the override's class while it is good, else the computed one."""
    if override is not None and as_of <= override.expires_on:
        return override.risk_class
    return computed


def changed(facts: Facts, changes: Mapping[str, float | None]) -> dict[str, np.ndarray]:
    """Return the facts of one customer with some set anew: “what if”."""
    anew = {
        name: np.array([np.nan if value is None else value], np.float64)
        for name, value in changes.items()
    }
    return {**facts, **anew}


@dataclass(frozen=True, slots=True)
class Kin:
    """A related company whose trouble counts: how far away, and how much of it, 0–1."""

    customer_id: int
    name: str
    distance: int
    amount: float


@dataclass(frozen=True, slots=True)
class CustomerScore:
    """The score of a customer on a day, and all that it takes to explain it."""

    customer_id: int
    name: str
    as_of: date
    known_at: datetime | None
    """As known then; None is as known now."""
    explained: Explained
    risk_class: str | None
    """The class in force: an override's, else the computed one once it has held."""
    override: Override | None
    kin: tuple[Kin, ...]
    facts: Mapping[str, float | None]
    policy_version: str
    default_chance: float | None
    """Forecast PD, 0–1; None unless the policy was calibrated on outcomes."""

    @property
    def score(self) -> int | None:
        """Return 0–1000, higher is safer; None where too little is known."""
        return self.explained.score

    @property
    def computed_class(self) -> str | None:
        """Return the class that the score alone gives."""
        return self.explained.risk_class

    @property
    def confidence(self) -> int:
        """Return per cent, 0–100: from coverage and freshness."""
        return self.explained.confidence

    @property
    def points(self) -> dict[str, int]:
        """Return points by factor; they sum to the score exactly."""
        return self.explained.by_factor()
