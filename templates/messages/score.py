"""What the desk says about a score: why it is what it is, and what moved it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from risk.explain import Delta, Kin, Line, Override
from templates.messages.base import Message


@dataclass(frozen=True, slots=True)
class FactorLine:
    """What a factor gave, and the most it can; a deduction's most is 0."""

    key: str
    points: int
    most: int


@dataclass(frozen=True, slots=True)
class Weighty:
    """An invoice that weighs on how a customer is seen; the amount in base currency."""

    number: str
    amount: Decimal
    due_on: date
    settled_on: date | None
    days: int
    """Days late, so far where it is open."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved the score since an earlier day; the points sum to the difference."""

    since: date
    before: int | None
    risk_class: str | None
    """The class that the points gave then."""
    deltas: Sequence[Delta]
    by_factor: Sequence[tuple[str, int]]
    """Points gained or lost by factor, largest first."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A fact that the score rests on: what, of which day, from where."""

    kind: str
    what: str
    scale: str
    day: date
    source: str
    link: str | None
    counts: bool = True
    """Not so for a rating that no scale of the policy knows."""


@dataclass(frozen=True)
class CustomerWhy(Message):
    """The score to its last point: factors, figures, bounds, and the evidence."""

    template = "customer_why.j2"
    customer_id: int
    name: str
    currency: str
    as_of: date
    known_then: bool
    """Whether only what was known on that day counts."""
    score: int | None
    risk_class: str | None
    """The class in force."""
    computed_class: str | None
    """What the score alone gives."""
    confidence: int
    """Per cent."""
    default_chance: float | None
    policy_version: str
    override: Override | None
    override_id: int | None
    factors: Sequence[FactorLine]
    lines: Sequence[Line]
    adjustment: int
    bounds: Sequence[str]
    """The caps and floors that hold."""
    kin: Sequence[Kin]
    moved: Moved | None
    weightiest: Sequence[Weighty]
    invoices: tuple[int, int]
    """How many invoices were known then, and how many of them open."""
    proofs: Sequence[Proof]
    today: date
    since: date
    """The day that it is compared with, also where nothing was known then."""
