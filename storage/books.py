"""What is held against customers beside invoices, and what protects us, as columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import case, select
from sqlmodel import col

from risk.monitor.observed import Books, Dated
from storage.as_of import Asked
from storage.ledgers import Whole, places
from storage.reading import ordinal, table, units, worth
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
    columns = [
        (units(CreditLimit.amount) * worth(CreditLimit.currency, rate)).label("amount"),
        ordinal(col(CreditLimit.valid_until)).label("ends"),
    ]
    each = asked.standing(CreditLimit, columns, [], CreditLimit.valid_from)
    whose, amount, ends = table(asked.session, each)
    limit, last = np.full(len(ids), np.nan), np.full(len(ids), np.nan)
    place = places(ids, whose)
    limit[place], last[place] = amount, ends
    return limit, last


def _orders(asked: Asked, ids: Whole, rate: Rates) -> Dated:
    if not asked.knows_any(Order):
        return Dated.none()
    columns = [
        _kind(Order.state, STATES).label("kind"),
        (units(Order.amount) * worth(Order.currency, rate)).label("amount"),
        ordinal(col(Order.ordered_on)).label("begins"),
        ordinal(col(Order.deliver_on)).label("ends"),
    ]
    each = asked.standing(Order, columns, [Order.number], Order.ordered_on)
    if asked.view.known_at is None:
        each = each.where(col(Order.state).in_(STATES))
    return _dated(asked, ids, each, STATES)


def _covers(asked: Asked, ids: Whole, rate: Rates) -> Dated:
    if not asked.knows_any(Cover):
        return Dated.none()
    counts = units(Cover.amount) * worth(Cover.currency, rate)
    columns = [
        _kind(Cover.kind, COVERS).label("kind"),
        (counts * (1 - col(Cover.haircut))).label("amount"),
        ordinal(col(Cover.valid_from)).label("begins"),
        ordinal(col(Cover.valid_until)).label("ends"),
    ]
    each = asked.standing(Cover, columns, [Cover.reference], Cover.valid_from)
    return _dated(asked, ids, each, COVERS, every=True)


def _clauses(asked: Asked, ids: Whole) -> Dated:
    """Return clauses and reviews, whenever they end; what counts is when we learnt."""
    if not asked.knows_any(Clause):
        return Dated.none()
    columns = [
        _kind(Clause.kind, CLAUSES).label("kind"),
        (ordinal(col(Clause.ends_on)) * 0).label("amount"),
        (ordinal(col(Clause.ends_on)) * 0).label("begins"),
        ordinal(col(Clause.ends_on)).label("ends"),
    ]
    each = asked.standing(Clause, columns, [Clause.kind, Clause.reference], None)
    return _dated(asked, ids, each, CLAUSES)


def _promises(asked: Asked, ids: Whole, rate: Rates) -> Dated:
    if not asked.knows_any(PaymentPromise):
        return Dated.none()
    columns = [
        _kind(PaymentPromise.state, PROMISES).label("kind"),
        (units(PaymentPromise.amount) * worth(PaymentPromise.currency, rate)).label(
            "amount"
        ),
        ordinal(col(PaymentPromise.promised_on)).label("begins"),
        ordinal(col(PaymentPromise.due_on)).label("ends"),
    ]
    key: list[Any] = [PaymentPromise.reference]
    own_date = PaymentPromise.promised_on
    each = asked.standing(PaymentPromise, columns, key, own_date)
    return _dated(asked, ids, each, PROMISES)


def _partial(asked: Asked, ids: Whole, rate: Rates) -> Dated:
    """Return the payments that did not pay their invoice in full by themselves."""
    if not asked.knows_any(Payment):
        return Dated.none()
    columns = [
        units(Payment.amount).label("paid"),
        ordinal(col(Payment.paid_on)).label("begins"),
        col(Payment.invoice_id).label("invoice_id"),
        col(Payment.kind).label("sort"),
        worth(Payment.currency, rate).label("worth"),
    ]
    each = asked.standing(Payment, columns, [Payment.reference], Payment.paid_on)
    one = each.subquery().c
    parts = (
        select(one.customer_id, one.paid * one.worth, one.begins)
        .join(Invoice, col(Invoice.id) == one.invoice_id)
        .where(one.sort == "payment", one.paid > 0, one.paid < units(Invoice.amount))
    )
    whose, amount, begins = table(asked.session, parts)
    kept = np.isfinite(amount)
    place = places(ids, whose[kept])
    ends = np.full(len(place), np.nan)
    return Dated(place, ["payment"] * len(place), amount[kept], begins[kept], ends)


def _hold(asked: Asked, ids: Whole) -> Any:
    held = select(col(Customer.id)).where(
        asked.who.among(Customer.id), col(Customer.hold)
    )
    hold = np.zeros(len(ids))
    hold[places(ids, table(asked.session, held)[0])] = 1.0
    return hold


def _dated(
    asked: Asked,
    ids: Whole,
    question: Any,
    names: Sequence[str],
    *,
    every: bool = False,
) -> Dated:
    """Return a question's (customer, kind, amount, begins, ends) as columns.

    A kind beyond `names` is left out, or `other` if `every` is wanted.
    """
    whose, kind, amount, begins, ends = table(asked.session, question)
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
