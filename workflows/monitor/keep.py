"""Keeps what a look at customers found: scores, history where one moved, signals.

In one transaction with what follows from it. Whoever was counted by somebody else since
is left out, and looked at again.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlmodel import Session

from risk.facts import FACTS
from risk.policy import ScorePolicy
from risk.score import Scores
from storage import scores, standings, touched
from storage.as_of import Who
from storage.tables import ScoreStanding
from storage.writing import bound
from workflows.monitor.look import Looked, letters, values
from workflows.monitor.signals import keep_signals, subjects_of
from workflows.problems.feed import take_moves
from workflows.rules.failures import note_failures
from workflows.services import Services

Ids = np.ndarray


def keep(services: Services, session: Session, found: Looked) -> int:
    """Keep what `found` says and hand on what moved; return how many signals are on.

    Scores as they stand are written where they differ; of the others only the day.
    """
    scores.one_at_a_time(session)
    overtaken = _overtaken(session, found)
    if overtaken:
        touched.touch(session, overtaken, found.moment)
    mine = ~np.isin(found.ids, np.array(overtaken, np.int64))
    _keep_scores(services, session, found, mine)
    moves, on = keep_signals(services, session, found, mine)
    note_failures(services, session, found.failures, found.ids)
    subjects = subjects_of(session, found, moves)
    take_moves(services, session, moves, subjects)
    return on


def _overtaken(session: Session, found: Looked) -> list[int]:
    """Return who was counted by somebody else since they were looked at."""
    now = standings.stamps(session, found.who)
    before = found.before.stamps
    if now == before:
        return []
    ids = found.ids.tolist()
    return [id_ for id_ in ids if now.get(id_) != before.get(id_)]


def _keep_scores(
    services: Services, session: Session, found: Looked, mine: np.ndarray
) -> None:
    rows = found.rows[mine]
    ids = found.ids[mine]
    value = values(found.scores.score[rows])
    computed = values(found.scores.risk_class[rows])
    confidence = found.scores.confidence[rows].astype(np.float64)
    in_force, before = found.in_force[mine], found.before
    now = (value, computed, in_force, confidence, np.ones(len(ids)))
    stood = (
        before.score,
        before.computed,
        before.in_force,
        before.confidence,
        before.same_policy,
    )
    moved = np.zeros(len(ids), np.bool_)
    for one, other in zip(now, stood, strict=True):
        then = other[mine]
        moved |= ~((one == then) | (np.isnan(one) & np.isnan(then)))
    facts = {name: found.facts[name][mine] for name in FACTS}
    scores.store_facts(session, ids, facts, found.day, found.moment)
    if len(ids):
        who = found.who if mine.all() else Who(ids=ids.tolist())
        standings.still_stands(session, who, found.day, found.moment)
    standings.keep_many(
        session, _standings(services, session, found, np.flatnonzero(mine)[moved])
    )
    _keep_history(services, session, found, mine)


def _standings(
    services: Services, session: Session, found: Looked, at: Ids
) -> list[tuple[Any, ...]]:
    """Return the rows of the scores at these places, as the table has them."""
    day = bound(session, ScoreStanding, "as_of", found.day)
    moment = bound(session, ScoreStanding, "known_at", found.moment)
    version, scored, rows = services.policy.version, found.scores, found.rows[at]
    score = [None if s < 0 else s for s in scored.score[rows].tolist()]
    computed = letters(values(scored.risk_class[rows]))
    columns = zip(
        found.ids[at].tolist(),
        score,
        computed,
        letters(found.in_force[at]),
        scored.confidence[rows].tolist(),
        strict=True,
    )
    return [
        (id_, day, moment, version, value, letter, shown, sure)
        for id_, value, letter, shown, sure in columns
    ]


def _keep_history(
    services: Services, session: Session, found: Looked, mine: np.ndarray
) -> None:
    """Put on record, with its points, every score that moved."""
    scored, rows, last = found.scores, found.rows, found.last
    value, grade = values(scored.score[rows]), values(scored.risk_class[rows])
    same = (last.score == value) & (last.grade == grade) & (last.same_policy == 1)
    at = np.flatnonzero(mine & ~np.isnan(grade) & ~same)
    version = services.policy.version
    names, points = zip(
        *by_factor(services.policy.policy.score, scored, rows[at]), strict=True
    )
    columns = zip(
        found.ids[at].tolist(),
        scored.confidence[rows[at]].tolist(),
        scored.score[rows[at]].tolist(),
        letters(grade[at]),
        _shared(names, np.column_stack(points)),
        strict=True,
    )
    kept = [
        {
            "customer_id": id_,
            "as_of": found.day,
            "known_at": found.moment,
            "policy_version": version,
            "confidence": sure,
            "score": score,
            "risk_class": letter,
            "points": each,
        }
        for id_, sure, score, letter, each in columns
    ]
    scores.record_many(session, kept, found.day)


def _shared(names: Sequence[str], points: np.ndarray) -> Iterator[dict[str, int]]:
    """Yield the points of each row by name, those of 0 left out; one for all alike."""
    known: dict[tuple[int, ...], dict[str, int]] = {}
    for row in map(tuple, points.tolist()):
        if row not in known:
            each = zip(names, row, strict=True)
            known[row] = {name: of for name, of in each if of}
        yield known[row]


def by_factor(
    rules: ScorePolicy, scored: Scores, rows: Ids
) -> list[tuple[str, np.ndarray]]:
    """Return the points of every factor, deduction, and of caps and floors, of rows."""
    found, start = [], 0
    points = scored.points[rows]
    for name, factor in rules.factors.items():
        end = start + len(factor.measures)
        found.append((name, points[:, start:end].sum(axis=1)))
        start = end
    for name in rules.deductions:
        found.append((name, points[:, start]))
        start += 1
    return [*found, ("adjustment", scored.adjustment[rows])]
