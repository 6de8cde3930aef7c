"""Questions about the watchlist: who wants to hear of which customer, and of what."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func
from sqlmodel import Session, col, select

from storage.prepared import Prepared
from storage.tables import Customer, User, Watch

AT_ONCE = 500


def watch(
    session: Session,
    slack_id: str,
    customer_id: int,
    causes: Sequence[str],
    *,
    language: str,
    at: datetime,
) -> None:
    """Let a person hear of a customer: of `causes`, or of all if there are none."""
    row = Watch(
        slack_id=slack_id,
        customer_id=customer_id,
        causes=list(causes),
        language=language,
        created_at=at,
    )
    session.merge(row)


def unwatch(session: Session, slack_id: str, customer_id: int) -> bool:
    """Let a person hear no more of a customer; return False if they did not."""
    statement = delete(Watch).where(
        col(Watch.slack_id) == slack_id, col(Watch.customer_id) == customer_id
    )
    return session.connection().execute(statement).rowcount > 0


def watched(session: Session, slack_id: str, customer_id: int) -> Watch | None:
    """Return what a person wants to hear of a customer."""
    return session.get(Watch, (slack_id, customer_id))


_IS_WATCHED = Prepared(
    select(col(Watch.customer_id)).where(
        col(Watch.slack_id) == bindparam("reader"),
        col(Watch.customer_id) == bindparam("whose"),
    )
)


def is_watched(session: Session, slack_id: str, customer_id: int) -> bool:
    """Return whether a person watches a customer."""
    return bool(_IS_WATCHED.rows(session, reader=slack_id, whose=customer_id))


def list_of(
    session: Session, slack_id: str, most: int
) -> Sequence[tuple[int, str, str, list[str]]]:
    """Return (customer id, number, name, causes) of whom a person watches, by name."""
    about: list[Any] = [Customer.id, Customer.number, Customer.name, Watch.causes]
    wanted = (
        select(*about)
        .join(Watch, col(Watch.customer_id) == col(Customer.id))
        .where(Watch.slack_id == slack_id)
        .order_by(col(Customer.name), col(Customer.id))
        .limit(most)
    )
    found = session.connection().execute(wanted)
    return [(row[0], row[1], row[2], row[3]) for row in found]


def watchers(
    session: Session, customer_ids: Collection[int]
) -> dict[int, list[tuple[Watch, User | None]]]:
    """Return who watches these customers, with what we know of each, by customer."""
    found: dict[int, list[tuple[Watch, User | None]]] = {}
    ordered = sorted(set(customer_ids))
    for start in range(0, len(ordered), AT_ONCE):
        wanted = (
            select(Watch, User)
            .outerjoin(User, col(User.slack_id) == col(Watch.slack_id))
            .where(col(Watch.customer_id).in_(ordered[start : start + AT_ONCE]))
            .order_by(col(Watch.customer_id), col(Watch.slack_id))
        )
        for watch_, user in session.exec(wanted):
            found.setdefault(watch_.customer_id, []).append((watch_, user))
    return found


def count_of(session: Session, slack_id: str) -> int:
    """Return how many customers a person watches."""
    wanted = select(func.count()).where(col(Watch.slack_id) == slack_id)
    return int(session.exec(wanted).one())
