"""What the desk says about a customer that was looked up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from risk.behaviour import Behaviour
from templates.messages.base import Message
from templates.messages.problems import ProblemHead


@dataclass(frozen=True, slots=True)
class Seen:
    """What changed since the reader last looked: the figures then."""

    at: datetime
    exposure: Decimal
    overdue: Decimal
    risk_class: str | None


@dataclass(frozen=True, slots=True)
class LimitLine:
    """The credit limit, in base currency; utilisation is None for cash only."""

    amount: Decimal
    utilisation: Decimal | None
    valid_until: date | None
    lapsed: bool


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment that came in, in its own currency."""

    paid_on: date
    amount: Decimal
    currency: str
    kind: str


@dataclass(frozen=True)
class CustomerCard(Message):
    """A customer at a glance: what they owe, how they pay, what changed."""

    template = "customer_card.j2"
    customer_id: int
    number: str
    name: str
    other_names: Sequence[str]
    """What else the customer is called: in short, in Chinese."""
    owner: str | None
    region: str | None
    group: str | None
    hold: bool
    currency: str
    exposure: Decimal
    orders: Decimal
    cover: Decimal
    limit: LimitLine | None
    risk_class: str | None
    score: int | None
    """0–1000; None where too little is known."""
    confidence: int
    """Per cent."""
    behaviour: Behaviour
    invoices: int
    payments: Sequence[PaymentLine]
    seen: Seen | None
    without_rate: Sequence[str]
    """Currencies no exchange rate is known for; what is in them is not counted."""
    evidence: int = 0
    """How many notes and promises people brought of it."""
    watched: bool = False
    """Whether the reader watches the customer."""
    problems: Sequence[ProblemHead] = ()
    """Open problems, the most valuable first."""
    can_share: bool = False
    """Whether the place it was asked in is one to share it in."""
    shared_by: str | None = None
    """Who put the card into a channel; None while only the asker sees it."""


@dataclass(frozen=True)
class CustomerWindow(CustomerCard):
    """The card as a window over the Home, without table and chart."""

    template = "customer_window.j2"


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """An invoice and what came in for it, in its own currency."""

    number: str
    currency: str
    amount: Decimal
    due_on: date
    paid: Decimal
    settled_on: date | None


@dataclass(frozen=True)
class CustomerHistory(Message):
    """Invoices and what came in for them, newest first, a page at a time."""

    template = "customer_history.j2"
    customer_id: int
    name: str
    page: int
    pages: int
    invoices: Sequence[InvoiceLine]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer that may be meant, with what tells it apart."""

    customer_id: int
    number: str
    name: str
    about: str
    called: str = ""
    """The name that was found, where it is another than the first."""


@dataclass(frozen=True)
class Choices(Message):
    """Several customers may be meant, or none is and these are the nearest."""

    template = "choices.j2"
    query: str
    sure: bool
    candidates: Sequence[Candidate]
    action: str = "customer_show"
    """What a choice's button does: show the card, or what was asked for."""


@dataclass(frozen=True)
class Shared(Message):
    """That a card was put into the channel."""

    template = "shared.j2"
    name: str


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A subcommand of `/risk`: how it is written, an example, what it does."""

    usage: str
    example: str
    about: str


@dataclass(frozen=True)
class Help(Message):
    """Every subcommand with an example."""

    template = "help.j2"
    commands: Sequence[CommandLine]
    meant: str | None = None
    """The subcommand that was probably meant."""
    typed: str = ""
