"""Scores as they were last counted: one row a customer, read while a person waits."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select
from sqlmodel import Session, col

from storage.outbox import insert_once
from storage.tables import ImportedFile, ScoreStanding

_STANDING = select(
    *ScoreStanding.__table__.c,  # type: ignore[attr-defined] # SQLModel hides it
    select(func.max(col(ImportedFile.imported_at)))
    .scalar_subquery()
    .label("imported_at"),
).where(col(ScoreStanding.customer_id) == bindparam("whose"))


def standing(
    session: Session, customer_id: int, on: date, policy_version: str
) -> ScoreStanding | None:
    """Return the customer's score of a day; None if it was not counted since then.

    What an import brought after it was counted makes it stale.
    """
    row = session.connection().execute(_STANDING, {"whose": customer_id}).first()
    if row is None or row.as_of != on or row.policy_version != policy_version:
        return None
    known = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    imported_at = known.pop("imported_at")
    if imported_at is not None and imported_at > row.known_at:
        return None
    return ScoreStanding(**known)


def keep(session: Session, row: dict[str, Any]) -> None:
    """Keep a customer's score, in place of the one kept before."""
    if insert_once(session, ScoreStanding, row, ["customer_id"]):
        return
    session.merge(ScoreStanding(**row))


def keep_many(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the scores of customers with neighbouring ids, in place of what was kept."""
    if not rows:
        return
    ids = [row["customer_id"] for row in rows]
    own = col(ScoreStanding.customer_id)
    connection = session.connection()
    connection.execute(delete(ScoreStanding).where(own.between(min(ids), max(ids))))
    connection.execute(insert(ScoreStanding), list(rows))


def forget(session: Session, customer_id: int) -> None:
    """Drop a customer's kept score: something it rests on has changed."""
    own = col(ScoreStanding.customer_id)
    session.connection().execute(delete(ScoreStanding).where(own == customer_id))
