"""Questions about one customer: who it is, what it owes, how it paid.

They are asked while a person waits, so each statement is built once.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from storage.tables import (
    Cover,
    CreditLimit,
    Customer,
    CustomerGroup,
    CustomerName,
    Invoice,
    Order,
    OrderCheck,
    Payment,
    User,
    Viewing,
)

Rows = Sequence[Any]

_WHOSE: Any = bindparam("whose")
_ON: Any = bindparam("on")

_CUSTOMER = (
    select(
        *Customer.__table__.c,  # type: ignore[attr-defined] # SQLModel hides it
        col(CustomerGroup.name).label("group_name"),
        col(User.name).label("owner_name"),
    )
    .outerjoin(CustomerGroup, col(CustomerGroup.id) == col(Customer.group_id))
    .outerjoin(User, col(User.slack_id) == col(Customer.owner))
    .where(col(Customer.id) == _WHOSE)
)
_INVOICES = select(
    col(Invoice.number),
    col(Invoice.currency),
    col(Invoice.amount),
    col(Invoice.issued_on),
    col(Invoice.due_on),
    col(Invoice.paid),
    col(Invoice.settled_on),
    col(Invoice.disputed),
).where(col(Invoice.customer_id) == _WHOSE, col(Invoice.superseded_at).is_(None))
_PAYMENTS = (
    select(
        col(Payment.paid_on),
        col(Payment.amount),
        col(Payment.currency),
        col(Payment.kind),
    )
    .where(
        col(Payment.customer_id) == _WHOSE,
        col(Payment.superseded_at).is_(None),
        col(Payment.kind) != "opening",
    )
    .order_by(col(Payment.paid_on).desc(), col(Payment.id).desc())
    .limit(bindparam("most"))
)
_ORDERS = (
    select(col(Order.currency), func.sum(col(Order.amount)))
    .where(
        col(Order.customer_id) == _WHOSE,
        col(Order.superseded_at).is_(None),
        col(Order.state).in_(["open", "delivered"]),
    )
    .group_by(col(Order.currency))
)
_COVERS = select(col(Cover.currency), col(Cover.amount), col(Cover.haircut)).where(
    col(Cover.customer_id) == _WHOSE,
    col(Cover.superseded_at).is_(None),
    col(Cover.valid_from) <= _ON,
    or_(col(Cover.valid_until).is_(None), col(Cover.valid_until) >= _ON),
)
_LIMIT = select(
    col(CreditLimit.amount), col(CreditLimit.currency), col(CreditLimit.valid_until)
).where(
    col(CreditLimit.customer_id) == _WHOSE,
    col(CreditLimit.superseded_at).is_(None),
    col(CreditLimit.valid_from) <= _ON,
    or_(col(CreditLimit.valid_until).is_(None), col(CreditLimit.valid_until) >= _ON),
)
_NAMES = (
    select(col(CustomerName.name))
    .where(
        col(CustomerName.customer_id) == _WHOSE,
        col(CustomerName.superseded_at).is_(None),
        col(CustomerName.kind) != "former",
    )
    .order_by(col(CustomerName.id))
)
_SEEN = select(col(Viewing.seen_at), col(Viewing.seen)).where(
    col(Viewing.slack_id) == bindparam("reader"), col(Viewing.customer_id) == _WHOSE
)


def customer_and_group(
    session: Session, customer_id: int
) -> tuple[Customer, str | None] | None:
    """Return a customer, and the name of its group; its owner by name, if known."""
    rows = session.connection().execute(_CUSTOMER, {"whose": customer_id})
    about = rows.mappings().first()
    if about is None:
        return None
    known = dict(about)
    group, owner = known.pop("group_name"), known.pop("owner_name")
    return Customer(**known | {"owner": owner or known["owner"]}), group


def names(session: Session, customer_id: int) -> list[str]:
    """Return the names a customer goes by now."""
    return [row[0] for row in _all(session, _NAMES, whose=customer_id)]


def invoices(session: Session, customer_id: int) -> Rows:
    """Return each standing invoice: number, currency, amounts, dates, disputed."""
    return _all(session, _INVOICES, whose=customer_id)


def last_payments(session: Session, customer_id: int, most: int) -> Rows:
    """Return (paid on, amount, currency, kind) of the latest payments, newest first."""
    return _all(session, _PAYMENTS, whose=customer_id, most=most)


def open_orders(session: Session, customer_id: int) -> Rows:
    """Return (currency, amount) summed over what is ordered and not yet invoiced."""
    return _all(session, _ORDERS, whose=customer_id)


def covers(session: Session, customer_id: int, on: date) -> Rows:
    """Return (currency, amount, haircut) of each cover that is valid on `on`."""
    return _all(session, _COVERS, whose=customer_id, on=on)


def limit(
    session: Session, customer_id: int, on: date
) -> tuple[Decimal, str, date | None] | None:
    """Return (amount, currency, valid until) of the limit on `on`; None: not set."""
    found = _all(session, _LIMIT, whose=customer_id, on=on)
    return (found[0][0], found[0][1], found[0][2]) if found else None


def last_seen(
    session: Session, slack_id: str, customer_id: int
) -> tuple[datetime, dict[str, Any]] | None:
    """Return when the reader last looked at the customer, and what they saw."""
    found = _all(session, _SEEN, reader=slack_id, whose=customer_id)
    return (found[0][0], found[0][1]) if found else None


def looked_at_last(session: Session, slack_id: str) -> int | None:
    """Return the customer whose card or check this person saw last; None: nobody's."""
    cards = (
        select(col(Viewing.customer_id), col(Viewing.seen_at))
        .where(col(Viewing.slack_id) == slack_id)
        .order_by(col(Viewing.seen_at).desc())
    )
    asked = (
        select(col(OrderCheck.customer_id), col(OrderCheck.asked_at))
        .where(col(OrderCheck.asked_by) == slack_id)
        .order_by(col(OrderCheck.asked_at).desc())
    )
    connection = session.connection()
    last = [connection.execute(one.limit(1)).first() for one in (cards, asked)]
    newest = max((row for row in last if row), key=lambda row: row[1], default=None)
    return None if newest is None else int(newest[0])


def _all(session: Session, statement: Any, **given: object) -> Rows:
    return session.connection().execute(statement, given).all()


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
    session.connection().execute(_REMEMBER[session.get_bind().dialect.name], row)


def _remember(insert: Any) -> Any:
    kept = insert(Viewing)
    return kept.on_conflict_do_update(
        index_elements=["slack_id", "customer_id"],
        set_={"seen_at": kept.excluded.seen_at, "seen": kept.excluded.seen},
    )


_REMEMBER = {
    "sqlite": _remember(sqlite.insert),
    "postgresql": _remember(postgresql.insert),
}


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
