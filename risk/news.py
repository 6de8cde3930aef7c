"""Credit events, notes, promises and outside ratings, as facts of a score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from risk.policy import Scale, ScorePolicy

Array = npt.NDArray[np.float64]
Days = npt.NDArray[np.int64]

PROMISE_DAYS = 365
KEPT, BROKEN = "promise_kept", "promise_broken"
"""Kinds of notes that say what became of a promise to pay."""


@dataclass(frozen=True, slots=True)
class News:
    """Things that happened: whose, on which day, what, and for notes how grave."""

    customer: Days
    day: Days
    kind: Sequence[str]
    weight: Array
    half_life: Array


@dataclass(frozen=True, slots=True)
class Ratings:
    """What agencies say: whose, on which scale, the raw value, on which day."""

    customer: Days
    day: Days
    scale: Sequence[str]
    value: Sequence[str]


def event_facts(
    events: News, size: int, today: int, rules: ScorePolicy
) -> dict[str, Array]:
    """Return the worst credit event, fading, 0–1; and who is insolvent (1).

    Who has no event is unknown: that nobody told us proves nothing.
    """
    past = events.day <= today
    severity = np.array([rules.event_severity.get(k, 0.0) for k in events.kind])
    fading = np.exp2(-np.maximum(today - events.day, 0) / rules.event_half_life_days)
    insolvent = np.array([k == "insolvency" for k in events.kind], np.bool_)
    return {
        "credit_events": _worst(events.customer, severity * fading, past, size),
        "insolvent": _worst(
            events.customer, np.ones(len(past)), past & insolvent, size
        ),
    }


def defaulted(events: News, size: int, today: int, rules: ScorePolicy) -> Array:
    """Return 1 for whom a default was reported within the probation, else NaN."""
    kind = np.array([k == "default" for k in events.kind], np.bool_)
    recent = (events.day <= today) & (events.day > today - rules.probation_days)
    return _worst(events.customer, np.ones(len(kind)), kind & recent, size)


def note_facts(notes: News, size: int, today: int) -> dict[str, Array]:
    """Return what notes weigh, faded; and the share of promises not kept, 0–1."""
    past = notes.day <= today
    age = np.maximum(today - notes.day, 0)
    weight = np.maximum(notes.weight, 0.0) * np.exp2(-age / notes.half_life)
    weighs = past & (weight > 0)
    lately = past & (age <= PROMISE_DAYS)
    broken = lately & np.array([k == BROKEN for k in notes.kind], np.bool_)
    kept = lately & np.array([k == KEPT for k in notes.kind], np.bool_)
    return {
        "notes": _total(notes.customer, weight, weighs, size),
        "broken_promises": _total(
            notes.customer, broken.astype(np.float64), broken | kept, size
        )
        / _total(notes.customer, np.ones(len(past)), broken | kept, size),
    }


def rating_facts(
    ratings: Ratings, size: int, today: int, scales: Mapping[str, Scale]
) -> dict[str, Array]:
    """Return the worst fresh rating, 0 (worst) to 1, and how old it is, in days.

    Of each scale the newest counts. Scales are never averaged; a value its scale does
    not know is no rating at all.
    """
    newest: dict[tuple[int, str], tuple[float, float]] = {}
    for n in np.argsort(ratings.day, kind="stable"):
        scale, old = scales.get(ratings.scale[n]), float(today - ratings.day[n])
        if scale is None or old < 0 or old > scale.stale_after_days:
            continue
        value, row = worth_of(scale, ratings.value[n]), int(ratings.customer[n])
        if value is not None:
            newest[row, ratings.scale[n]] = (value, old)
    worth, age = np.full(size, np.nan), np.full(size, np.nan)
    for (row, _), (value, old) in newest.items():
        if not (value, old) > (worth[row], age[row]):
            worth[row], age[row] = value, old
    return {"rating": worth, "rating_age_days": age}


def worth_of(scale: Scale, value: str) -> float | None:
    """Return what a raw value is worth on its scale, 0–1; None if it is not on it."""
    if scale.values:
        return scale.values.get(value.strip())
    try:
        number = float(value)
    except ValueError:
        return None
    figures, worths = zip(*scale.curve, strict=True)
    inside = min(figures) <= number <= max(figures)
    return float(np.interp(number, figures, worths)) if inside else None


def _worst(
    customer: Days, value: Array, where: npt.NDArray[np.bool_], size: int
) -> Array:
    worst = np.full(size, -np.inf)
    np.maximum.at(worst, customer[where], value[where])
    return np.where(np.isinf(worst), np.nan, worst)


def _total(
    customer: Days, value: Array, where: npt.NDArray[np.bool_], size: int
) -> Array:
    """Return the sum of each, NaN where nothing is summed."""
    total = np.bincount(customer[where], value[where], minlength=size)
    seen = np.bincount(customer[where], minlength=size) > 0
    return np.where(seen, total, np.nan)
