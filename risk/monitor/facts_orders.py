"""What each customer orders now, held against its own range and its own season."""

import numpy as np

from risk.habits import Orders
from risk.monitor.columns import (
    NORMAL,
    Array,
    Spread,
    Whole,
    count,
    edge,
    habit,
    middle_of,
)

MONTH, YEAR = 30, 365
MOST_MONTHS = 24
"""Earlier months that a habit is read from."""

LEAST_MONTHS = 3
SHIFTS = (-10, 0, 10)
"""Days by which last year's season may have begun earlier or later."""

FINE = 1000
"""Sizes are compared by their logarithm, in thousandths."""

LEAST_SIZE_SPREAD = 0.25
"""A quarter more or less is no news, however steady they were."""


def order_facts(orders: Orders, today: int) -> dict[str, Array]:
    """Return how many, how large and how lately, and how far that is from usual."""
    known = (orders.day <= today) & (orders.amount > 0)
    known &= orders.day > today - MONTH * (MOST_MONTHS + 2)
    whose, day, amount = orders.customer[known], orders.day[known], orders.amount[known]
    return {
        **_rate(whose, day, orders.size, today),
        **_size(whose, day, amount, orders.size, today),
        **_silence(whose, day, orders.size, today),
    }


def _rate(whose: Whole, day: Whole, size: int, today: int) -> dict[str, Array]:
    """Return orders of the last 30 days against those of earlier spans of 30.

    With two years of history the same month of last year says how much of the usual
    this season takes; else every month is alike.
    """
    ago = (today - day) // MONTH
    spans = MOST_MONTHS + 2
    table = np.bincount(whose * spans + ago, minlength=size * spans)
    months = table.reshape(size, spans).astype(np.float64)
    first = edge(whose, day, size, least=True)
    age = np.nan_to_num((today - first) // MONTH)
    told = np.arange(spans)[None, :] <= age[:, None]
    told[:, 0] = False
    before = np.where(told, months, np.nan)
    enough = told.sum(axis=1) >= LEAST_MONTHS
    middle = np.where(enough, middle_of(before), np.nan)
    spread = NORMAL * middle_of(np.abs(before - middle[:, None]))
    usual = _in_season(whose, today - day, middle, age)
    least = np.sqrt(np.maximum(usual, 1.0))
    now = months[:, 0]
    return {
        "orders_30": np.where(age > 0, now, np.nan),
        "orders_usual": usual,
        "orders_deviations": (now - usual) / np.maximum(spread, least),
        "orders_before": np.where(age > 0, before_count(months), np.nan),
    }


def before_count(months: Array) -> Array:
    """Return the orders of all spans but the last."""
    total: Array = months[:, 1:].sum(axis=1)
    return total


def _in_season(whose: Whole, ago: Whole, middle: Array, age: Array) -> Array:
    """Return the usual number, as last year's same weeks had it where that is known.

    Those weeks weigh two thirds, the plain median one: a mean of three spans of 30
    days, for seasons begin a little earlier or later.
    """
    spans = []
    for shift in SHIFTS:
        begins = YEAR + shift
        then = (ago >= begins) & (ago < begins + MONTH)
        spans.append(count(whose[then], len(middle)))
    season = np.mean(spans, axis=0)
    return np.where(age * MONTH >= 2 * YEAR - MONTH, (2 * season + middle) / 3, middle)


def _size(
    whose: Whole, day: Whole, amount: Array, size: int, today: int
) -> dict[str, Array]:
    fine = np.rint(np.log(np.maximum(amount, 1e-4)) * FINE).astype(np.int64)
    recent = day > today - MONTH
    now = Spread(whose[recent], fine[recent], size).quantile(0.5) / FINE
    usual, spread = habit(whose[~recent], fine[~recent], size)
    usual, spread = usual / FINE, spread / FINE
    return {
        "order_size_30": np.exp(now),
        "order_size_usual": np.exp(usual),
        "order_size_deviations": (now - usual) / np.maximum(spread, LEAST_SIZE_SPREAD),
    }


def _silence(whose: Whole, day: Whole, size: int, today: int) -> dict[str, Array]:
    """Return the median gap between order days, and how long this one is beside it."""
    pairs = np.unique(whose * (1 << 24) + day)
    whose, day = pairs >> 24, pairs & ((1 << 24) - 1)
    same = whose[1:] == whose[:-1]
    gap, spread = habit(whose[1:][same], np.diff(day)[same], size)
    quiet = today - edge(whose, day, size)
    enough = count(whose, size) > LEAST_MONTHS
    least = np.maximum(gap / 2, 3.0)
    return {
        "gap_usual": np.where(enough, gap, np.nan),
        "silence_deviations": np.where(
            enough, (quiet - gap) / np.maximum(spread, least), np.nan
        ),
    }
