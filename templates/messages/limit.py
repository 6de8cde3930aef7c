"""What the desk says about credit limits: proposed, asked for, decided, in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from templates.messages.base import Message


@dataclass(frozen=True, slots=True)
class Worth:
    """An amount in its own currency, and what it is in base currency."""

    amount: Decimal
    currency: str
    base: Decimal | None
    """None: there is no rate."""
    rate_of: date | None = None
    """Since when the rate holds; None for the base currency itself."""


@dataclass(frozen=True, slots=True)
class MethodRow:
    """One way to a limit: shares of figures, what it gives, or what is missing.

    Also the policy's cap, and the methods brought together. In base currency.
    """

    key: str
    """A `risk.limits` method key, or median, mean, min or cap."""
    amount: Decimal | None
    figures: Sequence[Decimal] = ()
    shares: Sequence[Decimal] = ()
    """Of each figure; for grade, tangible net worth and turnover."""
    days: int | None = None
    missing: str = ""
    binds: bool = False


@dataclass(frozen=True, slots=True)
class StandingLimit:
    """The limit that was set last; `used` is None for cash only or without a rate."""

    worth: Worth
    set_on: date
    until: date | None
    expired: bool
    used: Decimal | None
    warning: str | None
    """critical, very_critical or hold, by the policy's steps."""
    set_by: str
    approved_by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class GroupLine:
    """All companies of a group together; amounts in base currency."""

    name: str
    companies: int
    own: Decimal
    others: Decimal
    """Net exposure of each company but this, summed: cover pays for its own alone."""
    limits: Decimal
    """Their limits in force, summed."""
    without_limit: int
    without_rate: Sequence[str]
    """Currencies of limits that could not be summed."""
    most: Decimal
    """What the policy lets a group owe."""


@dataclass(frozen=True, slots=True)
class AccountsLine:
    """The accounts a proposal rests on, and what in them cannot be."""

    period_end: date
    currency: str
    audited: bool
    faults: Sequence[str]


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A request for a limit that nobody has decided yet."""

    worth: Worth
    asked_by: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the policy proposes, and why it is not more; in base currency."""

    amount: Decimal | None
    """None: nothing is known to rest one on."""
    until: date
    binding: str
    bound: Decimal | None
    """What the binding bound comes to, before the class factor."""
    factor: Decimal
    risk_class: str
    class_known: bool
    need: Decimal | None
    gap: Decimal
    others: Decimal
    """Net exposure to the rest of the group."""


@dataclass(frozen=True)
class LimitView(Message):
    """Every method of a limit, the one chosen and why, the one in force, the group."""

    template = "limit.j2"
    customer_id: int
    number: str
    name: str
    currency: str
    """Base currency."""
    exposure: Decimal
    proposal: Proposal
    rows: Sequence[MethodRow]
    standing: StandingLimit | None
    """None: no limit was ever set, which is unknown and not 0."""
    group: GroupLine | None
    accounts: AccountsLine | None
    later_accounts: date | None
    """The end of accounts that is still to come, so that they are not used."""
    terms_days: int | None
    terms_agreed: bool
    """That the customer's terms are known; else they are those of its invoices."""
    waiting: WaitingLine | None
    may_set: bool
    without_rate: Sequence[str]


@dataclass(frozen=True)
class LimitForm(Message):
    """The form in which a limit is set, or asked for."""

    template = "limit_form.j2"
    name: str
    metadata: str
    """The customer and the limit that was seen, which come back with the form."""
    may_set: bool
    alone: Decimal | None
    """The most the reader may set alone, in base currency; None: nothing."""
    currency: str
    """Base currency."""
    amount: str
    chosen: str
    """The currency that is chosen at first."""
    currencies: Sequence[str]
    until: date
    risk_class: str
    proposed: Decimal | None
    standing: StandingLimit | None
    waiting: WaitingLine | None


@dataclass(frozen=True)
class LimitRefusal(Message):
    """The form that asks why a limit is refused."""

    template = "limit_refusal.j2"
    name: str
    metadata: str
    """The request and its version."""
    worth: Worth
    asked_by: str


@dataclass(frozen=True)
class LimitAsk(Message):
    """To those who may decide: a limit that somebody asks for; then what became of it.

    Amounts without a currency of their own are in base currency.
    """

    template = "limit_ask.j2"
    ticket: str
    """The request and its version, which come back with a click."""
    customer_id: int
    number: str
    name: str
    currency: str
    worth: Worth
    until: date
    reason: str
    asked_by: str
    roles: Sequence[str]
    """One of which the decider must hold."""
    exposure: Decimal
    proposal: Proposal
    standing: StandingLimit | None
    group: GroupLine | None
    state: str
    """waiting, approved, refused or replaced."""
    decided_by: str | None = None
    decided_reason: str | None = None


@dataclass(frozen=True)
class LimitDone(Message):
    """What became of a limit: set, asked for, approved, refused or replaced.

    It answers a form in its place, and is a direct message, and a receipt's words.
    """

    template = "limit_done.j2"
    what: str
    """set, asked, approved, refused or replaced (by another limit, or request)."""
    number: str
    name: str
    worth: Worth
    until: date
    reason: str
    by: str
    """Who did it."""
    roles: Sequence[str] = ()
    """While it waits: one of which the decider must hold."""
    decided_reason: str | None = None
    before: Worth | None = None
    """The limit that stood before; None: there was none."""
    at_terminal: bool = False
