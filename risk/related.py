"""Trouble of related companies passes on, less with each step of distance."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from risk.policy import ScorePolicy

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

LEAST_TROUBLE = 0.05
"""Less is everyday business and is not passed on."""

ALONE = -1
"""In no group."""


@dataclass(frozen=True, slots=True)
class Ties:
    """Who is tied to whom: pairs of rows, and each row's group (ALONE: none)."""

    one: Rows
    other: Rows
    group: Rows


@dataclass(frozen=True, slots=True)
class Passed:
    """Trouble that reached a row: from which row, at what distance, how much of it."""

    row: Rows
    source: Rows
    distance: Rows
    amount: Array


def own_trouble(facts: dict[str, Array], size: int) -> Array:
    """Return how deep in trouble each is by itself, 0–1; what is unknown is none."""
    parts = [
        facts.get("credit_events", np.zeros(size)),
        facts.get("insolvent", np.zeros(size)),
        facts.get("in_default", np.zeros(size)),
        np.minimum(facts.get("overdue_days", np.zeros(size)) / 90, 1.0),
    ]
    worst: Array = np.max([np.nan_to_num(part) for part in parts], axis=0)
    return worst


def related_trouble(passed: Passed, size: int) -> Array:
    """Return the worst trouble that reached each, 0–1; NaN where none did."""
    worst = np.full(size, -np.inf)
    np.maximum.at(worst, passed.row, passed.amount)
    return np.where(np.isinf(worst), np.nan, worst)


def pass_on(ties: Ties, trouble: Array, rules: ScorePolicy) -> Passed:
    """Return what trouble reaches whom, `related_distance` steps far.

    A tie works both ways; members of a group are one step from each other. Nobody's own
    trouble comes back to them.
    """
    size = len(trouble)
    inside = ties.group != ALONE
    source = np.flatnonzero(trouble >= LEAST_TROUBLE)
    if not len(source) or not (len(ties.one) or inside.any()):
        return _collected([], trouble, rules.related_decay)
    ring = _Neighbours(np.r_[ties.one, ties.other], np.r_[ties.other, ties.one], size)
    members = _Neighbours(ties.group[inside], np.flatnonzero(inside), size)
    at, by_group, seen = source, np.zeros(len(source), np.bool_), source * size + source
    steps: list[tuple[Rows, Rows, int]] = []
    for distance in range(1, rules.related_distance + 1):
        near, near_from = ring.of(at)
        groups = np.where(by_group, ALONE, ties.group[at])
        mates, mates_from = members.of(groups)
        pairs = np.r_[
            source[near_from] * size + near, source[mates_from] * size + mates
        ]
        fresh, first = np.unique(pairs, return_index=True)
        new = ~np.isin(fresh, seen)
        seen = np.r_[seen, fresh[new]]
        source, at = fresh[new] // size, fresh[new] % size
        by_group = first[new] >= len(near)
        steps.append((at, source, distance))
    return _collected(steps, trouble, rules.related_decay)


def _collected(
    steps: list[tuple[Rows, Rows, int]], trouble: Array, decay: float
) -> Passed:
    none = np.zeros(0, np.int64)
    rows = np.concatenate([none, *(at for at, _, _ in steps)])
    sources = np.concatenate([none, *(source for _, source, _ in steps)])
    far = np.concatenate([none, *(np.full(len(at), d) for at, _, d in steps)])
    return Passed(rows, sources, far, trouble[sources] * decay**far)


class _Neighbours:
    """Who stands beside whom, looked up for many at once."""

    def __init__(self, key: Rows, value: Rows, size: int) -> None:
        order = np.argsort(key, kind="stable")
        self._value = value[order]
        most = max(size, int(key.max()) + 1 if len(key) else 0)
        self._ends = np.r_[0, np.cumsum(np.bincount(key, minlength=most))]

    def of(self, keys: Rows) -> tuple[Rows, Rows]:
        """Return (neighbour, place in `keys`) of every neighbour of `keys`."""
        there = (keys >= 0) & (keys < len(self._ends) - 1)
        safe = np.where(there, keys, 0)
        begins = self._ends[safe]
        counts = np.where(there, self._ends[safe + 1] - begins, 0)
        place = np.repeat(np.arange(len(keys)), counts)
        within = np.arange(len(place)) - np.repeat(np.cumsum(counts) - counts, counts)
        return self._value[np.repeat(begins, counts) + within], place
