"""A customer's ledger as columns: what was invoiced, paid and ordered, as of a day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import BigInteger, func, select, type_coerce

from risk.habits import Orders
from risk.measures import OPEN, Ledger
from storage.as_of import Asked, View
from storage.columns import MONEY_SCALE
from storage.tables import Invoice, Order, Payment

Whole = npt.NDArray[np.int64]


def ledger(asked: Asked, ids: Whole, rate: Mapping[str, float]) -> Ledger:
    """Return the invoices of `ids` (ascending) that are in a currency of `rate`."""
    rows = [r for r in _invoices(asked) if r[1] in rate]
    worth = np.array([rate[r[1]] for r in rows], np.float64) / MONEY_SCALE
    amount = np.array([r[2] for r in rows], np.float64)
    paid = np.array([r[5] or 0 for r in rows], np.float64)
    settled = np.array([_ordinal(r[6]) for r in rows], np.int64)
    return Ledger(
        customer=places(ids, (r[0] for r in rows)),
        amount=amount * worth,
        open_amount=np.where(settled == OPEN, amount - paid, 0.0) * worth,
        issued=days(r[3] for r in rows),
        due=days(r[4] for r in rows),
        settled=settled,
        disputed=np.array([bool(r[7]) for r in rows], np.bool_),
        size=len(ids),
    )


def _invoices(asked: Asked) -> Sequence[Any]:
    """Return (customer, currency, amount, issued, due, paid, settled, disputed).

    As known then, an assumed invoice's dispute is left out: nobody knows its day.
    """
    columns: list[Any] = [
        Invoice.currency,
        units(Invoice.amount).label("amount"),
        Invoice.issued_on,
        Invoice.due_on,
        units(Invoice.paid).label("paid"),
        Invoice.settled_on,
        Invoice.disputed,
        Invoice.id,
        Invoice.assumed,
    ]
    each = asked.standing(Invoice, columns, [Invoice.number], Invoice.issued_on)
    rows = asked.rows(each)
    if asked.view.is_today:
        return rows
    paid = _paid(asked)
    return [_as_paid(row, paid.get(row[8], (0, None)), asked.view) for row in rows]


def _as_paid(row: Any, came: tuple[int, date | None], view: View) -> tuple[Any, ...]:
    """Return an invoice's row with what came in for it by the day of `view`."""
    paid, last = came
    customer, currency, amount, issued, due, _, settled, disputed, _, assumed = row
    known = view.known_at is None or not assumed
    covered = paid >= amount if amount > 0 else paid <= amount
    if view.known_at is None and settled is not None and settled <= view.on:
        last, covered = settled, True
    day = (last or issued) if covered else None
    return customer, currency, amount, issued, due, paid, day, disputed and known


def _paid(asked: Asked) -> dict[int, tuple[int, date]]:
    """Return how much of each invoice was paid by the day, and the last day of it."""
    columns: list[Any] = [
        Payment.invoice_id,
        units(Payment.amount).label("amount"),
        Payment.paid_on,
    ]
    each = asked.standing(Payment, columns, [Payment.reference], Payment.paid_on)
    one = each.subquery().c
    total = (
        select(one.invoice_id, func.sum(one.amount), func.max(one.paid_on))
        .where(one.invoice_id.is_not(None))
        .group_by(one.invoice_id)
    )
    return {row[0]: (int(row[1]), row[2]) for row in asked.rows(total)}


def orders(
    asked: Asked,
    ids: Whole,
    rate: Mapping[str, float],
    invoiced: Ledger,
) -> Orders:
    """Return what was ordered: what has been invoiced, and what is still to be."""
    columns: list[Any] = [
        Order.currency,
        units(Order.amount).label("amount"),
        Order.ordered_on,
        Order.state,
    ]
    each = asked.standing(Order, columns, [Order.number], Order.ordered_on)
    known = [r for r in asked.rows(each) if r[1] in rate]
    rows = [r for r in known if r[4] in {"open", "delivered"}]
    amount = [rate[r[1]] * r[2] / MONEY_SCALE for r in rows]
    return Orders(
        np.r_[invoiced.customer, places(ids, (r[0] for r in rows))],
        np.r_[invoiced.issued, days(r[3] for r in rows)],
        np.r_[invoiced.amount, np.array(amount, np.float64)],
        len(ids),
    )


def places(ids: Whole, customers: Iterable[int]) -> Whole:
    """Return the place in `ids` (ascending) of each of these customers."""
    return np.searchsorted(ids, np.fromiter(customers, np.int64)).astype(np.int64)


def days(dates: Iterable[date]) -> Whole:
    """Return dates as ordinals."""
    return np.fromiter((d.toordinal() for d in dates), np.int64)


def _ordinal(day: date | None) -> int:
    return OPEN if day is None else day.toordinal()


def units(column: Any) -> Any:
    """Return a money column as the whole number that the database keeps."""
    return type_coerce(column, BigInteger)
