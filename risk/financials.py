"""The financial facts of a score, from statements as columns.

One entry a customer; NaN where an item is not known. An impossible statement (assets
or liabilities not above zero, a period of no days) makes its ratios NaN, not numbers.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from risk.policy import ZScorePolicy

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Statements = Mapping[str, Array]
"""Item → value: total_assets, total_liabilities, current_assets, …, `period_days`."""

LARGEST = 1e18

FINANCIAL_FACTS = (
    "z_position",
    "leverage",
    "liquidity",
    "profit",
    "cash_flow",
    "coverage",
    "profit_trend",
)
"""What is told of a customer's statements."""

MODELS = ("z", "z1", "z2", "em")
"""Altman's models, as the policy calls them."""

MODEL_OF = {"manufacturer": 0, "private_manufacturer": 1, "service": 2, "emerging": 3}
"""Company type → place in MODELS; a type not known is taken for a service (Z″)."""

LISTED, PRIVATE, GENERAL = 0, 1, 2


def financial_facts(
    now: Statements,
    before: Statements | None,
    models: Mapping[str, ZScorePolicy],
    model: Whole | None = None,
) -> dict[str, Array]:
    """Return the facts of the financial factor from the latest statements.

    `before` are the statements of the year before, for the trend; `model` is the place
    in MODELS of each company's, Z″ where not given. Flows are scaled to a year. Where
    no operating cash flow is given, net income + depreciation stands in; where that is
    not known either, net income alone, which says rather too little.
    """
    size = len(next(iter(now.values()))) if now else 0
    if all(np.isnan(values).all() for values in now.values()):  # most have none
        return {name: np.full(size, np.nan) for name in FINANCIAL_FACTS}
    item = _Items(now, size)
    assets, liabilities = item("total_assets"), item("total_liabilities")
    profit = _ratio(item.flow("net_income"), assets)
    return {
        "z_position": _position(
            now, models, np.full(size, GENERAL) if model is None else model
        ),
        "leverage": _ratio(np.where(liabilities > 0, liabilities, np.nan), assets),
        "liquidity": _ratio(item("current_assets"), item("current_liabilities")),
        "profit": profit,
        "cash_flow": _ratio(_cash_flow(item), liabilities),
        "coverage": _ratio(item.flow("ebit"), item.flow("interest")),
        "profit_trend": profit - _profit(before, size),
    }


def _position(
    now: Statements, models: Mapping[str, ZScorePolicy], model: Whole
) -> Array:
    """Return each company's position by its own model.

    A listed manufacturer whose market value nobody knows is taken by its book value.
    """
    found = np.full(len(model), np.nan)
    unlisted = np.isnan(_Items(now, len(model))("market_value"))
    used = np.where((model == LISTED) & unlisted, PRIVATE, model)
    for place in np.unique(used):
        places = z_position(now, models[MODELS[place]])
        found = np.where(used == place, places, found)
    return found


def z_position(now: Statements, model: ZScorePolicy) -> Array:
    """Return where Z lies between its cuts: 0 distress, 1 safe; NaN if undefined."""
    item = _Items(now, len(next(iter(now.values()))) if now else 0)
    assets, liabilities = item("total_assets"), item("total_liabilities")
    equity = item("market_value") if model.market_value else assets - liabilities
    ratios = [
        _ratio(item("current_assets") - item("current_liabilities"), assets),
        _ratio(item("retained_earnings"), assets),
        _ratio(item.flow("ebit"), assets),
        _ratio(equity, liabilities),
        _ratio(item.flow("sales"), assets),
    ]
    value = np.full(item.size, float(model.constant))
    for coefficient, ratio in zip(model.coefficients, ratios, strict=True):
        if coefficient:
            value = value + float(coefficient) * ratio
    distress = float(model.distress)
    return (value - distress) / (float(model.safe) - distress)


class _Items:
    """Reads items, unknown ones and those beyond all measure as NaN."""

    def __init__(self, statements: Statements, size: int) -> None:
        self._statements, self.size = statements, size

    def __call__(self, name: str) -> Array:
        values = self._statements.get(name, np.full(self.size, np.nan))
        return np.where(np.abs(values) < LARGEST, values, np.nan)

    def flow(self, name: str) -> Array:
        """Return the item scaled to a year."""
        days = self._statements.get("period_days", np.full(self.size, 365.0))
        return self(name) * 365.0 / np.where(days > 0, days, np.nan)


def _cash_flow(item: _Items) -> Array:
    given = item.flow("operating_cash_flow")
    made = item.flow("net_income") + np.nan_to_num(item.flow("depreciation"))
    return np.where(np.isnan(given), made, given)


def _profit(before: Statements | None, size: int) -> Array:
    if before is None:
        return np.full(size, np.nan)
    item = _Items(before, size)
    return _ratio(item.flow("net_income"), item("total_assets"))


def _ratio(above: Array, below: Array) -> Array:
    ratio: Array = np.full(len(below), np.nan)
    np.divide(above, below, out=ratio, where=below > 0)
    return ratio
