"""Scores as they were last counted: one row a customer, read while a person waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import bindparam, case, delete, exists, select, update
from sqlmodel import Session, col

from storage.as_of import Who
from storage.outbox import insert_once
from storage.prepared import Prepared
from storage.reading import rows_of, table
from storage.tables import ScoreStanding, Touched
from storage.writing import upsert

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


class Standing(NamedTuple):
    """A customer's score of a day; read for every card, lighter than its row."""

    customer_id: int
    as_of: date
    known_at: datetime
    policy_version: str
    score: int | None
    computed_class: str | None
    risk_class: str | None
    confidence: int


_STANDING = Prepared(
    select(
        *(getattr(ScoreStanding, name) for name in Standing._fields),
        exists()
        .where(col(Touched.customer_id) == bindparam("whose"))
        .correlate(None)
        .label("is_touched"),
    ).where(col(ScoreStanding.customer_id) == bindparam("whose"))
)
_LETTERS = "ABCDE"


def standing(
    session: Session, customer_id: int, on: date, policy_version: str
) -> Standing | None:
    """Return the customer's score of a day; None if it was not counted since then.

    What has changed about it since makes it stale.
    """
    rows = _STANDING.rows(session, whose=customer_id)
    if not rows:
        return None
    *known, is_touched = rows[0]
    found = Standing(*known)
    fresh = (found.as_of, found.policy_version) == (on, policy_version)
    return found if fresh and not is_touched else None


def keep(session: Session, row: dict[str, Any]) -> None:
    """Keep a customer's score, in place of an older one."""
    if insert_once(session, ScoreStanding, row, ["customer_id"]):
        return
    own = col(ScoreStanding.customer_id) == row["customer_id"]
    older = col(ScoreStanding.known_at) <= row["known_at"]
    session.connection().execute(update(ScoreStanding).where(own, older).values(row))


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands of customers, in their order; NaN where nothing does."""

    score: Array
    computed: Array
    """The class that the score alone gave, 0–4."""
    in_force: Array
    confidence: Array
    same_policy: Array
    stamps: dict[int, Any]
    """When each was counted, as the database says it: to see whether it changed."""


def kept(session: Session, who: Who, ids: Whole, policy_version: str) -> Kept:
    """Return the scores that stand of `ids` (ascending), as columns."""
    grade = {letter: n for n, letter in enumerate(_LETTERS)}
    asked: list[Any] = [
        ScoreStanding.customer_id,
        ScoreStanding.score,
        case(grade, value=col(ScoreStanding.computed_class)),
        case(grade, value=col(ScoreStanding.risk_class)),
        ScoreStanding.confidence,
        case((col(ScoreStanding.policy_version) == policy_version, 1), else_=0),
    ]
    mine = who.among(ScoreStanding.customer_id)
    whose, *columns = table(session, select(*asked).where(mine))
    place = np.searchsorted(ids, whose.astype(np.int64))
    there = place < len(ids)
    there[there] = ids[place[there]] == whose[there]
    found = np.full((len(columns), len(ids)), np.nan)
    for into, values in zip(found, columns, strict=True):
        into[place[there]] = values[there]
    score, computed, in_force, confidence, same = found
    when = stamps(session, who)
    return Kept(score, computed, in_force, confidence, same, when)


def stamps(session: Session, who: Who) -> dict[int, Any]:
    """Return when each customer was counted, to compare and for nothing else."""
    asked: list[Any] = [ScoreStanding.customer_id, ScoreStanding.known_at]
    mine = who.among(ScoreStanding.customer_id)
    return {row[0]: row[1] for row in rows_of(session, select(*asked).where(mine))}


def still_stands(session: Session, who: Who, on: date, known_at: datetime) -> None:
    """Say that the scores of customers stand as of a day, by what is known now."""
    mine = who.among(ScoreStanding.customer_id)
    values = {"as_of": on, "known_at": known_at}
    session.connection().execute(update(ScoreStanding).where(mine).values(values))


def keep_many(session: Session, rows: Sequence[tuple[Any, ...]]) -> None:
    """Keep scores, in place of what was kept: (customer, day, moment, policy, …).

    Then the score, the computed class, the class in force and the confidence.
    """
    upsert(session, ScoreStanding, "customer_id", rows)


def forget(session: Session, customer_id: int) -> None:
    """Drop a customer's kept score: something it rests on has changed."""
    own = col(ScoreStanding.customer_id)
    session.connection().execute(delete(ScoreStanding).where(own == customer_id))
