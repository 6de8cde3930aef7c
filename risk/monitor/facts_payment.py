"""How each customer pays now, held against how it has always paid.

Medians and median absolute deviations, so that one odd invoice makes no habit.
"""

import numpy as np

from risk.measures import OPEN, RECENT_DAYS, Ledger
from risk.monitor.columns import (
    Array,
    Bools,
    Spread,
    Whole,
    count,
    edge,
    habit,
    middle_of,
    share,
    total,
)
from risk.monitor.observed import Books

VERY_LATE, LAST_FEW, ALL_BUT_FEW = 15, 3, 0.9
LEAST_SPREAD = 2.0
"""Days: who always paid to the day is not judged by a day more."""

BACK = (90, 120, 150, 180, 210, 240)
"""Days ago at which days of sales outstanding are looked at, for what is usual."""

MONTH, MONTHS = 30, 12
LEAST_MONTHS = 6
"""Of twelve with sales; who buys now and then has no days of sales to speak of."""


def payment_habits(known: Ledger, books: Books, today: int) -> dict[str, Array]:
    """Return days late now and usually, shares that are late, part payments, disputes.

    `known` is the ledger as known on the day.
    """
    size = known.size
    paid = (known.settled != OPEN) & (known.amount > 0)
    owed = (known.settled == OPEN) & (known.open_amount > 0)
    late = np.where(paid, known.settled, today) - known.due
    recent = (paid & (known.settled > today - RECENT_DAYS)) | (owed & (late > 0))
    before = paid & ~recent
    now = Spread(known.customer[recent], late[recent], size)
    usual, spread = habit(known.customer[before], late[before], size)
    slower = now.quantile(0.5) - usual
    return {
        "days_late_recent": now.quantile(0.5),
        "days_late_usual": usual,
        "days_late_spread": spread,
        "slower_by": slower,
        "slower_deviations": slower / np.maximum(spread, LEAST_SPREAD),
        "paid_recent": now.count.astype(np.float64),
        "paid_before": count(known.customer[before], size),
        **_all_paid(known, paid, late),
        **_first_overdue(known, paid, owed, late),
        **_disputes(known, paid | owed, today),
        **_parts(known, books, today),
    }


def _all_paid(known: Ledger, paid: Bools, late: Whole) -> dict[str, Array]:
    """Return how late what was paid has been, each invoice counting the same."""
    size, whose, days = known.size, known.customer[paid], late[paid]
    number = count(whose, size)
    return {
        "days_late_mean": share(total(whose, days, size), number),
        "days_late_high": Spread(whose, days, size).quantile(ALL_BUT_FEW),
        "late_share": share(total(whose, days > 0, size), number),
        "very_late_share": share(total(whose, days > VERY_LATE, size), number),
        "days_late_last": _last(whose, known.settled[paid], days, size),
    }


def _last(whose: Whole, settled: Whole, days: Whole, size: int) -> Array:
    """Return the mean days late of the few invoices that were paid last."""
    order = np.lexsort((settled, whose))
    whose, days = whose[order], days[order]
    ends = np.cumsum(np.bincount(whose, minlength=size))
    last = ends[whose] - np.arange(len(whose)) <= LAST_FEW
    number = count(whose[last], size)
    return share(total(whose[last], days[last], size), number)


def _first_overdue(
    known: Ledger, paid: Bools, owed: Bools, late: Whole
) -> dict[str, Array]:
    """Return what is overdue, and whether that never was before."""
    size, overdue = known.size, owed & (late > 0)
    whose = known.customer[overdue]
    seen = np.bincount(known.customer, minlength=size) > 0
    now = count(whose, size)
    before = total(known.customer[paid], late[paid] > 0, size)
    never = (now > 0) & (before == 0) & (count(known.customer[paid], size) > 0)
    oldest = np.nan_to_num(edge(whose, late[overdue], size))
    return {
        "overdue_count": np.where(seen, now, np.nan),
        "overdue_oldest": np.where(seen, oldest, np.nan),
        "first_overdue": np.where(seen, never.astype(np.float64), np.nan),
    }


def _disputes(known: Ledger, told: Bools, today: int) -> dict[str, Array]:
    found = {}
    recent = told & (known.issued > today - RECENT_DAYS)
    for name, rows in (("recent", recent), ("usual", told & ~recent)):
        whose, amount = known.customer[rows], known.amount[rows]
        disputed = total(whose, amount * known.disputed[rows], known.size)
        found[f"disputed_{name}"] = share(disputed, total(whose, amount, known.size))
    return found


def _parts(known: Ledger, books: Books, today: int) -> dict[str, Array]:
    """Return part payments of the last 90 days, and in 90 days of those before."""
    size, parts = known.size, books.partial
    recent = parts.begins > today - RECENT_DAYS
    first = edge(known.customer, known.issued, size, least=True)
    spans = (today - RECENT_DAYS - first) / RECENT_DAYS
    before = count(parts.customer[~recent], size)
    seen = np.bincount(known.customer, minlength=size) > 0
    return {
        "partial_recent": np.where(seen, count(parts.customer[recent], size), np.nan),
        "partial_usual": np.where(spans >= 1, share(before, spans), np.nan),
    }


def sales_days(known: Ledger, today: int) -> dict[str, Array]:
    """Return days of sales outstanding, counted back, now and usually.

    Source: the domain reference, 3.2; months are of 30 days. Unknown where what is open
    exceeds a year's sales, or sales are few and far between.
    """
    now = _counted_back(known, today)
    back = np.stack([_counted_back(known, today - days) for days in BACK])
    told = np.isfinite(back).sum(axis=0) > len(BACK) // 2
    usual = np.where(told, middle_of(back.T), np.nan)
    return {"dso": now, "dso_usual": usual}


def _counted_back(known: Ledger, day: int) -> Array:
    """Return the days of sales that were outstanding on a day."""
    issued = known.issued <= day
    was_open = issued & (known.settled > day)
    amount = np.where(known.settled == OPEN, known.open_amount, known.amount)
    size = known.size
    left = total(known.customer[was_open], amount[was_open], size)
    sales = issued & (known.issued > day - MONTH * MONTHS) & (known.amount > 0)
    month = (day - known.issued[sales]) // MONTH
    place = known.customer[sales] * MONTHS + month
    by_month = total(place, known.amount[sales], size * MONTHS).reshape(size, MONTHS)
    left = np.maximum(left, 0.0)
    days, seen = np.zeros(size), (by_month > 0).sum(axis=1) >= LEAST_MONTHS
    for sold in by_month.T:
        part = np.ones(size)
        np.divide(left, sold, out=part, where=sold > 0)
        taken = np.where(left > 0, np.minimum(part, 1.0), 0.0)
        days += MONTH * taken
        left = np.maximum(left - sold, 0.0)
    return np.where(seen & (left <= 0), days, np.nan)
