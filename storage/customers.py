"""Questions about one customer: who it is, what it owes, how it paid.

They are asked while a person waits, so each statement is built once.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from storage.prepared import Prepared
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


class Known(NamedTuple):
    """What we know of a customer; read for every card, so lighter than a `Customer`."""

    id: int
    number: str
    name: str
    owner: str | None
    region: str | None
    country: str | None
    industry: str | None
    company_type: str | None
    group_id: int | None
    terms_days: int | None
    hold: bool


_WHOSE: Any = bindparam("whose")
_ON: Any = bindparam("on")

_CUSTOMER = Prepared(
    select(
        *(getattr(Customer, name) for name in Known._fields),
        col(CustomerGroup.name).label("group_name"),
        col(User.name).label("owner_name"),
    )
    .outerjoin(CustomerGroup, col(CustomerGroup.id) == col(Customer.group_id))
    .outerjoin(User, col(User.slack_id) == col(Customer.owner))
    .where(col(Customer.id) == _WHOSE)
)
_INVOICES = Prepared(
    select(
        col(Invoice.number),
        col(Invoice.currency),
        col(Invoice.amount),
        col(Invoice.issued_on),
        col(Invoice.due_on),
        col(Invoice.paid),
        col(Invoice.settled_on),
        col(Invoice.disputed),
    ).where(col(Invoice.customer_id) == _WHOSE, col(Invoice.superseded_at).is_(None))
)
_PAYMENTS = Prepared(
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
_ORDERS = Prepared(
    select(col(Order.currency), func.sum(col(Order.amount)))
    .where(
        col(Order.customer_id) == _WHOSE,
        col(Order.superseded_at).is_(None),
        col(Order.state).in_(["open", "delivered"]),
    )
    .group_by(col(Order.currency))
)
_COVERS = Prepared(
    select(col(Cover.currency), col(Cover.amount), col(Cover.haircut)).where(
        col(Cover.customer_id) == _WHOSE,
        col(Cover.superseded_at).is_(None),
        col(Cover.valid_from) <= _ON,
        or_(col(Cover.valid_until).is_(None), col(Cover.valid_until) >= _ON),
    )
)
_LIMIT = Prepared(
    select(
        col(CreditLimit.amount), col(CreditLimit.currency), col(CreditLimit.valid_until)
    ).where(
        col(CreditLimit.customer_id) == _WHOSE,
        col(CreditLimit.superseded_at).is_(None),
        col(CreditLimit.valid_from) <= _ON,
        or_(
            col(CreditLimit.valid_until).is_(None), col(CreditLimit.valid_until) >= _ON
        ),
    )
)
_NAMES = Prepared(
    select(col(CustomerName.name))
    .where(
        col(CustomerName.customer_id) == _WHOSE,
        col(CustomerName.superseded_at).is_(None),
        col(CustomerName.kind) != "former",
    )
    .order_by(col(CustomerName.id))
)
_SEEN = Prepared(
    select(col(Viewing.seen_at), col(Viewing.seen)).where(
        col(Viewing.slack_id) == bindparam("reader"), col(Viewing.customer_id) == _WHOSE
    )
)


def customer_and_group(
    session: Session, customer_id: int
) -> tuple[Known, str | None] | None:
    """Return a customer, and the name of its group; its owner by name, if known."""
    rows = _CUSTOMER.rows(session, whose=customer_id)
    if not rows:
        return None
    *about, group, owner = rows[0]
    known = Known(*about)
    return (known._replace(owner=owner) if owner else known), group


def names(session: Session, customer_id: int) -> list[str]:
    """Return the names a customer goes by now."""
    return [row[0] for row in _NAMES.rows(session, whose=customer_id)]


def invoices(session: Session, customer_id: int) -> Rows:
    """Return each standing invoice: number, currency, amounts, dates, disputed."""
    return _INVOICES.rows(session, whose=customer_id)


def last_payments(session: Session, customer_id: int, most: int) -> Rows:
    """Return (paid on, amount, currency, kind) of the latest payments, newest first."""
    return _PAYMENTS.rows(session, whose=customer_id, most=most)


def open_orders(session: Session, customer_id: int) -> Rows:
    """Return (currency, amount) summed over what is ordered and not yet invoiced."""
    return _ORDERS.rows(session, whose=customer_id)


def covers(session: Session, customer_id: int, on: date) -> Rows:
    """Return (currency, amount, haircut) of each cover that is valid on `on`."""
    return _COVERS.rows(session, whose=customer_id, on=on)


def limit(
    session: Session, customer_id: int, on: date
) -> tuple[Decimal, str, date | None] | None:
    """Return (amount, currency, valid until) of the limit on `on`; None: not set."""
    found = _LIMIT.rows(session, whose=customer_id, on=on)
    return (found[0][0], found[0][1], found[0][2]) if found else None


def last_seen(
    session: Session, slack_id: str, customer_id: int
) -> tuple[datetime, dict[str, Any]] | None:
    """Return when the reader last looked at the customer, and what they saw."""
    found = _SEEN.rows(session, reader=slack_id, whose=customer_id)
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
