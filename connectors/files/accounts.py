"""Accounts that cannot be: refused by name, never taken for figures."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from risk.errors import N_

NO_ASSETS = N_("Total assets must be above 0.")
BELOW_ZERO = N_("Liabilities cannot be below 0.")
NO_PERIOD = N_("The period must have 1 to 1,100 days.")

_LONGEST_PERIOD = 1100
"""Days; a first period may be long, but three years are a slip."""


def impossible(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the field of accounts that cannot be, and why; None if all can."""
    days = row.get("period_days")
    if days is not None and not 1 <= int(days) <= _LONGEST_PERIOD:
        return "period_days", NO_PERIOD
    if _below(row, "total_assets", or_zero=True):
        return "total_assets", NO_ASSETS
    for name in ("total_liabilities", "current_liabilities"):
        if _below(row, name, or_zero=False):
            return name, BELOW_ZERO
    return None


def _below(row: Mapping[str, Any], name: str, *, or_zero: bool) -> bool:
    value = row.get(name)
    if value is None:
        return False
    amount = Decimal(value)
    return amount < 0 or (or_zero and amount == 0)
