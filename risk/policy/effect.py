"""What a change of policy does to points: a measure, a class, a cap at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from risk.policy import Bound, Deduction, Measure, Policy
from risk.policy.ground import Curve


@dataclass(frozen=True, slots=True)
class MeasureEffect:
    """A measure that gives other points; None where it is not there."""

    measure: str
    most: tuple[int | None, int | None]
    """The most it gives (takes, below 0) before and after."""
    figure: float
    """The figure whose points move most."""
    points: tuple[int, int]
    """The points of that figure, before and after."""


@dataclass(frozen=True, slots=True)
class ClassEffect:
    """A class that begins at another score."""

    letter: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class BoundEffect:
    """A cap or floor that is new, gone or different."""

    name: str
    kind: str
    before: Bound | None
    after: Bound | None


Effect = MeasureEffect | ClassEffect | BoundEffect


def effects(before: Policy, after: Policy) -> tuple[Effect, ...]:
    """Return all that one policy does to points otherwise than another."""
    return (
        *_classes(before, after),
        *_measures(_parts(before), _parts(after)),
        *_bounds("cap", before.score.caps, after.score.caps),
        *_bounds("floor", before.score.floors, after.score.floors),
    )


def _classes(before: Policy, after: Policy) -> Iterator[Effect]:
    for letter in "ABCD":
        old, new = before.score.least(letter), after.score.least(letter)
        if old != new:
            yield ClassEffect(letter, old, new)


def _parts(policy: Policy) -> dict[str, tuple[int, Curve]]:
    """Return each measure's points, below 0 for a deduction, and its curve."""
    parts: list[tuple[str, Measure | Deduction, int]] = [
        *((name, measure, 1) for name, measure in policy.score.measures()),
        *((name, taken, -1) for name, taken in policy.score.deductions.items()),
    ]
    return {name: (sign * part.points, part.curve) for name, part, sign in parts}


def _measures(
    before: Mapping[str, tuple[int, Curve]], after: Mapping[str, tuple[int, Curve]]
) -> Iterator[Effect]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        curves = [part[1] for part in (old, new) if part]
        figures = np.unique([x for curve in curves for x, _ in curve])
        given = [_given(part, figures) for part in (old, new)]
        at = int(np.argmax(np.abs(given[1] - given[0])))
        yield MeasureEffect(
            name,
            (old and old[0], new and new[0]),
            float(figures[at]),
            (round(given[0][at]), round(given[1][at])),
        )


def _given(part: tuple[int, Curve] | None, figures: np.ndarray) -> np.ndarray:
    if part is None:
        return np.zeros(len(figures))
    xs, worths = zip(*part[1], strict=True)
    points: np.ndarray = part[0] * np.interp(figures, xs, worths)
    return points


def _bounds(
    kind: str, before: Mapping[str, Bound], after: Mapping[str, Bound]
) -> Iterator[Effect]:
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield BoundEffect(name, kind, before.get(name), after.get(name))
