"""Scores: the facts they are counted from, kept ready; their history; overrides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, func, insert, select
from sqlmodel import Session, col

from risk.facts import FACTS
from storage.outbox import insert_once
from storage.tables import ScoreFacts, ScoreOverride, ScoreRecord

Array = npt.NDArray[np.float64]

CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Stored:
    """A piece of the stored facts: which customers', and the facts by name."""

    ids: npt.NDArray[np.int64]
    facts: dict[str, Array]


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
    if not len(ids):
        return
    table = np.column_stack([facts[name] for name in FACTS]).astype("<f8")
    first, last = int(ids[0]), int(ids[-1])
    connection = session.connection()
    connection.execute(
        delete(ScoreFacts).where(col(ScoreFacts.customer_id).between(first, last))
    )
    connection.execute(
        insert(ScoreFacts),
        [
            {
                "customer_id": int(id_),
                "as_of": as_of,
                "known_at": known_at,
                "facts": row.tobytes(),
            }
            for id_, row in zip(ids, table, strict=True)
        ],
    )


def facts_as_of(session: Session) -> date | None:
    """Return the day of the oldest stored facts; None where nothing is stored."""
    oldest = select(func.min(ScoreFacts.as_of))
    return session.connection().execute(oldest).scalar()


def record(session: Session, row: dict[str, Any]) -> None:
    """Keep a score with its policy's version; the day's latest stands."""
    key = ["customer_id", "as_of", "policy_version"]
    if insert_once(session, ScoreRecord, row, key):
        return
    same = [getattr(ScoreRecord, name) == row[name] for name in key]
    kept = session.execute(select(ScoreRecord).where(*same)).scalar_one()
    for name, value in row.items():
        setattr(kept, name, value)
    session.add(kept)


def record_many(session: Session, rows: Sequence[dict[str, Any]], as_of: date) -> None:
    """Keep the scores of a day, in place of those kept of it under the same policy."""
    if not rows:
        return
    ids = [row["customer_id"] for row in rows]
    connection = session.connection()
    connection.execute(
        delete(ScoreRecord).where(
            col(ScoreRecord.as_of) == as_of,
            col(ScoreRecord.policy_version) == rows[0]["policy_version"],
            col(ScoreRecord.customer_id).between(min(ids), max(ids)),
        )
    )
    connection.execute(insert(ScoreRecord), list(rows))


def history(session: Session, customer_id: int, since: date) -> Sequence[ScoreRecord]:
    """Return a customer's kept scores since a day, oldest first."""
    asked = (
        select(ScoreRecord)
        .where(
            col(ScoreRecord.customer_id) == customer_id,
            col(ScoreRecord.as_of) >= since,
        )
        .order_by(col(ScoreRecord.as_of), col(ScoreRecord.id))
    )
    return session.execute(asked).scalars().all()


def override_on(
    session: Session, customer_id: int, on: date, known_at: datetime | None
) -> ScoreOverride | None:
    """Return the approved override that was good on a day; the newest of several."""
    asked = select(ScoreOverride).where(
        col(ScoreOverride.customer_id) == customer_id,
        col(ScoreOverride.state) == "approved",
        col(ScoreOverride.expires_on) >= on,
    )
    if known_at is not None:
        asked = asked.where(col(ScoreOverride.made_at) <= known_at)
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
