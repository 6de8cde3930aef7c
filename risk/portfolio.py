"""Every customer's position at once: the sums and classes of `behaviour`, as arrays.

Amounts are whole units of the base currency (the caller says how small), kept as 64-bit
integers, so that sums are exact. All arrays stand in the order of `ids`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from risk.behaviour import BEYOND_TERMS, MATERIAL_SHARE, OVERDUE_DAYS
from risk.receivables import BUCKETS

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

UNKNOWN = -1
"""A grade or a limit that nobody knows; a limit of 0 is *cash only*."""


@dataclass(frozen=True, slots=True)
class Items:
    """Open items: whose, how many days past due (negative is not due), how much."""

    customer: Integers
    days: Integers
    amount: Integers
    """Negative for a credit note, which lowers what is owed."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """An amount a customer, where there is one."""

    customer: Integers
    amount: Integers


@dataclass(frozen=True, slots=True)
class History:
    """What customers settled: their amount, and their amount times days late."""

    customer: Integers
    amount: NDArray[np.float64]
    weighted: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """How each customer of `ids` (ascending) stands."""

    ids: Integers
    exposure: Integers
    """What we would lose today: open items and orders, less cover."""
    buckets: Integers
    """Open items by days past due, one row a customer: not due, 1–30, …, > 90."""
    overdue: Integers
    """What is past due, credit notes deducted."""
    days: Integers
    """Days past due of the oldest material open item."""
    grade: Integers
    """0–4 for A–E, by the score, else by payment behaviour alone; −1: not known."""
    limit: Integers
    """−1 where none is set."""

    @property
    def over_limit(self) -> Booleans:
        """Return who owes more than their limit; never where none is set."""
        over: Booleans = (self.limit >= 0) & (self.exposure > self.limit)
        return over


def portfolio(
    ids: Integers,
    items: Items,
    *,
    history: History,
    orders: Amounts,
    cover: Amounts,
    limits: Amounts,
    scored: Amounts | None = None,
) -> Portfolio:
    """Return how the customers `ids` stand; facts of others are left out.

    `scored` has the grade, 0–4, of those whose score gave one.
    """
    place = np.searchsorted(ids, items.customer)
    buckets = np.zeros((len(ids), len(BUCKETS) + 1), np.int64)
    bucket = np.searchsorted(np.array(BUCKETS), items.days)
    np.add.at(buckets, (place, bucket), items.amount)
    gross = buckets.sum(axis=1) + _summed(ids, orders)
    net = gross - np.minimum(_summed(ids, cover), np.maximum(gross, 0))
    days = _oldest_material(len(ids), place, items)
    limit = np.full(len(ids), UNKNOWN, np.int64)
    limit[np.searchsorted(ids, limits.customer)] = limits.amount
    overdue = buckets[:, 1:].sum(axis=1)
    grade = _grades(ids, history, days, overdue)
    if scored is not None:
        grade[np.searchsorted(ids, scored.customer)] = scored.amount
    return Portfolio(ids, net, buckets, overdue, days, grade, limit)


def _summed(ids: Integers, amounts: Amounts) -> Integers:
    total = np.zeros(len(ids), np.int64)
    np.add.at(total, np.searchsorted(ids, amounts.customer), amounts.amount)
    return total


def _oldest_material(count: int, place: Integers, items: Items) -> Integers:
    """Return the days past due from which a material share of what is open is late."""
    positive = np.zeros(count, np.int64)
    claims = items.amount > 0
    np.add.at(positive, place[claims], items.amount[claims])
    late = claims & (items.days > 0)
    whose, days, amount = place[late], items.days[late], items.amount[late]
    order = np.lexsort((-days, whose))
    whose, days, amount = whose[order], days[order], amount[order]
    running = np.cumsum(amount)
    starts = np.flatnonzero(np.diff(whose, prepend=-1))
    before = np.zeros(count, np.int64)
    before[whose[starts]] = running[starts] - amount[starts]
    reached = running - before[whose]
    material = reached >= float(MATERIAL_SHARE) * positive[whose]
    oldest = np.zeros(count, np.int64)
    np.maximum.at(oldest, whose[material], days[material])
    return oldest


def _grades(
    ids: Integers, history: History, days: Integers, overdue: Integers
) -> Integers:
    """Return the worse of two counts: days beyond terms so far, days overdue now."""
    paid, weighted = np.zeros(len(ids)), np.zeros(len(ids))
    place = np.searchsorted(ids, history.customer)
    np.add.at(paid, place, history.amount)
    np.add.at(weighted, place, history.weighted)
    known = paid > 0
    beyond = np.divide(weighted, paid, out=np.zeros(len(ids)), where=known)
    by_history = np.searchsorted(np.array(BEYOND_TERMS), np.where(known, beyond, 0.0))
    by_overdue = np.searchsorted(np.array(OVERDUE_DAYS), days)
    grade: Integers = np.where(
        known | (overdue != 0), np.maximum(by_history, by_overdue), UNKNOWN
    ).astype(np.int64)
    return grade
