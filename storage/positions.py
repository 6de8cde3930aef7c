"""Questions about what a customer, or the rest of its group, may cost us today.

They are asked while a person waits, so each statement is built once. Amounts are in
their own currency.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, bindparam, func, select, type_coerce
from sqlmodel import Session, col

from risk.exposure import Claim, Cover, Kind, Rate
from storage.columns import Money
from storage.prepared import Prepared
from storage.tables import (
    Cover as CoverRow,
)
from storage.tables import (
    CreditLimit,
    Customer,
    ExchangeRate,
    ImportedFile,
    Invoice,
    Order,
    Payment,
)

_UNINVOICED = ("open", "delivered")
_WHOSE: Any = bindparam("whose")
_GROUP: Any = bindparam("group")

_SINCE = (
    select(
        col(ExchangeRate.currency),
        func.max(col(ExchangeRate.valid_from)).label("valid_from"),
    )
    .where(col(ExchangeRate.valid_from) <= bindparam("on"))
    .group_by(col(ExchangeRate.currency))
    .subquery()
)
_RATES = Prepared(
    select(
        col(ExchangeRate.currency), col(ExchangeRate.rate), col(ExchangeRate.valid_from)
    ).join(
        _SINCE,
        and_(
            _SINCE.c.currency == col(ExchangeRate.currency),
            _SINCE.c.valid_from == col(ExchangeRate.valid_from),
        ),
    )
)
_OTHERS = select(col(Customer.id)).where(
    col(Customer.group_id) == _GROUP, col(Customer.id) != _WHOSE
)


def _orders(of: Any) -> Any:
    return (
        select(
            col(Order.customer_id),
            col(Order.currency),
            func.sum(col(Order.amount)),
            col(Order.state),
            col(Order.deliver_on),
        )
        .where(
            of, col(Order.superseded_at).is_(None), col(Order.state).in_(_UNINVOICED)
        )
        .group_by(
            col(Order.customer_id),
            col(Order.currency),
            col(Order.state),
            col(Order.deliver_on),
        )
    )


def _covers(of: Any) -> Any:
    return select(
        col(CoverRow.customer_id),
        col(CoverRow.reference),
        col(CoverRow.kind),
        col(CoverRow.currency),
        col(CoverRow.amount),
        col(CoverRow.haircut),
        col(CoverRow.valid_from),
        col(CoverRow.valid_until),
    ).where(of, col(CoverRow.superseded_at).is_(None))


_OWN_ORDERS = Prepared(_orders(col(Order.customer_id) == _WHOSE))
_OWN_COVERS = Prepared(_covers(col(CoverRow.customer_id) == _WHOSE))
_OTHERS_ORDERS = Prepared(_orders(col(Order.customer_id).in_(_OTHERS)))
_OTHERS_COVERS = Prepared(_covers(col(CoverRow.customer_id).in_(_OTHERS)))
_OTHERS_INVOICES = Prepared(
    select(
        col(Invoice.customer_id),
        col(Invoice.currency),
        type_coerce(func.sum(col(Invoice.amount) - col(Invoice.paid)), Money),
    )
    .where(
        col(Invoice.customer_id).in_(_OTHERS),
        col(Invoice.superseded_at).is_(None),
        col(Invoice.settled_on).is_(None),
    )
    .group_by(col(Invoice.customer_id), col(Invoice.currency))
)
_LIMIT = Prepared(
    select(
        col(CreditLimit.amount), col(CreditLimit.currency), col(CreditLimit.valid_until)
    ).where(
        col(CreditLimit.customer_id) == _WHOSE,
        col(CreditLimit.superseded_at).is_(None),
        col(CreditLimit.valid_from) <= bindparam("on"),
    )
)
_LEARNT = Prepared(
    select(
        select(func.max(col(ImportedFile.imported_at))).scalar_subquery(),
        select(func.max(col(Invoice.known_at)))
        .where(col(Invoice.customer_id) == _WHOSE, col(Invoice.superseded_at).is_(None))
        .scalar_subquery(),
        select(func.max(col(Payment.known_at)))
        .where(col(Payment.customer_id) == _WHOSE, col(Payment.superseded_at).is_(None))
        .scalar_subquery(),
    )
)


@dataclass(frozen=True, slots=True)
class Books:
    """What stands open at a customer beside its own invoices, and its cover."""

    claims: list[Claim] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)


def dated_rates(session: Session, on: date) -> dict[str, Rate]:
    """Return what a unit of each currency is worth in base currency, and since when."""
    rows = _RATES.rows(session, on=on)
    return {currency: Rate(rate, since) for currency, rate, since in rows}


def own_books(session: Session, customer_id: int) -> Books:
    """Return a customer's orders not yet invoiced, and its cover, lapsed ones too."""
    return Books(
        [_order(row) for row in _OWN_ORDERS.rows(session, whose=customer_id)],
        [_cover(row) for row in _OWN_COVERS.rows(session, whose=customer_id)],
    )


def others_books(session: Session, customer_id: int, group_id: int) -> list[Books]:
    """Return what stands open at each other company of the group, and its cover."""
    whose = {"whose": customer_id, "group": group_id}
    books: dict[int, Books] = defaultdict(Books)
    for member, currency, amount in _OTHERS_INVOICES.rows(session, **whose):
        books[member].claims.append(Claim("invoice", currency, Decimal(amount)))
    for row in _OTHERS_ORDERS.rows(session, **whose):
        books[row[0]].claims.append(_order(row))
    for row in _OTHERS_COVERS.rows(session, **whose):
        books[row[0]].covers.append(_cover(row))
    return [books[member] for member in sorted(books)]


def limit_begun(
    session: Session, customer_id: int, on: date
) -> tuple[Decimal, str, date | None] | None:
    """Return (amount, currency, valid until) of the limit, though it has run out.

    None: none is set, or it has not begun by `on`.
    """
    found = _LIMIT.rows(session, whose=customer_id, on=on)
    return (found[0][0], found[0][1], found[0][2]) if found else None


def learnt_at(session: Session, customer_id: int) -> datetime | None:
    """Return when the ledger was last updated: any file, or this customer's facts."""
    row = _LEARNT.rows(session, whose=customer_id)[0]
    return max((moment for moment in row if moment is not None), default=None)


def _order(row: Any) -> Claim:
    _, currency, amount, state, deliver_on = row
    kind: Kind = "delivery" if state == "delivered" else "order"
    return Claim(kind, currency, Decimal(amount), deliver_on)


def _cover(row: Any) -> Cover:
    return Cover(*row[1:])
