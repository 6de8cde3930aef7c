"""Scores as they were last counted: one row a customer, read while a person waits."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select
from sqlmodel import Session, col

from storage.outbox import insert_once
from storage.tables import Customer, ImportedFile, ScoreStanding

_STANDING = select(
    *ScoreStanding.__table__.c,  # type: ignore[attr-defined] # SQLModel hides it
    select(func.max(col(ImportedFile.imported_at)))
    .scalar_subquery()
    .label("imported_at"),
).where(col(ScoreStanding.customer_id) == bindparam("whose"))


_OLDEST = select(
    select(func.count()).select_from(Customer).scalar_subquery(),
    func.count(),
    func.min(col(ScoreStanding.as_of)),
    func.min(col(ScoreStanding.known_at)),
    func.min(col(ScoreStanding.policy_version)),
    func.max(col(ScoreStanding.policy_version)),
    select(func.max(col(ImportedFile.imported_at))).scalar_subquery(),
).select_from(ScoreStanding)
_IN_ONE = 10_000


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
    """Keep the scores of customers, in place of what was kept of them."""
    if not rows:
        return
    ids = [row["customer_id"] for row in rows]
    own, connection = col(ScoreStanding.customer_id), session.connection()
    for start in range(0, len(ids), _IN_ONE):
        some = own.in_(ids[start : start + _IN_ONE])
        connection.execute(delete(ScoreStanding).where(some))
    connection.execute(insert(ScoreStanding), list(rows))


def is_stale(session: Session, on: date, policy_version: str) -> bool:
    """Return whether somebody's score was not counted as of `on` by all that is known.

    That is so after an import, on a new day, under another policy, for a new customer.
    """
    row = session.connection().execute(_OLDEST).one()
    customers, counted, as_of, known_at, first, last, imported_at = row
    if not customers:
        return False
    return bool(
        counted < customers
        or as_of != on
        or (first, last) != (policy_version, policy_version)
        or (imported_at is not None and imported_at > known_at)
    )


def forget(session: Session, customer_id: int) -> None:
    """Drop a customer's kept score: something it rests on has changed."""
    own = col(ScoreStanding.customer_id)
    session.connection().execute(delete(ScoreStanding).where(own == customer_id))
