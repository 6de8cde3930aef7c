"""Questions about the whole ledger, or about the customers of some owners.

A sweep of digests asks them once for all channels, a Home for one person. Each
answers in plain columns, whatever the engine; amounts are in ten-thousandths of
their own currency. A credit note is negative. Only standing facts count.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Float,
    cast,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy import text as sql
from sqlmodel import Session, col

from storage.positions import dated_rates
from storage.tables import (
    Cover,
    CreditLimit,
    Customer,
    Invoice,
    Order,
    Payment,
    ScoreStanding,
)

_AT_ONCE = 20_000
_OPEN = sql("invoice.settled_on IS NULL AND invoice.superseded_at IS NULL")
_NEWS = sql("payment.superseded_at IS NULL AND NOT payment.assumed")

Rows = Iterator[Any]

Owners = Collection[str] | None
"""Whose customers are asked about, by the names an owner goes by; None: everybody's."""


def customers(session: Session, owners: Owners = None) -> Rows:
    """Yield (id, owner, region) of every customer, by id."""
    about: list[Any] = [Customer.id, Customer.owner, Customer.region]
    statement = select(*about).where(*_of(owners, Customer.id))
    return _rows(session, statement.order_by(col(Customer.id)))


def open_items(session: Session, owners: Owners = None) -> Rows:
    """Yield (customer id, currency, due date, amount open), summed by these three."""
    left = _units(Invoice.amount) - _units(Invoice.paid)
    whose: list[Any] = [Invoice.customer_id, Invoice.currency, Invoice.due_on]
    statement = select(*whose, cast(func.sum(left), BigInteger)).where(
        _OPEN, *_of(owners, Invoice.customer_id)
    )
    return _rows(session, statement.group_by(*whose))


def settled_history(session: Session, owners: Owners = None) -> Rows:
    """Yield (customer id, currency, amount, amount × days late) of what was settled."""
    amount = cast(_units(Invoice.amount), Float)
    late = _days_between(session, Invoice.due_on, Invoice.settled_on)
    whose: list[Any] = [Invoice.customer_id, Invoice.currency]
    statement = (
        select(*whose, func.sum(amount), func.sum(amount * late))
        .where(
            col(Invoice.superseded_at).is_(None),
            col(Invoice.settled_on).is_not(None),
            _units(Invoice.amount) > 0,
            *_of(owners, Invoice.customer_id),
        )
        .group_by(*whose)
    )
    return _rows(session, statement)


def open_orders(session: Session, owners: Owners = None) -> Rows:
    """Yield (customer id, currency, amount) of what is ordered but not invoiced."""
    whose: list[Any] = [Order.customer_id, Order.currency]
    statement = (
        select(*whose, cast(func.sum(_units(Order.amount)), BigInteger))
        .where(
            col(Order.superseded_at).is_(None),
            col(Order.state).in_(("open", "delivered")),
            *_of(owners, Order.customer_id),
        )
        .group_by(*whose)
    )
    return _rows(session, statement)


def covers(session: Session, on: date, owners: Owners = None) -> Rows:
    """Yield (customer id, currency, haircut, amount) of the cover valid on a day."""
    about: list[Any] = [Cover.customer_id, Cover.currency, Cover.haircut]
    statement = select(*about, _units(Cover.amount)).where(
        col(Cover.superseded_at).is_(None),
        col(Cover.valid_from) <= on,
        or_(col(Cover.valid_until).is_(None), col(Cover.valid_until) >= on),
        *_of(owners, Cover.customer_id),
    )
    return _rows(session, statement)


def limits(session: Session, on: date, owners: Owners = None) -> Rows:
    """Yield (customer id, currency, amount) of the limits valid on a day."""
    about: list[Any] = [CreditLimit.customer_id, CreditLimit.currency]
    statement = select(*about, _units(CreditLimit.amount)).where(
        col(CreditLimit.superseded_at).is_(None),
        col(CreditLimit.valid_from) <= on,
        or_(col(CreditLimit.valid_until).is_(None), col(CreditLimit.valid_until) >= on),
        *_of(owners, CreditLimit.customer_id),
    )
    return _rows(session, statement)


def classes(session: Session, owners: Owners = None) -> Rows:
    """Yield (customer id, class in force) of everybody whose score gave one."""
    about: list[Any] = [ScoreStanding.customer_id, ScoreStanding.risk_class]
    statement = select(*about).where(
        col(ScoreStanding.risk_class).is_not(None),
        *_of(owners, ScoreStanding.customer_id),
    )
    return _rows(session, statement)


def payments_learnt(session: Session, after: datetime) -> Rows:
    """Yield (customer id, currency, learnt at, amount) of payments learnt since.

    History imported in bulk is no news, and left out.
    """
    whose: list[Any] = [Payment.customer_id, Payment.currency, Payment.known_at]
    statement = (
        select(*whose, cast(func.sum(_units(Payment.amount)), BigInteger))
        .where(_NEWS, col(Payment.known_at) > after, col(Payment.kind) == "payment")
        .group_by(*whose)
    )
    return _rows(session, statement)


def rates(session: Session, on: date) -> dict[str, Decimal]:
    """Return what a unit of each currency is worth in the base currency on a day."""
    return {name: rate.value for name, rate in dated_rates(session, on).items()}


def numbers_and_names(
    session: Session, ids: Collection[int]
) -> dict[int, tuple[str, str]]:
    """Return the number and the name of each of these customers."""
    about: list[Any] = [Customer.id, Customer.number, Customer.name]
    statement = select(*about).where(col(Customer.id).in_(ids))
    found = session.connection().execute(statement)
    return {row[0]: (row[1], row[2]) for row in found}


def regions(session: Session, most: int) -> Sequence[str]:
    """Return the first `most` regions that customers have, in order."""
    region = col(Customer.region)
    statement = (
        select(region)
        .where(region.is_not(None))
        .distinct()
        .order_by(region)
        .limit(most)
    )
    return [name for name in session.connection().execute(statement).scalars() if name]


def _of(owners: Owners, customer_id: Any) -> tuple[Any, ...]:
    """Return the condition that a row's customer is one of `owners`', if any."""
    if owners is None:
        return ()
    theirs = select(col(Customer.id)).where(col(Customer.owner).in_(owners))
    return (col(customer_id).in_(theirs),)


def _rows(session: Session, statement: Any) -> Rows:
    options = {"yield_per": _AT_ONCE}
    return iter(session.connection().execute(statement, execution_options=options))


def _units(column: Any) -> Any:
    """Return a money column as the whole number that the database keeps."""
    return type_coerce(column, BigInteger)


def _days_between(session: Session, earlier: Any, later: Any) -> Any:
    if session.get_bind().dialect.name == "sqlite":
        return func.julianday(later) - func.julianday(earlier)
    return type_coerce(col(later), BigInteger) - type_coerce(col(earlier), BigInteger)
