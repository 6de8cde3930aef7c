"""A customer's ledger as columns: what was invoiced, paid and ordered, as of a day."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, select
from sqlmodel import col

from risk.habits import Orders
from risk.measures import OPEN, Ledger
from storage.as_of import Asked, Form
from storage.reading import ordinal, units
from storage.tables import Invoice, Order, Payment

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def ledger(asked: Asked, ids: Whole, rate: Mapping[str, float]) -> Ledger:
    """Return the invoices of `ids` (ascending) that are in a currency of `rate`."""
    rows = asked.table(_ask_invoices, rate)
    rows = rows[:, np.isfinite(rows[1])]
    whose, value, amount, issued, due, paid, settled, disputed, *more = rows
    if not asked.view.is_today:
        number, assumed = more
        paid, settled = _as_paid(asked, number, amount, settled, issued)
        disputed = disputed * ((asked.view.known_at is None) | (assumed == 0))
    is_open = np.isnan(settled)
    return Ledger(
        customer=places(ids, whose),
        amount=amount * value,
        open_amount=np.where(is_open, amount - paid, 0.0) * value,
        issued=issued.astype(np.int64),
        due=due.astype(np.int64),
        settled=np.where(is_open, OPEN, np.nan_to_num(settled).astype(np.int64)),
        disputed=disputed > 0,
        size=len(ids),
    )


def _ask_invoices(form: Form) -> Any:
    """Ask (customer, worth, amount, issued, due, paid, settled, disputed, …).

    As of another day than today also the id, and whether the fact is assumed: as known
    then, an assumed invoice's dispute is left out, for nobody knows its day.
    """
    columns: list[Any] = [
        form.worth(Invoice.currency).label("worth"),
        units(Invoice.amount).label("amount"),
        ordinal(col(Invoice.issued_on)).label("issued"),
        ordinal(col(Invoice.due_on)).label("due"),
        units(Invoice.paid).label("paid"),
        ordinal(col(Invoice.settled_on)).label("settled"),
        col(Invoice.disputed).label("disputed"),
    ]
    if not form.is_today:
        columns += [col(Invoice.id), col(Invoice.assumed)]
    return form.standing(Invoice, columns, [Invoice.number], Invoice.issued_on)


def _as_paid(
    asked: Asked, number: Array, amount: Array, settled: Array, issued: Array
) -> tuple[Array, Array]:
    """Return what came in for each invoice by the day, and when that paid it."""
    came, last = _paid(asked, number)
    covered = np.where(amount > 0, came >= amount, came <= amount)
    if asked.view.known_at is None:
        was = settled <= asked.view.on.toordinal()
        last, covered = np.where(was, settled, last), covered | was
    return came, np.where(covered, np.where(np.isnan(last), issued, last), np.nan)


def _paid(asked: Asked, number: Array) -> tuple[Array, Array]:
    """Return how much of each invoice was paid by the day, and the last day of it."""
    which, came, last = asked.table(_ask_payments)
    place = np.searchsorted(which, number)
    there = place < len(which)
    there[there] = which[place[there]] == number[there]
    found, day = np.zeros(len(number)), np.full(len(number), np.nan)
    found[there], day[there] = came[place[there]], last[place[there]]
    return found, day


def _ask_payments(form: Form) -> Any:
    """Ask (invoice id, amount paid, last day), by invoice."""
    columns: list[Any] = [
        Payment.invoice_id,
        units(Payment.amount).label("amount"),
        ordinal(col(Payment.paid_on)).label("paid_on"),
    ]
    each = form.standing(Payment, columns, [Payment.reference], Payment.paid_on)
    one = each.subquery().c
    return (
        select(one.invoice_id, func.sum(one.amount), func.max(one.paid_on))
        .where(one.invoice_id.is_not(None))
        .group_by(one.invoice_id)
        .order_by(one.invoice_id)
    )


def orders(
    asked: Asked,
    ids: Whole,
    rate: Mapping[str, float],
    invoiced: Ledger,
    *,
    known: bool = True,
) -> Orders:
    """Return what was ordered: what has been invoiced, and what is still to be.

    Where no orders are `known`, only what has been invoiced.
    """
    if not known:
        return Orders(
            invoiced.customer, invoiced.issued, invoiced.amount, invoiced.size
        )
    whose, amount, day, waits = asked.table(_ask_orders, rate)
    kept = np.isfinite(amount) & (waits > 0)
    return Orders(
        np.r_[invoiced.customer, places(ids, whose[kept])],
        np.r_[invoiced.issued, day[kept].astype(np.int64)],
        np.r_[invoiced.amount, amount[kept]],
        len(ids),
    )


def _ask_orders(form: Form) -> Any:
    """Ask (customer, amount, day, whether it is not invoiced yet)."""
    columns: list[Any] = [
        (form.worth(Order.currency) * units(Order.amount)).label("amount"),
        ordinal(col(Order.ordered_on)).label("day"),
        col(Order.state).in_(("open", "delivered")).label("waits"),
    ]
    return form.standing(Order, columns, [Order.number], Order.ordered_on)


def places(ids: Whole, customers: Iterable[float]) -> Whole:
    """Return the place in `ids` (ascending) of each of these customers."""
    if not isinstance(customers, np.ndarray):
        customers = np.fromiter(customers, np.int64)
    return np.searchsorted(ids, customers.astype(np.int64)).astype(np.int64)


def days(dates: Iterable[date]) -> Whole:
    """Return dates as ordinals."""
    return np.fromiter((d.toordinal() for d in dates), np.int64)
