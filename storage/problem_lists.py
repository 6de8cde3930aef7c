"""Questions for lists of problems: a customer's, one's own, everybody's."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_
from sqlmodel import Session, col, select

from storage.prepared import Prepared
from storage.tables import Customer, Problem

_OPEN = (col(Problem.state) == "open", ~col(Problem.shadow))


_ANY = Prepared(
    select(col(Problem.id))
    .where(*_OPEN, col(Problem.customer_id) == bindparam("whose"))
    .limit(1)
)


def of_customer(session: Session, customer_id: int) -> list[Problem]:
    """Return a customer's open problems, the most valuable first."""
    if not _ANY.rows(session, whose=customer_id):
        return []  # as most have none: many times faster than the question below
    asked = select(Problem).where(*_OPEN, col(Problem.customer_id) == customer_id)
    return list(session.exec(_best_first(asked)))


def count_of(session: Session, customer_id: int) -> int:
    """Return how many open problems a customer has."""
    asked = select(func.count()).where(*_OPEN, col(Problem.customer_id) == customer_id)
    return session.exec(asked).one()


def count_solved(session: Session, customer_id: int, since: datetime) -> int:
    """Return how many of a customer's problems were solved since."""
    asked = select(func.count()).where(
        col(Problem.customer_id) == customer_id,
        col(Problem.state) == "solved",
        ~col(Problem.shadow),
        col(Problem.solved_at) >= since,
    )
    return session.exec(asked).one()


def mine(
    session: Session, slack_id: str, names: Collection[str], most: int
) -> tuple[list[Problem], int]:
    """Return the open problems a person owns or was given, and how many there are.

    The most valuable first; those that are snoozed come last.
    """
    wanted = (
        *_OPEN,
        or_(col(Problem.assignee) == slack_id, col(Customer.owner).in_(names)),
    )
    rows = select(Problem).outerjoin(
        Customer, col(Customer.id) == col(Problem.customer_id)
    )
    count = (
        select(func.count(col(Problem.id)))
        .select_from(Problem)
        .outerjoin(Customer, col(Customer.id) == col(Problem.customer_id))
    )
    found = session.exec(_best_first(rows.where(*wanted)).limit(most)).all()
    return list(found), session.exec(count.where(*wanted)).one()


def of_all(session: Session, most: int) -> tuple[list[Problem], int]:
    """Return the most valuable open problems, and how many there are in all."""
    found = session.exec(_best_first(select(Problem).where(*_OPEN)).limit(most)).all()
    total = session.exec(select(func.count(col(Problem.id))).where(*_OPEN)).one()
    return list(found), total


def _best_first(asked: Any) -> Any:
    return asked.order_by(
        col(Problem.snoozed_until).is_not(None),
        col(Problem.value).desc(),
        col(Problem.severity).desc(),
        col(Problem.id),
    )
