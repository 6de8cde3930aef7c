"""Questions about one customer: who it is, what it owes, how it paid."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.outbox import insert_once
from storage.tables import (
    Cover,
    CreditLimit,
    Customer,
    CustomerGroup,
    Invoice,
    Order,
    Payment,
    User,
    Viewing,
)

Rows = Sequence[Any]


def customer_and_group(
    session: Session, customer_id: int
) -> tuple[Customer, str | None] | None:
    """Return a customer, and the name of its group; its owner by name, if known."""
    rows = session.connection().execute(
        select(
            *Customer.__table__.c,  # type: ignore[attr-defined] # SQLModel hides it
            col(CustomerGroup.name).label("group_name"),
            col(User.name).label("owner_name"),
        )
        .outerjoin(CustomerGroup, col(CustomerGroup.id) == col(Customer.group_id))
        .outerjoin(User, col(User.slack_id) == col(Customer.owner))
        .where(col(Customer.id) == customer_id)
    )
    about = rows.mappings().first()
    if about is None:
        return None
    known = dict(about)
    group, owner = known.pop("group_name"), known.pop("owner_name")
    return Customer(**known | {"owner": owner or known["owner"]}), group


def invoices(session: Session, customer_id: int) -> Rows:
    """Return each standing invoice: number, currency, amounts, dates, disputed."""
    statement = select(
        col(Invoice.number),
        col(Invoice.currency),
        col(Invoice.amount),
        col(Invoice.issued_on),
        col(Invoice.due_on),
        col(Invoice.paid),
        col(Invoice.settled_on),
        col(Invoice.disputed),
    ).where(
        col(Invoice.customer_id) == customer_id, col(Invoice.superseded_at).is_(None)
    )
    return session.connection().execute(statement).all()


def last_payments(session: Session, customer_id: int, most: int) -> Rows:
    """Return (paid on, amount, currency, kind) of the latest payments, newest first."""
    statement = (
        select(
            col(Payment.paid_on),
            col(Payment.amount),
            col(Payment.currency),
            col(Payment.kind),
        )
        .where(
            col(Payment.customer_id) == customer_id,
            col(Payment.superseded_at).is_(None),
            col(Payment.kind) != "opening",
        )
        .order_by(col(Payment.paid_on).desc(), col(Payment.id).desc())
        .limit(most)
    )
    return session.connection().execute(statement).all()


def open_orders(session: Session, customer_id: int) -> Rows:
    """Return (currency, amount) summed over what is ordered and not yet invoiced."""
    statement = (
        select(col(Order.currency), func.sum(col(Order.amount)))
        .where(
            col(Order.customer_id) == customer_id,
            col(Order.superseded_at).is_(None),
            col(Order.state).in_(["open", "delivered"]),
        )
        .group_by(col(Order.currency))
    )
    return session.connection().execute(statement).all()


def covers(session: Session, customer_id: int, on: date) -> Rows:
    """Return (currency, amount, haircut) of each cover that is valid on `on`."""
    statement = select(
        col(Cover.currency), col(Cover.amount), col(Cover.haircut)
    ).where(
        col(Cover.customer_id) == customer_id,
        col(Cover.superseded_at).is_(None),
        col(Cover.valid_from) <= on,
        func.coalesce(col(Cover.valid_until), on) >= on,
    )
    return session.connection().execute(statement).all()


def limit(
    session: Session, customer_id: int, on: date
) -> tuple[Decimal, str, date | None] | None:
    """Return (amount, currency, valid until) of the limit on `on`; None: not set."""
    statement = select(
        col(CreditLimit.amount),
        col(CreditLimit.currency),
        col(CreditLimit.valid_until),
    ).where(
        col(CreditLimit.customer_id) == customer_id,
        col(CreditLimit.superseded_at).is_(None),
        col(CreditLimit.valid_from) <= on,
        func.coalesce(col(CreditLimit.valid_until), on) >= on,
    )
    found = session.connection().execute(statement).first()
    return None if found is None else (found[0], found[1], found[2])


def last_seen(session: Session, slack_id: str, customer_id: int) -> Viewing | None:
    """Return what the reader saw when they last looked at the customer."""
    return session.get(Viewing, (slack_id, customer_id))


def remember_seen(
    session: Session,
    slack_id: str,
    customer_id: int,
    at: datetime,
    seen: dict[str, Any],
) -> None:
    """Keep what the reader sees now, in place of what they saw before."""
    row = {
        "slack_id": slack_id,
        "customer_id": customer_id,
        "seen_at": at,
        "seen": seen,
    }
    if insert_once(session, Viewing, row, ["slack_id", "customer_id"]):
        return
    viewing = session.get(Viewing, (slack_id, customer_id))
    if viewing is not None:
        viewing.seen_at, viewing.seen = at, seen
        session.add(viewing)


def tell_apart(session: Session, ids: Sequence[int]) -> Rows:
    """Return (id, number, name, owner, region, country) of several customers."""
    statement = select(
        col(Customer.id),
        col(Customer.number),
        col(Customer.name),
        func.coalesce(col(User.name), col(Customer.owner)),
        col(Customer.region),
        col(Customer.country),
    )
    statement = statement.outerjoin(User, col(User.slack_id) == col(Customer.owner))
    statement = statement.where(col(Customer.id).in_(ids))
    return session.connection().execute(statement).all()
