"""Scores: the facts they are counted from, kept ready; their history; overrides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import bindparam, delete, func, or_, select
from sqlmodel import Session, col

from risk.facts import FACTS
from storage.bulk import insert_rows
from storage.prepared import Prepared
from storage.reading import is_listed
from storage.tables import ScoreFacts, ScoreOverride, ScoreRecord
from storage.writing import bound, upsert

Array = npt.NDArray[np.float64]

CHUNK = 65_536
_LOCK = 7477


@dataclass(frozen=True, slots=True)
class Stored:
    """A piece of the stored facts: which customers', and the facts by name."""

    ids: npt.NDArray[np.int64]
    facts: dict[str, Array]


def one_at_a_time(session: Session) -> None:
    """Wait until no other replica keeps scores; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock(_LOCK)
        session.connection().execute(select(lock))


def stored_facts(session: Session) -> Iterator[Stored]:
    """Yield the facts of all customers, a piece at a time: one question for all."""
    asked: list[Any] = [ScoreFacts.customer_id, ScoreFacts.facts]
    options = {"yield_per": CHUNK}
    rows = session.connection().execute(select(*asked), execution_options=options)
    for piece in rows.partitions():
        ids, packed = zip(*piece, strict=True)
        table = np.frombuffer(b"".join(packed), "<f8").reshape(len(ids), -1)
        columns = np.ascontiguousarray(table.T)
        named = zip(FACTS, columns, strict=False)  # what was stored earlier has fewer
        yield Stored(np.array(ids, np.int64), dict(named))


def store_facts(
    session: Session,
    ids: npt.NDArray[np.int64],
    facts: dict[str, Array],
    as_of: date,
    known_at: datetime,
) -> None:
    """Keep the facts of these customers, in place of what was kept of them."""
    table = np.column_stack([facts[name] for name in FACTS]).astype("<f8")
    day = bound(session, ScoreFacts, "as_of", as_of)
    moment = bound(session, ScoreFacts, "known_at", known_at)
    width, packed = table.shape[1] * table.itemsize, table.tobytes()
    rows = [
        (id_, day, moment, packed[n * width : (n + 1) * width])
        for n, id_ in enumerate(ids.tolist())
    ]
    upsert(session, ScoreFacts, "customer_id", rows)


def record_many(session: Session, rows: Sequence[dict[str, Any]], as_of: date) -> None:
    """Keep scores of a day, in place of what was kept of these customers and day."""
    if not rows:
        return
    same = [
        col(ScoreRecord.as_of) == as_of,
        col(ScoreRecord.policy_version) == rows[0]["policy_version"],
    ]
    mine = is_listed(ScoreRecord.customer_id, [row["customer_id"] for row in rows])
    session.connection().execute(delete(ScoreRecord).where(*same, mine))
    insert_rows(session, ScoreRecord, rows)


def history(session: Session, customer_id: int) -> Sequence[ScoreRecord]:
    """Return a customer's kept scores, oldest first: one for each day it changed."""
    asked = (
        select(ScoreRecord)
        .where(col(ScoreRecord.customer_id) == customer_id)
        .order_by(col(ScoreRecord.as_of), col(ScoreRecord.id))
    )
    return session.execute(asked).scalars().all()


def overrides_on(session: Session, on: date) -> dict[int, str]:
    """Return the class that each approved override sets on a day, by customer."""
    asked: list[Any] = [ScoreOverride.customer_id, ScoreOverride.risk_class]
    rows = session.connection().execute(
        select(*asked)
        .where(
            col(ScoreOverride.state) == "approved", col(ScoreOverride.expires_on) >= on
        )
        .order_by(col(ScoreOverride.id))
    )
    return {row[0]: row[1] for row in rows}


_PAST = Prepared(
    select(col(ScoreRecord.as_of), col(ScoreRecord.risk_class))
    .where(col(ScoreRecord.customer_id) == bindparam("whose"))
    .order_by(col(ScoreRecord.as_of), col(ScoreRecord.id))
)
_HAS_OVERRIDE = Prepared(
    select(col(ScoreOverride.id))
    .where(col(ScoreOverride.customer_id) == bindparam("whose"))
    .limit(1)
)


def past_classes(session: Session, customer_id: int) -> Sequence[tuple[date, str]]:
    """Return (day, class) of a customer's kept scores, oldest first."""
    return [(row[0], row[1]) for row in _PAST.rows(session, whose=customer_id)]


def override_on(
    session: Session, customer_id: int, on: date, moment: datetime
) -> ScoreOverride | None:
    """Return the override that was in force on a day, as of a moment; the newest.

    It holds from its approval until its day, or until somebody ended it.
    """
    if not _HAS_OVERRIDE.rows(session, whose=customer_id):
        return None
    since = func.coalesce(ScoreOverride.decided_at, ScoreOverride.made_at)
    state = col(ScoreOverride.state)
    asked = select(ScoreOverride).where(
        col(ScoreOverride.customer_id) == customer_id,
        col(ScoreOverride.expires_on) >= on,
        since <= moment,
        or_(
            state == "approved",
            (state == "ended") & (col(ScoreOverride.ended_at) > moment),
        ),
    )
    newest = asked.order_by(col(ScoreOverride.id).desc()).limit(1)
    return session.execute(newest).scalars().first()


def override_by_id(session: Session, override_id: int) -> ScoreOverride | None:
    """Return one override, locked against others who decide on it at the same time."""
    asked = select(ScoreOverride).where(col(ScoreOverride.id) == override_id)
    return session.execute(asked.with_for_update()).scalars().first()


def add_override(session: Session, override: ScoreOverride) -> ScoreOverride:
    """Keep a new override; return it with its id."""
    session.add(override)
    session.flush()
    return override
