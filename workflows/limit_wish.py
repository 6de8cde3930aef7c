"""A limit as somebody wants it: read, and refused by name where it cannot be."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from risk.errors import N_
from risk.order import smallest_unit
from storage.tables import CreditLimit, LimitRequest
from templates.messages.limit import Worth
from workflows.digest_choices import WrongField
from workflows.limit_ground import LimitGround
from workflows.services import Services

LONGEST_REASON = 500
_GROUPED = re.compile(r"^-?\d{1,3}(,\d{3})+(\.\d+)?$")
"""An amount with its thousands set apart; any other comma could mean decimals."""


@dataclass(eq=False)
class NotAnAmount(WrongField):
    """The amount is no number."""

    amount: str
    field = "amount"
    message = N_("“%(amount)s” is no amount. Write a number such as 80000.")


@dataclass(eq=False)
class BelowZero(WrongField):
    """The amount is negative."""

    amount: str
    field = "amount"
    message = N_("A limit of %(amount)s cannot be. 0 means cash only.")


@dataclass(eq=False)
class BeyondMeasure(WrongField):
    """The amount is larger than any; probably a slip."""

    amount: str
    most: str
    field = "amount"
    message = N_(
        "%(amount)s is more than the largest order the policy knows (%(most)s). Check"
        " the zeros."
    )


@dataclass(eq=False)
class TooFine(WrongField):
    """The amount is finer than anybody could pay."""

    amount: str
    unit: str
    field = "amount"
    message = N_("%(amount)s is finer than the currency's smallest unit, %(unit)s.")


@dataclass(eq=False)
class NoRateFor(WrongField):
    """The currency has no exchange rate."""

    currency: str
    field = "currency"
    message = N_(
        "There is no exchange rate for %(currency)s. Import one (a file with currency,"
        " date and rate), or give the amount in another currency."
    )


@dataclass(eq=False)
class InThePast(WrongField):
    """The limit would end before it begins."""

    until: str
    field = "until"
    message = N_("%(until)s is past. Choose a day from today on.")


@dataclass(eq=False)
class TooLong(WrongField):
    """The limit would outlast what the policy lets its class have."""

    until: str
    latest: str
    letter: str
    field = "until"
    message = N_(
        "%(until)s is too far off: a limit of class %(letter)s is looked at again by"
        " %(latest)s."
    )


@dataclass(eq=False)
class NoReason(WrongField):
    """Nobody says why."""

    field = "reason"
    message = N_("Say why in a few words: whoever looks at it later will ask.")


@dataclass(eq=False)
class ReasonTooLong(WrongField):
    """The reason is longer than a message holds."""

    most: str
    field = "reason"
    message = N_("The reason is too long: %(most)s characters are the most.")


@dataclass(frozen=True, slots=True)
class LimitWish:
    """A limit as it was typed, in a form or at the terminal."""

    customer_id: int
    amount: str
    currency: str
    reason: str
    until: date | None = None
    """None: as long as the policy lets it last."""
    seen: int | None = None
    """What named the standing limit when it was typed; None: nobody looked."""
    origin: Literal["form", "terminal"] = "form"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A limit that can be: what was typed, checked."""

    worth: Worth
    in_base: Decimal
    until: date
    reason: str
    method: str
    """proposed, if it is what the policy proposes; else given."""


def checked(services: Services, ground: LimitGround, wish: LimitWish) -> Wanted:
    """Return what `wish` asks for; raise WrongField, which says what is wrong where."""
    most = services.policy.policy.check.largest_order
    amount = _amount(wish.amount)
    currency = wish.currency.strip().upper()
    if currency not in ground.rates:
        raise NoRateFor(currency)
    rate, unit = ground.rates[currency], smallest_unit(currency)
    if amount.adjusted() > most.adjusted() + abs(rate.value.adjusted()) + 1:
        raise BeyondMeasure(f"{amount:.2E}", f"{most:,.0f} {services.currency}")
    if amount * rate.value > most:
        raise BeyondMeasure(f"{amount:,.2f}", f"{most:,.0f} {services.currency}")
    if amount % unit:
        raise TooFine(f"{amount}", f"{unit}")
    in_base = amount * rate.value
    return Wanted(
        worth=worth_of(ground, amount, currency),
        in_base=in_base,
        until=checked_until(ground, wish.until),
        reason=checked_reason(wish.reason),
        method="proposed" if in_base == ground.proposal.amount else "given",
    )


def checked_until(ground: LimitGround, until: date | None) -> date:
    """Return until when a limit lasts; raise InThePast or TooLong."""
    latest = ground.proposal.valid_until
    if until is None:
        return latest
    if until < ground.as_of:
        raise InThePast(until.isoformat())
    if until > latest:
        letter = ground.facts.risk_class
        raise TooLong(until.isoformat(), latest.isoformat(), letter)
    return until


def checked_reason(reason: str) -> str:
    """Return a reason without space around it; raise NoReason or ReasonTooLong."""
    words = " ".join(reason.replace("\x00", " ").split())
    if not words:
        raise NoReason
    if len(words) > LONGEST_REASON:
        raise ReasonTooLong(f"{LONGEST_REASON}")
    return words


def worth_of(ground: LimitGround, amount: Decimal, currency: str) -> Worth:
    """Return an amount with what it is in base currency, and the rate's day."""
    rate = ground.rates.get(currency)
    if rate is None:
        return Worth(amount, currency, None)
    return Worth(amount, currency, amount * rate.value, rate.valid_from)


def worth_of_row(ground: LimitGround, row: CreditLimit | LimitRequest) -> Worth:
    """Return what a limit, or a request for one, is worth."""
    return worth_of(ground, row.amount, row.currency)


def _amount(text: str) -> Decimal:
    typed = text.strip()
    try:
        amount = Decimal(typed.replace(",", "") if _GROUPED.match(typed) else typed)
    except InvalidOperation as error:
        raise NotAnAmount(text) from error
    if not amount.is_finite():
        raise NotAnAmount(text)
    if amount < 0:
        raise BelowZero(text.strip())
    return amount
