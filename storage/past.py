"""Scores as they stood: what a class must outlast, and what it was a while ago."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, exists, or_, select
from sqlmodel import Session, col

from storage.as_of import Who
from storage.reading import Table, ordinal, table
from storage.tables import ScoreRecord

LETTERS = "ABCDE"


def recent_records(
    session: Session, who: Who, on: date, days: int, policy_version: str
) -> Table:
    """Return (customer, day, class, score, by this policy) of the last `days`, as rows.

    With them, of each customer, what stood before those days. In order of customer and
    day; the class is 0–4.
    """
    since = on - timedelta(days=days)
    later = ScoreRecord.__table__.alias("later")  # type: ignore[attr-defined] # SQLModel sets it
    followed = exists().where(
        later.c.customer_id == col(ScoreRecord.customer_id),
        later.c.as_of > col(ScoreRecord.as_of),
        later.c.as_of <= since,
    )
    asked: list[Any] = [
        ScoreRecord.customer_id,
        ordinal(col(ScoreRecord.as_of)),
        case({c: n for n, c in enumerate(LETTERS)}, value=col(ScoreRecord.risk_class)),
        ScoreRecord.score,
        case((col(ScoreRecord.policy_version) == policy_version, 1), else_=0),
    ]
    found = (
        select(*asked)
        .where(
            who.among(ScoreRecord.customer_id),
            or_(col(ScoreRecord.as_of) > since, ~followed),
            col(ScoreRecord.as_of) <= on,
        )
        .order_by(
            col(ScoreRecord.customer_id), col(ScoreRecord.as_of), col(ScoreRecord.id)
        )
    )
    return table(session, found)
