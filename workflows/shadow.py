"""Two policies side by side on the same customers: who would move, and why."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from risk.calibrate import Mover, movers
from risk.facts import facts_of
from risk.policy import CLASSES, Policy
from risk.score import UNKNOWN, Facts, Scores, score
from risk.validation import Array
from storage.as_of import Asked, View, Who
from storage.digests import numbers_and_names
from storage.evidence import gather, id_span
from storage.scores import CHUNK
from workflows.backtest import end_of_day, last_entry
from workflows.services import Services

REASONS = 3
"""Measures told of each mover."""

MOST_MOVES = 200

FEW = 10
"""The likes of a mover: a tenth of all at the edge of its class, or so many."""

Classes = Counter[tuple[str | None, str | None]]
"""(class in force, class under the candidate) → customers."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A measure that counts more or less for a customer than for its likes."""

    measure: str
    points: int
    """Gained under the candidate, less what customers at the class's edge gain."""
    value: float


@dataclass(frozen=True, slots=True)
class Move:
    """A customer whose class the candidate would change, and what weighs most."""

    number: str
    name: str
    before: str | None
    after: str | None
    points: int
    """How far it moved against the edge of the class it leaves or enters."""
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Shadow:
    """Both policies side by side on all customers of a day."""

    day: date
    scored: int
    """Customers that have a class under either."""
    classes: Mapping[tuple[str | None, str | None], int]
    """(class now, class under the candidate) → customers."""
    moves: tuple[Move, ...]
    """Who would change class, largest change of points first; MOST_MOVES at most."""

    @property
    def moved(self) -> int:
        """Return how many would change class."""
        return sum(n for (a, b), n in self.classes.items() if a != b)


def shadow(services: Services, candidate: Policy, day: date | None = None) -> Shadow:
    """Return all customers under the policy in force and under `candidate`.

    As known at the end of a day; without one, of the last day that the books know.
    """
    counts: Classes = Counter()
    found: list[tuple[int, Move]] = []
    with services.database.read() as session:
        on = day or min(services.today(), last_entry(session))
        first, last = id_span(session)
        for start in range(first, last + 1, CHUNK):
            who = Who(first=start, last=min(start + CHUNK - 1, last))
            asked = Asked(session, who, View(on, end_of_day(services, on)))
            known = gather(asked, services.currency)
            facts = facts_of(services.policy.policy, known, on).facts
            counted, moves = _side_by_side(services.policy.policy, candidate, facts)
            counts += counted
            found += [(int(known.ids[row]), move) for row, move in moves]
        found = sorted(found, key=lambda pair: -abs(pair[1].points))[:MOST_MOVES]
        called = numbers_and_names(session, [id_ for id_, _ in found])
    named = tuple(
        replace(move, number=called[id_][0], name=called[id_][1]) for id_, move in found
    )
    scored = sum(n for pair, n in counts.items() if pair != (None, None))
    return Shadow(on, scored, dict(counts), named)


def _side_by_side(
    current: Policy, candidate: Policy, facts: Facts
) -> tuple[Classes, list[tuple[int, Move]]]:
    """Return how many go from which class to which, and the movers by their row."""
    before, after = score(current, facts), score(candidate, facts)
    classes = [s.risk_class.tolist() for s in (before, after)]
    names: dict[int, str | None] = {**dict(enumerate(CLASSES)), UNKNOWN: None}
    counts = Counter((names[a], names[b]) for a, b in zip(*classes, strict=True))
    gains = _against_edges(current, before, after)
    moves = []
    for mover in movers(before, after):
        edge = _edge(mover)
        if edge is None:
            move = Move("", "", mover.before, mover.after, 0, ())
        else:
            shift = candidate.score.least(edge) - current.score.least(edge)
            why = tuple(_why(before, facts, gains[edge][mover.row], mover))
            points = mover.points - shift
            move = Move("", "", mover.before, mover.after, points, why)
        moves.append((mover.row, move))
    moves.sort(key=lambda found: -abs(found[1].points))
    return counts, moves[:MOST_MOVES]


def _edge(mover: Mover) -> str | None:
    """Return the class whose least score a mover crossed first."""
    if mover.before is None or mover.after is None:
        return None
    at = CLASSES.index(mover.before)
    return CLASSES[at - 1] if mover.after < mover.before else mover.before


def _against_edges(current: Policy, before: Scores, after: Scores) -> dict[str, Array]:
    """Return each measure's gain, less that of customers at the edge of each class.

    Two policies' points are on scales of their own; at a class's edge both mean the
    same risk.
    """
    both = np.flatnonzero((before.score != UNKNOWN) & (after.score != UNKNOWN))
    gains = after.points.astype(np.float64) - before.points
    found = {}
    for letter in CLASSES[:-1] if len(both) else ():
        off = np.abs(before.score[both] - current.score.least(letter))
        near = both[np.argsort(off, kind="stable")[: max(FEW, len(both) // FEW)]]
        found[letter] = gains - gains[near].mean(axis=0)
    return found


def _why(scores: Scores, facts: Facts, gains: Array, mover: Mover) -> Iterator[Reason]:
    """Yield the known measures that moved a customer most, the way it moved."""
    way = 1 if (mover.after or "F") < (mover.before or "F") else -1
    for column in np.argsort(-way * gains, kind="stable")[:REASONS]:
        name, points = scores.measures[column], round(gains[column])
        if points * way > 0 and scores.known[mover.row, column]:
            yield Reason(name, points, float(facts[name][mover.row]))
