"""Order checks: kept, found again, decided on by one person at a time."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import CheckEntry, OrderCheck

PENDING = ("waiting", "reopened")
"""States in which somebody has to decide."""


def add(session: Session, check: OrderCheck) -> int:
    """Keep a new check; return its id."""
    session.add(check)
    session.flush()
    if check.id is None:
        raise RuntimeError("the database gave a check no id")
    return check.id


def by_id(session: Session, check_id: int) -> OrderCheck | None:
    """Return one check."""
    return session.get(OrderCheck, check_id)


def locked(session: Session, check_id: int) -> OrderCheck | None:
    """Return one check, which nobody else decides on until the transaction ends."""
    asked = select(OrderCheck).where(col(OrderCheck.id) == check_id)
    return session.exec(asked.with_for_update()).first()


def note(session: Session, entry: CheckEntry) -> None:
    """Add a step to the life of a check."""
    session.add(entry)


def entries(session: Session, check_id: int) -> Sequence[CheckEntry]:
    """Return the life of a check, oldest first."""
    asked = select(CheckEntry).where(col(CheckEntry.check_id) == check_id)
    return session.exec(asked.order_by(col(CheckEntry.id))).all()


def to_remind(session: Session, now: datetime, most: int) -> Sequence[OrderCheck]:
    """Return checks that wait for a decision and are due a reminder, locked."""
    asked = (
        select(OrderCheck)
        .where(col(OrderCheck.state).in_(PENDING), col(OrderCheck.remind_at) <= now)
        .order_by(col(OrderCheck.remind_at))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return session.exec(asked).all()


def released(session: Session) -> Sequence[OrderCheck]:
    """Return every check whose release is still good or has just ended."""
    asked = select(OrderCheck).where(col(OrderCheck.state) == "released")
    return session.exec(asked.order_by(col(OrderCheck.id))).all()
