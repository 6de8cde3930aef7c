"""What is held against customers beside invoices, and what protects us, as columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import case, select
from sqlmodel import col

from risk.monitor.observed import Books, Dated
from storage.as_of import Asked, Form
from storage.ledgers import Whole, places
from storage.reading import Table, ordinal, units
from storage.tables import (
    Clause,
    Cover,
    CreditLimit,
    Customer,
    Invoice,
    Order,
    Payment,
    PaymentPromise,
)

STATES = ("open", "delivered")
COVERS = ("guarantee", "insurance", "deposit", "letter_of_credit")
CLAUSES = ("clause", "review")
PROMISES = ("open", "kept", "partly", "broken")
OTHER = "other"

Rates = Mapping[str, float]


def books(asked: Asked, ids: Whole, rate: Rates) -> Books:
    """Return limits, orders, cover, clauses and promises of `ids` (ascending).

    What is in a currency without a rate is left out; a limit in one is unknown.
    """
    limit, ends = _limits(asked, ids, rate)
    return Books(
        limit=limit,
        limit_ends=ends,
        orders=_orders(asked, ids, rate),
        covers=_covers(asked, ids, rate),
        clauses=_clauses(asked, ids),
        promises=_promises(asked, ids, rate),
        partial=_partial(asked, ids, rate),
        hold=_hold(asked, ids),
    )


def _limits(asked: Asked, ids: Whole, rate: Rates) -> tuple[Any, Any]:
    whose, amount, ends = asked.table(_ask_limits, rate)
    limit, last = np.full(len(ids), np.nan), np.full(len(ids), np.nan)
    place = places(ids, whose)
    limit[place], last[place] = amount, ends
    return limit, last


def _ask_limits(form: Form) -> Any:
    columns = [
        (units(CreditLimit.amount) * form.worth(CreditLimit.currency)).label("amount"),
        ordinal(col(CreditLimit.valid_until)).label("ends"),
    ]
    return form.standing(CreditLimit, columns, [], CreditLimit.valid_from)


def _orders(asked: Asked, ids: Whole, rate: Rates) -> Dated:
    if not asked.knows_any(Order):
        return Dated.none()
    return _dated(ids, asked.table(_ask_orders, rate), STATES)


def _ask_orders(form: Form) -> Any:
    columns = [
        _kind(Order.state, STATES).label("kind"),
        (units(Order.amount) * form.worth(Order.currency)).label("amount"),
        ordinal(col(Order.ordered_on)).label("begins"),
        ordinal(col(Order.deliver_on)).label("ends"),
    ]
    each = form.standing(Order, columns, [Order.number], Order.ordered_on)
    return each if form.is_then else each.where(col(Order.state).in_(STATES))


def _covers(asked: Asked, ids: Whole, rate: Rates) -> Dated:
    if not asked.knows_any(Cover):
        return Dated.none()
    return _dated(ids, asked.table(_ask_covers, rate), COVERS, every=True)


def _ask_covers(form: Form) -> Any:
    counts = units(Cover.amount) * form.worth(Cover.currency)
    columns = [
        _kind(Cover.kind, COVERS).label("kind"),
        (counts * (1 - col(Cover.haircut))).label("amount"),
        ordinal(col(Cover.valid_from)).label("begins"),
        ordinal(col(Cover.valid_until)).label("ends"),
    ]
    return form.standing(Cover, columns, [Cover.reference], Cover.valid_from)


def _clauses(asked: Asked, ids: Whole) -> Dated:
    """Return clauses and reviews, whenever they end; what counts is when we learnt."""
    if not asked.knows_any(Clause):
        return Dated.none()
    return _dated(ids, asked.table(_ask_clauses), CLAUSES)


def _ask_clauses(form: Form) -> Any:
    columns = [
        _kind(Clause.kind, CLAUSES).label("kind"),
        (ordinal(col(Clause.ends_on)) * 0).label("amount"),
        (ordinal(col(Clause.ends_on)) * 0).label("begins"),
        ordinal(col(Clause.ends_on)).label("ends"),
    ]
    return form.standing(Clause, columns, [Clause.kind, Clause.reference], None)


def _promises(asked: Asked, ids: Whole, rate: Rates) -> Dated:
    if not asked.knows_any(PaymentPromise):
        return Dated.none()
    return _dated(ids, asked.table(_ask_promises, rate), PROMISES)


def _ask_promises(form: Form) -> Any:
    columns = [
        _kind(PaymentPromise.state, PROMISES).label("kind"),
        (units(PaymentPromise.amount) * form.worth(PaymentPromise.currency)).label(
            "amount"
        ),
        ordinal(col(PaymentPromise.promised_on)).label("begins"),
        ordinal(col(PaymentPromise.due_on)).label("ends"),
    ]
    key: list[Any] = [PaymentPromise.reference]
    own_date = PaymentPromise.promised_on
    return form.standing(PaymentPromise, columns, key, own_date)


def _partial(asked: Asked, ids: Whole, rate: Rates) -> Dated:
    """Return the payments that did not pay their invoice in full by themselves."""
    if not asked.knows_any(Payment):
        return Dated.none()
    whose, amount, begins = asked.table(_ask_partial, rate)
    kept = np.isfinite(amount)
    place = places(ids, whose[kept])
    ends = np.full(len(place), np.nan)
    return Dated(place, ["payment"] * len(place), amount[kept], begins[kept], ends)


def _ask_partial(form: Form) -> Any:
    columns = [
        units(Payment.amount).label("paid"),
        ordinal(col(Payment.paid_on)).label("begins"),
        col(Payment.invoice_id).label("invoice_id"),
        col(Payment.kind).label("sort"),
        form.worth(Payment.currency).label("worth"),
    ]
    each = form.standing(Payment, columns, [Payment.reference], Payment.paid_on)
    one = each.subquery().c
    return (
        select(one.customer_id, one.paid * one.worth, one.begins)
        .join(Invoice, col(Invoice.id) == one.invoice_id)
        .where(one.sort == "payment", one.paid > 0, one.paid < units(Invoice.amount))
    )


def _hold(asked: Asked, ids: Whole) -> Any:
    hold = np.zeros(len(ids))
    hold[places(ids, asked.table(_ask_held)[0])] = 1.0
    return hold


def _ask_held(form: Form) -> Any:
    return select(col(Customer.id)).where(form.among(Customer.id), col(Customer.hold))


def _dated(
    ids: Whole,
    rows: Table,
    names: Sequence[str],
    *,
    every: bool = False,
) -> Dated:
    """Return the columns (customer, kind, amount, begins, ends) of rows.

    A kind beyond `names` is left out, or `other` if `every` is wanted.
    """
    whose, kind, amount, begins, ends = rows
    kept = np.isfinite(amount) & (every | (kind < len(names)))
    called = [*names, OTHER]
    return Dated(
        places(ids, whose[kept]),
        [called[int(n)] for n in kind[kept]],
        amount[kept],
        begins[kept],
        ends[kept],
    )


def _kind(column: Any, names: Sequence[str]) -> Any:
    """Return, as SQL, a text's place in `names`; one past the end for any other."""
    known = {name: n for n, name in enumerate(names)}
    return case(known, value=col(column), else_=len(names))
