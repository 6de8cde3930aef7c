"""How much of all exposure lies with one customer, group, industry or region.

Source: the domain reference, 3.6: the Herfindahl–Hirschman index, 0–10,000.
"""

from dataclasses import dataclass

import numpy as np

from risk.monitor.columns import Array, Whole, share, total

FULL = 10_000.0
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Concentration:
    """Of a way to cut the portfolio: each part's exposure and share, and the index."""

    exposure: Array
    share: Array
    """0–1, of what lies in any part; NaN where there is nothing."""
    hhi: float
    """NaN where there is no exposure."""


def concentration(exposure: Array, part: Whole, parts: int) -> Concentration:
    """Return how exposure (of each customer) lies in parts 0 … `parts` − 1.

    Customers in no part (NOWHERE) are left out, as is exposure below zero.
    """
    inside = (part != NOWHERE) & (exposure > 0)
    sums = total(part[inside], exposure[inside], parts)
    held = np.full(parts, sums.sum())
    shares = share(sums, held)
    index = float(FULL * np.nansum(shares**2)) if sums.sum() > 0 else float("nan")
    return Concentration(sums, shares, index)
