"""What stands open, what the limit leaves, on which path, and what runs out when.

Source: the domain reference, 3.5.
"""

import numpy as np

from risk.measures import OPEN, Ledger
from risk.monitor.columns import Array, Bools, Whole, count, edge, total
from risk.monitor.observed import Books, Dated
from risk.policy import Policy

PATH_DAYS = 30
GUARANTEE = "guarantee"


def limit_facts(
    policy: Policy, known: Ledger, books: Books, today: int
) -> dict[str, Array]:
    """Return open, overdue, exposure, what the limit leaves, and for how long."""
    size, is_open = known.size, known.settled == OPEN
    bills = total(known.customer[is_open], known.open_amount[is_open], size)
    overdue = is_open & (known.due < today)
    late = total(known.customer[overdue], known.open_amount[overdue], size)
    owed = is_open & (known.open_amount > 0)
    gross, covered = _gross(policy, bills, books, today), _covered(books, today, size)
    exposure = gross - np.minimum(covered, gross)
    growth = (bills - _open_on(known, today - PATH_DAYS)) / PATH_DAYS
    headroom = books.limit - exposure
    full = np.full(size, np.nan)
    rising = (growth > 0) & (headroom > 0)
    full[rising] = headroom[rising] / growth[rising]
    seen = np.bincount(known.customer, minlength=size) > 0
    return {
        "open_amount": bills,
        "open_count": count(known.customer[owed], size),
        "overdue": np.maximum(late, 0.0),
        "exposure": exposure,
        "covered": np.minimum(covered, gross),
        "limit": books.limit,
        "headroom": headroom,
        "utilisation": used(exposure, books.limit),
        "growth_per_day": np.where(seen, growth, np.nan),
        "days_until_full": full,
        "open_orders": count(books.orders.customer, size),
        "hold": books.hold,
    }


def used(exposure: Array, limit: Array) -> Array:
    """Return exposure ÷ limit; infinite over a limit of 0; NaN where none is set."""
    share: Array = np.full(len(limit), np.nan)
    np.divide(exposure, limit, out=share, where=limit > 0)
    nothing = np.where(exposure > 0, np.inf, 0.0)
    return np.where(limit == 0, nothing, share)


def lapse_facts(
    policy: Policy, known: Ledger, books: Books, today: int
) -> dict[str, Array]:
    """Return days to what runs out next, and what that does to limit and orders.

    utilisation_after tells of the next lapse of a cover: less cover, the same limit.
    """
    size = known.size
    guarantee = np.array([k == GUARANTEE for k in books.covers.kind], np.bool_)
    review = np.array([k == "review" for k in books.clauses.kind], np.bool_)
    cover = _next(books.covers, ~guarantee, today, size)
    held = _next(books.covers, guarantee, today, size)
    ends = np.fmin(cover, held) + today
    is_open = known.settled == OPEN
    bills = total(known.customer[is_open], known.open_amount[is_open], size)
    gross = _gross(policy, bills, books, today)
    left = _lasting(books.covers, ends, today, size)
    after = used(gross - np.minimum(left, gross), books.limit)
    limit = np.where(books.limit > 0, books.limit_ends - today, np.nan)
    lapses = np.fmin(ends, np.where(limit >= 0, books.limit_ends, np.nan))
    beyond = ~(books.orders.ends <= lapses[books.orders.customer])
    beyond &= ~np.isnan(lapses[books.orders.customer])
    affected = count(books.orders.customer[beyond], size)
    clauses = books.clauses
    return {
        "cover_days": cover,
        "guarantee_days": held,
        "limit_days": limit,
        "clause_days": _next(clauses, ~review, today, size),
        "review_days": _earliest(clauses, review, today, size),
        "utilisation_after": np.where(np.isnan(ends), np.nan, after),
        "orders_after": np.where(np.isnan(lapses), np.nan, affected),
    }


def _gross(policy: Policy, bills: Array, books: Books, today: int) -> Array:
    """Return open items and orders within the horizon; credit is no exposure."""
    orders, end = books.orders, today + policy.check.horizon_days
    delivered = np.array([k == "delivered" for k in orders.kind], np.bool_)
    counts = delivered | ~(orders.ends > end)
    size = len(bills)
    ordered = total(orders.customer[counts], orders.amount[counts], size)
    return np.maximum(bills + ordered, 0.0)


def _covered(books: Books, today: int, size: int) -> Array:
    holds = _holds(books.covers, today)
    return total(books.covers.customer[holds], books.covers.amount[holds], size)


def _holds(things: Dated, today: int) -> Bools:
    begun = ~(things.begins > today)
    lasts: Bools = begun & ~(things.ends < today)
    return lasts


def _lasting(covers: Dated, ends: Array, today: int, size: int) -> Array:
    """Return the cover that still holds the day after each customer's next lapse."""
    lasts = _holds(covers, today) & ~(covers.ends <= ends[covers.customer])
    return total(covers.customer[lasts], covers.amount[lasts], size)


def _next(things: Dated, chosen: Bools, today: int, size: int) -> Array:
    """Return the days until the first of what holds today ends."""
    rows = chosen & _holds(things, today) & ~np.isnan(things.ends)
    return edge(things.customer[rows], things.ends[rows], size, least=True) - today


def _earliest(things: Dated, chosen: Bools, today: int, size: int) -> Array:
    """Return the days until the first of them, which may be over."""
    rows = chosen & ~np.isnan(things.ends)
    return edge(things.customer[rows], things.ends[rows], size, least=True) - today


def _open_on(known: Ledger, day: int) -> Array:
    """Return what was open on an earlier day, by what is known now."""
    then = (known.issued <= day) & (known.settled > day)
    amount = np.where(known.settled == OPEN, known.open_amount, known.amount)
    whose: Whole = known.customer[then]
    return total(whose, amount[then], known.size)
