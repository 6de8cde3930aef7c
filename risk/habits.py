"""What a customer usually orders, and whether it does so still.

Everything is held against the customer's own history; who has too little of it has no
habits yet, and the facts are unknown.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from risk.measures import RECENT_DAYS

Array = npt.NDArray[np.float64]
Days = npt.NDArray[np.int64]

LEAST_ORDERS = 3
"""Earlier orders that make a habit."""


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders, or the invoices they became: whose, on which day, for how much."""

    customer: Days
    """Row of the customer, 0 … `size` − 1."""
    day: Days
    amount: Array
    size: int


def habit_facts(orders: Orders, today: int, history_days: int) -> dict[str, Array]:
    """Return how often, how large and how lately each customer orders; NaN unknown.

    order_frequency and order_size are those of the last 90 days ÷ usual; silence is the
    days since the last order ÷ the usual days between two.
    """
    known = (orders.day <= today) & (orders.day > today - history_days)
    known &= orders.amount > 0
    recent = known & (orders.day > today - RECENT_DAYS)
    before = known & ~recent
    count, earlier = _count(orders, recent), _count(orders, before)
    first, last = _edge(orders, known, -1), _edge(orders, known, 1)
    enough = earlier >= LEAST_ORDERS
    usual = earlier / np.maximum(today - RECENT_DAYS - first + 1, RECENT_DAYS)
    expected = np.where(enough, usual * RECENT_DAYS, 1.0)
    total = count + earlier
    gap = (last - first) / np.maximum(total - 1, 1)
    silent = (today - last) / np.maximum(gap, 1.0)
    size = _mean(orders, recent) / _mean(orders, before)
    return {
        "order_frequency": np.where(enough, count / expected, np.nan),
        "order_size": np.where(enough, size, np.nan),
        "silence": np.where(total > LEAST_ORDERS, silent, np.nan),
        "days_since_order": today - last,
    }


def _count(orders: Orders, where: npt.NDArray[np.bool_]) -> Array:
    found = np.bincount(orders.customer[where], minlength=orders.size)
    return found.astype(np.float64)


def _mean(orders: Orders, where: npt.NDArray[np.bool_]) -> Array:
    customer, amount = orders.customer[where], orders.amount[where]
    total = np.bincount(customer, amount, minlength=orders.size).astype(np.float64)
    count = _count(orders, where)
    mean: Array = np.full(orders.size, np.nan)
    np.divide(total, count, out=mean, where=count > 0)
    return mean


def _edge(orders: Orders, where: npt.NDArray[np.bool_], sign: int) -> Array:
    """Return the last (sign 1) or first (−1) day of each; NaN where there is none."""
    edge = np.full(orders.size, -np.inf)
    np.maximum.at(edge, orders.customer[where], sign * orders.day[where])
    return np.where(np.isinf(edge), np.nan, sign * edge)
