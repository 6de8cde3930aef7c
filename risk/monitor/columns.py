"""Sums, middles and edges of each customer's rows, for all customers at once.

What a customer has no rows for is NaN. Middles are those of sorted whole numbers, so
that a million customers take one sort.
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Values = Array | Whole | Bools

NORMAL = 1.4826
"""Median absolute deviation → standard deviation, of normal values."""

_WIDTH, _OFFSET = 1 << 32, 1 << 31


def total(customer: Whole, value: Values, size: int) -> Array:
    """Return the sum of each customer's values; 0 where there are none."""
    return np.bincount(customer, value, minlength=size).astype(np.float64)


def count(customer: Whole, size: int) -> Array:
    """Return how many rows each customer has."""
    return np.bincount(customer, minlength=size).astype(np.float64)


def share(above: Array, below: Array) -> Array:
    """Return `above` ÷ `below`; NaN where that is nothing."""
    found: Array = np.full(len(below), np.nan)
    np.divide(above, below, out=found, where=below > 0)
    return found


def edge(customer: Whole, value: Values, size: int, *, least: bool = False) -> Array:
    """Return the highest (lowest) value of each customer; NaN where there is none."""
    sign = -1.0 if least else 1.0
    found = np.full(size, -np.inf)
    np.maximum.at(found, customer, sign * value)
    return np.where(np.isinf(found), np.nan, sign * found)


def middle_of(rows: Array) -> Array:
    """Return the median of each row, what is NaN left out; NaN of none."""
    ordered = np.sort(rows, axis=1)
    known = np.isfinite(rows).sum(axis=1)
    low, high = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, rows.shape[1] - 1)
    at = np.arange(len(rows))
    middle: Array = (ordered[at, low] + ordered[at, high]) / 2
    return np.where(known > 0, middle, np.nan)


class Spread:
    """Each customer's whole-numbered values in order, for their quantiles."""

    def __init__(self, customer: Whole, value: Whole, size: int) -> None:
        """Sort `value` (from −2³¹ to 2³¹) within each customer."""
        kept = np.clip(value, 1 - _OFFSET, _OFFSET - 1)
        key = customer * _WIDTH + (kept + _OFFSET)
        key.sort()
        self._value = (key % _WIDTH - _OFFSET).astype(np.float64)
        self.count = np.bincount(customer, minlength=size)
        self._first = np.r_[0, np.cumsum(self.count)[:-1]].astype(np.int64)

    def quantile(self, part: float) -> Array:
        """Return the `part` quantile (0–1) of each; between two it is their mean."""
        found = np.full(len(self.count), np.nan)
        some = self.count > 0
        place = part * (self.count[some] - 1)
        low = self._first[some] + np.floor(place).astype(np.int64)
        high = self._first[some] + np.ceil(place).astype(np.int64)
        found[some] = (self._value[low] + self._value[high]) / 2
        return found


def habit(customer: Whole, value: Whole, size: int) -> tuple[Array, Array]:
    """Return each customer's median, and its median absolute deviation as a deviation.

    A source of the method: Rousseeuw & Croux, “Alternatives to the Median Absolute
    Deviation” (1993).
    """
    middle = Spread(customer, value, size).quantile(0.5)
    off = np.rint(np.abs(2 * value - 2 * middle[customer])).astype(np.int64)
    return middle, NORMAL * Spread(customer, off, size).quantile(0.5) / 2
