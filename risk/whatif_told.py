"""“What if” the world told us something else: accounts, a rating, a credit event."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from risk.case import Array, Case, added
from risk.errors import N_, UserError
from risk.financials import Statements
from risk.news import worth_of
from risk.policy import Scale
from risk.whatif import Cover, Later, Limit, OnTime, Pay, Ship, Wait

Figure = Literal["turnover", "profit", "debt", "cash_flow", "equity"]
Kind = Literal["default", "insolvency", "write_off", "suit", "hold"]

_FLOWS = ("net_income", "ebit", "operating_cash_flow")


@dataclass(eq=False)
class NoAccounts(UserError):
    """A change of accounts that nobody has."""

    message = N_("No accounts of this customer are known, so they cannot change.")


@dataclass(eq=False)
class NoSuchRating(UserError):
    """A value that its scale does not know."""

    value: str
    scales: str
    message = N_("“%(value)s” is on no rating scale of the policy: %(scales)s.")


@dataclass(frozen=True, slots=True)
class Accounts:
    """A figure of the latest accounts moves by a share: −0.3 is a third less, or so.

    Turnover takes profits and cash flow along, at the margins of now; losses stay.
    Debt takes short-term liabilities and interest along, and assets stay. Profit takes
    cash flow along; a loss moves by the share of its size.
    """

    figure: Figure
    share: float

    def apply(self, case: Case) -> Case:
        """Return the case with those accounts; raise where there are none."""
        now = case.known.statements
        if np.isnan(case.known.statement_day[0]):
            raise NoAccounts
        return replace(
            case, known=replace(case.known, statements={**now, **self._moved(now)})
        )

    def _moved(self, items: Statements) -> dict[str, Array]:
        share = self.share
        if self.figure == "turnover":
            earned = {n: items[n] + share * np.maximum(items[n], 0) for n in _FLOWS}
            return earned | {"sales": items["sales"] * (1 + share)}
        if self.figure == "profit":
            return {n: items[n] + share * np.abs(items[n]) for n in _FLOWS}
        if self.figure == "debt":
            owed = ("total_liabilities", "current_liabilities", "interest")
            return {n: items[n] * (1 + share) for n in owed}
        if self.figure == "cash_flow":
            made = items["net_income"] + items["depreciation"]
            flow = items["operating_cash_flow"]
            flow = np.where(np.isnan(flow), made, flow)
            return {"operating_cash_flow": flow + share * np.abs(flow)}
        equity = items["total_assets"] - items["total_liabilities"]
        return {
            "total_liabilities": items["total_liabilities"] - share * np.abs(equity)
        }


@dataclass(frozen=True, slots=True)
class Rated:
    """A new rating of today; it takes the place of the newest on its scale."""

    scale: str
    value: str

    def apply(self, case: Case) -> Case:
        """Return the case with that rating."""
        told = case.known.ratings
        more = replace(
            told,
            customer=added(told.customer, [0]),
            day=added(told.day, [case.today]),
            scale=[*told.scale, self.scale],
            value=[*told.value, self.value],
        )
        return replace(case, known=replace(case.known, ratings=more))


@dataclass(frozen=True, slots=True)
class Event:
    """A credit event of today."""

    kind: Kind

    def apply(self, case: Case) -> Case:
        """Return the case with that event."""
        told = case.known.events
        more = replace(
            told,
            customer=added(told.customer, [0]),
            day=added(told.day, [case.today]),
            kind=[*told.kind, self.kind],
            weight=added(told.weight, [0.0]),
            half_life=added(told.half_life, [1.0]),
        )
        return replace(case, known=replace(case.known, events=more))


Change = Pay | OnTime | Later | Wait | Ship | Cover | Limit | Accounts | Rated | Event


def usual_scale(case: Case, scales: Mapping[str, Scale]) -> str | None:
    """Return the scale of the customer's newest rating; None where there is none."""
    told = case.known.ratings
    known = [n for n in range(len(told.scale)) if told.scale[n] in scales]
    newest = max(known, key=lambda n: int(told.day[n]), default=None)
    return None if newest is None else told.scale[newest]


def rated(
    case: Case, scales: Mapping[str, Scale], value: str, scale: str = ""
) -> Rated:
    """Return the rating that somebody means; on the customer's own scale if it fits.

    Raises:
        NoSuchRating: no scale knows the value.

    """
    own = usual_scale(case, scales)
    tried = [scale] if scale else [*([own] if own else []), *scales]
    for name in tried:
        for spelt in (value, value.upper(), value.capitalize()):
            if name in scales and worth_of(scales[name], spelt) is not None:
                return Rated(name, spelt)
    raise NoSuchRating(value, ", ".join([scale] if scale else scales))
