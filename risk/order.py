"""An order as it is checked: what stays on credit, and until when; or why not at all.

Amounts are in the order's own currency, and become base currency by its rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from risk.errors import N_, UserError
from risk.exposure import Rate
from risk.ledger import ZERO
from risk.policy.check import CheckPolicy

WITHOUT_CENTS = frozenset({"CLP", "HUF", "IDR", "ISK", "JPY", "KRW", "TWD", "VND"})
"""Currencies whose smallest unit in trade is a whole one."""


@dataclass(eq=False)
class AmountNotPositive(UserError):
    """An order of nothing, or of less."""

    amount: str
    message = N_("An order of %(amount)s cannot be checked. Give an amount above 0.")


@dataclass(eq=False)
class AmountBeyondMeasure(UserError):
    """An order larger than any; probably a slip."""

    amount: str
    most: str
    message = N_(
        "%(amount)s is more than any order the policy knows (%(most)s). Check the"
        " zeros; if it is meant, raise `largest_order` in the policy."
    )


@dataclass(eq=False)
class FinerThanCents(UserError):
    """An amount that nobody could pay."""

    amount: str
    unit: str
    message = N_("%(amount)s is finer than the currency's smallest unit, %(unit)s.")


@dataclass(eq=False)
class TermsBeyondMeasure(UserError):
    """Terms below zero, or longer than the policy knows."""

    days: str
    most: str
    message = N_("%(days)s days are no payment terms. Give 0 to %(most)s days.")


@dataclass(eq=False)
class PrepaidBeyondMeasure(UserError):
    """A prepayment below zero, or above the order."""

    share: str
    message = N_("A prepayment of %(share)s is not possible: it lies from 0 to 100 %%.")


@dataclass(eq=False)
class NoRate(UserError):
    """The order's currency has no exchange rate."""

    currency: str
    message = N_(
        "There is no exchange rate for %(currency)s. Import one (a file with currency,"
        " date and rate), or give the amount in another currency."
    )


@dataclass(frozen=True)
class Order:
    """What somebody wants to ship: amount, terms, what is paid or secured before."""

    amount: Decimal
    currency: str
    rate: Decimal
    """What a unit of the currency is worth in base currency."""
    terms_days: int
    prepaid: Decimal = ZERO
    secured: Decimal = ZERO
    """What a new guarantee or insurance for this order promises."""
    collected: Decimal = ZERO
    """What of the overdue comes in before shipping, oldest first, in base currency."""

    @cached_property
    def worth(self) -> Decimal:
        """Return the whole order in base currency."""
        return self.amount * self.rate

    @cached_property
    def credit(self) -> Decimal:
        """Return what is not paid before, in base currency."""
        return (self.amount - self.prepaid) * self.rate

    def open_after(self, haircut: Decimal) -> Decimal:
        """Return the credit that new security leaves open, in base currency."""
        return max(self.credit - self.secured * (1 - haircut) * self.rate, ZERO)

    def due_on(self, day: date) -> date:
        """Return when it falls due if it is shipped on `day`."""
        return day + timedelta(days=self.terms_days)

    def with_amount(self, amount: Decimal) -> "Order":
        """Return it cut to `amount`, the same share of it paid before."""
        unit = smallest_unit(self.currency)
        share = self.prepaid * amount / self.amount
        kept = -(-share // unit) * unit if self.prepaid else ZERO
        return replace(self, amount=amount, prepaid=min(kept, amount))


def smallest_unit(currency: str) -> Decimal:
    """Return the least amount of a currency that can be paid."""
    return Decimal(1) if currency in WITHOUT_CENTS else Decimal("0.01")


def order_of(
    policy: CheckPolicy,
    rates: Mapping[str, Rate],
    *,
    amount: Decimal,
    currency: str,
    terms_days: int,
    prepaid_share: Decimal = ZERO,
) -> Order:
    """Return the order that somebody typed.

    Raises:
        AmountNotPositive, AmountBeyondMeasure, FinerThanCents, TermsBeyondMeasure,
        PrepaidBeyondMeasure, NoRate: what is wrong with it, by name.

    """
    if not amount.is_finite() or amount <= 0:
        raise AmountNotPositive(f"{amount}")
    if currency not in rates:
        raise NoRate(currency)
    rate, unit = rates[currency].value, smallest_unit(currency)
    if amount.adjusted() > policy.largest_order.adjusted() + abs(rate.adjusted()) + 1:
        raise AmountBeyondMeasure(f"{amount:.2E}", f"{policy.largest_order:,.0f}")
    if amount * rate > policy.largest_order:
        raise AmountBeyondMeasure(f"{amount:,.2f}", f"{policy.largest_order:,.0f}")
    if amount % unit:
        raise FinerThanCents(f"{amount}", f"{unit}")
    if not 0 <= terms_days <= policy.longest_terms_days:
        raise TermsBeyondMeasure(f"{terms_days}", f"{policy.longest_terms_days}")
    if not (prepaid_share.is_finite() and 0 <= prepaid_share <= 1):
        raise PrepaidBeyondMeasure(f"{prepaid_share * 100:.4g} %")
    prepaid = -(-(amount * prepaid_share) // unit) * unit
    return Order(amount, currency, rate, terms_days, prepaid)
