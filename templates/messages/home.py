"""A person's App Home: what needs them, their customers, their digests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from templates.messages.base import Message
from templates.messages.problems import ProblemHead


@dataclass(frozen=True, slots=True)
class MyCustomer:
    """A customer of the reader's; amounts in base currency."""

    customer_id: int
    number: str
    name: str
    risk_class: str | None
    exposure: Decimal
    overdue: Decimal
    days: int
    """Days past due of the oldest material item; 0 where nothing is."""
    limit: Decimal | None


@dataclass(frozen=True, slots=True)
class ClassTotal:
    """How many of the reader's customers are of a class, and what they owe."""

    risk_class: str | None
    customers: int
    exposure: Decimal
    overdue: Decimal


@dataclass(frozen=True, slots=True)
class MyDigest:
    """A digest the reader set up."""

    channel: str
    state: str
    """on, paused or broken."""
    next_run: datetime | None
    """In the digest's time zone."""


@dataclass(frozen=True)
class Home(Message):
    """My portfolio by class, what needs me today, and the settings of my digests."""

    template = "home.j2"
    name: str
    currency: str
    customers: int
    classes: Sequence[ClassTotal]
    needs_me: Sequence[MyCustomer]
    problems: Sequence[ProblemHead]
    """The reader's open problems, the most valuable first."""
    problem_count: int
    """How many there are in all; `problems` are the first of them."""
    needing: int
    """How many need the reader in all; `needs_me` are the first of them."""
    rows: Sequence[MyCustomer]
    page: int
    pages: int
    digests: Sequence[MyDigest]
    metadata: str
    """The page shown, which comes back with a click."""


@dataclass(frozen=True)
class ClosedHome(Message):
    """The Home of a guest: it says whom to ask."""

    template = "home_closed.j2"
