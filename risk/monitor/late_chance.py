"""The chance that a customer lets an invoice pass far beyond its due date, soon.

How late it pays is taken as normal around its own mean, the last payments counting
more; an invoice that is overdue already has come part of the way.
"""

import numpy as np

from risk.measures import OPEN, Ledger
from risk.monitor.columns import Array, Bools, total

LATE, WITHIN = 15, 90
"""Days past due that are far beyond; days from now in which it may happen."""

HALF_LIFE = 365
"""Days after which a payment counts half."""

USUAL_SPREAD, WEIGHT = 7.0, 4.0
"""Days late of one customer vary by so much where too little is known; as much as so
many invoices would say."""

RATE_DAYS = 180


def late_chance(known: Ledger, today: int) -> Array:
    """Return the chance that an invoice passes 15 days late, unpaid, within 90 days.

    NaN where nothing was paid yet.
    """
    size = known.size
    paid = (known.settled != OPEN) & (known.amount > 0)
    owed = (known.settled == OPEN) & (known.open_amount > 0)
    mean, spread = _habit(known, paid, today)
    usual = np.log1p(-_tail(np.full(size, LATE + 0.5), mean, spread))
    so_far = today - known.due
    waits = owed & (so_far <= LATE)
    whose = known.customer[waits]
    reached = np.where(so_far[waits] > 0, so_far[waits], -np.inf)
    beyond = _tail(np.full(len(whose), LATE + 0.5), mean[whose], spread[whose])
    there = _tail(reached, mean[whose], spread[whose])
    kept = np.log1p(-np.minimum(beyond / np.maximum(there, 1e-9), 1 - 1e-9))
    recent = (known.amount > 0) & (known.issued > today - RATE_DAYS)
    rate = total(known.customer[recent], np.ones(recent.sum()), size) / RATE_DAYS
    term = _term(known, size)
    fresh = rate * np.clip(WITHIN - LATE - term, 0, WITHIN)
    safe = total(whose, kept, size) + fresh * usual
    return np.where(np.isnan(mean), np.nan, -np.expm1(np.nan_to_num(safe)))


def _habit(known: Ledger, paid: Bools, today: int) -> tuple[Array, Array]:
    """Return the mean days late of each, and how far single invoices lie from it."""
    size, whose = known.size, known.customer[paid]
    late = (known.settled - known.due)[paid].astype(np.float64)
    weight = np.exp2(-(today - known.settled[paid]) / HALF_LIFE)
    seen = total(whose, weight, size)
    mean = np.full(size, np.nan)
    np.divide(total(whose, weight * late, size), seen, out=mean, where=seen > 0)
    off = total(whose, weight * (late - mean[whose]) ** 2, size)
    spread = np.sqrt((off + WEIGHT * USUAL_SPREAD**2) / (seen + WEIGHT))
    return mean, spread


def _term(known: Ledger, size: int) -> Array:
    """Return the mean days from invoice to due date; 0 where there are none."""
    claims = known.amount > 0
    whose = known.customer[claims]
    days = (known.due - known.issued)[claims]
    number = np.maximum(total(whose, np.ones(len(whose)), size), 1.0)
    return total(whose, days, size) / number


def _tail(x: Array, mean: Array, spread: Array) -> Array:
    """Return the normal chance of more than `x`.

    Source: the logistic approximation of Bowling et al. (2009), right to 0.0002.
    """
    z = np.clip((x - mean) / spread, -8, 8)
    tail: Array = 1 / (1 + np.exp(0.07056 * z**3 + 1.5976 * z))
    return np.clip(np.nan_to_num(tail), 0.0, 1 - 1e-9)
