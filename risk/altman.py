"""Altman's Z family, and the ratios a financial factor takes.

Source: the domain reference, 3.1. Coefficients and zones are the policy's. An item that
is missing or impossible gives a named reason, never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from risk.policy import ZScorePolicy

ONE_YEAR = 365


class Zone(StrEnum):
    """Where a Z-score lies."""

    SAFE = "safe"
    GREY = "grey"
    DISTRESS = "distress"


class Reason(StrEnum):
    """Why a statement gives no figure."""

    MISSING = "missing"
    ASSETS_NOT_POSITIVE = "assets_not_positive"
    LIABILITIES_NOT_POSITIVE = "liabilities_not_positive"
    PERIOD_NOT_POSITIVE = "period_not_positive"
    CURRENCIES_MIXED = "currencies_mixed"
    BEYOND_MEASURE = "beyond_measure"


NOT_POSITIVE = {
    "total_assets": Reason.ASSETS_NOT_POSITIVE,
    "total_liabilities": Reason.LIABILITIES_NOT_POSITIVE,
}

BEYOND = Decimal("1e18")
"""No company's item is this large: a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """What Altman asks of a statement, in one currency; None is not known."""

    total_assets: Decimal | None = None
    total_liabilities: Decimal | None = None
    working_capital: Decimal | None = None
    retained_earnings: Decimal | None = None
    ebit: Decimal | None = None
    book_equity: Decimal | None = None
    market_equity: Decimal | None = None
    sales: Decimal | None = None
    period_days: int = ONE_YEAR
    currencies: frozenset[str] = frozenset()
    """The currencies its items are in; more than one is a mistake."""


@dataclass(frozen=True, slots=True)
class ZScore:
    """The score, its zone, and X1–X5 it came from."""

    model: str
    value: Decimal
    zone: Zone
    ratios: tuple[Decimal, ...]
    position: Decimal
    """0 at the distress cut, 1 at the safe cut: comparable across models."""


@dataclass(frozen=True, slots=True)
class NoScore:
    """No score, because of this item."""

    model: str
    reason: Reason
    item: str


def z_score(model: str, rules: ZScorePolicy, accounts: Accounts) -> ZScore | NoScore:
    """Return the Z-score of `accounts` by `rules`, or the reason there is none.

    Flows (EBIT, sales) of a period other than a year are scaled to 365 days.
    """
    needed = _needed(rules, accounts)
    if wrong := _impossible(accounts, needed):
        return NoScore(model, *wrong)
    ratios = _ratios({k: v for k, v in needed.items() if v is not None}, accounts)
    return from_ratios(model, rules, ratios)


def from_ratios(model: str, rules: ZScorePolicy, ratios: tuple[Decimal, ...]) -> ZScore:
    """Return the Z-score of X1–X5 (X5 may be left out where it does not count)."""
    value = rules.constant + sum(
        (k * x for k, x in zip(rules.coefficients, ratios, strict=False)), Decimal(0)
    )
    position = (value - rules.distress) / (rules.safe - rules.distress)
    return ZScore(model, value, _zone(rules, value), ratios, position)


def _zone(rules: ZScorePolicy, value: Decimal) -> Zone:
    if value > rules.safe:
        return Zone.SAFE
    return Zone.GREY if value >= rules.distress else Zone.DISTRESS


def _needed(rules: ZScorePolicy, accounts: Accounts) -> dict[str, Decimal | None]:
    """Return the items that the model takes, by name."""
    equity = "market_equity" if rules.market_value else "book_equity"
    names = ["total_assets", "total_liabilities", "working_capital"]
    names += ["retained_earnings", "ebit", equity]
    names += ["sales"] if rules.coefficients[4] else []
    return {name: getattr(accounts, name) for name in names}


def _impossible(
    accounts: Accounts, needed: Mapping[str, Decimal | None]
) -> tuple[Reason, str] | None:
    """Return the first thing wrong with a statement, and where; None if nothing is."""
    if len(accounts.currencies) > 1:
        return Reason.CURRENCIES_MIXED, ", ".join(sorted(accounts.currencies))
    if accounts.period_days <= 0:
        return Reason.PERIOD_NOT_POSITIVE, "period_days"
    wrong = ((_unusable(name, value), name) for name, value in needed.items())
    return next(((reason, name) for reason, name in wrong if reason), None)


def _unusable(name: str, value: Decimal | None) -> Reason | None:
    if value is None:
        return Reason.MISSING
    if not value.is_finite() or abs(value) >= BEYOND:
        return Reason.BEYOND_MEASURE
    return NOT_POSITIVE.get(name) if value <= 0 else None


def _ratios(items: Mapping[str, Decimal], accounts: Accounts) -> tuple[Decimal, ...]:
    year = Decimal(ONE_YEAR) / accounts.period_days
    assets = items["total_assets"]
    equity = items["market_equity" if "market_equity" in items else "book_equity"]
    ratios = (
        items["working_capital"] / assets,
        items["retained_earnings"] / assets,
        items["ebit"] * year / assets,
        equity / items["total_liabilities"],
    )
    return (*ratios, items["sales"] * year / assets) if "sales" in items else ratios
