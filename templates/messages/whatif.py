"""What the desk says of what is not so: “what if”, and “what would make this a B”."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from risk.explain import Delta
from templates.messages.base import Message
from templates.messages.check import Way
from templates.messages.lookup import Candidate


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change, in parts that its words take."""

    kind: str
    count: int = 0
    amount: Decimal | None = None
    currency: str = ""
    share: float = 0
    days: int = 0
    name: str = ""
    """Of a figure, a scale or an event."""
    value: str = ""
    until: date | None = None
    """The day to which time passes."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A score, the class that its points give, and the confidence in per cent."""

    score: int | None
    risk_class: str | None
    confidence: int


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a customer stands in base currency; what is said of an order, if asked."""

    exposure: Decimal
    overdue: Decimal
    limit: Decimal | None
    verdict: str | None = None
    way: Way | None = None
    """The cheapest way to a yes, where it is a yes if."""


@dataclass(frozen=True)
class WhatIf(Message):
    """What a change would do to score, class and standing. Nothing is kept."""

    template = "whatif.j2"
    customer_id: int
    name: str
    currency: str
    changes: Sequence[ChangeLine]
    before: Scored
    after: Scored
    in_force: str | None
    """The class in force now: an override's, or one that has held."""
    moved: Sequence[Delta]
    """Points by measure that moved; with `assumed` they sum to the difference."""
    assumed: int
    """Points that what is not known moves, as it counts like what is known."""
    bounds: Sequence[str]
    """The caps and floors that would hold."""
    stands: Stand
    would_stand: Stand
    cool_down_days: int
    policy_version: str


@dataclass(frozen=True)
class WhatIfHelp(Message):
    """What can be supposed, with examples; said where nothing was understood."""

    template = "whatif_help.j2"
    heard: str


@dataclass(frozen=True)
class WhatIfChoices(Message):
    """Several customers may be meant by a supposition."""

    template = "whatif_choices.j2"
    query: str
    sure: bool
    candidates: Sequence[Candidate]
    words: str
    """What was supposed, for the button to carry."""


@dataclass(frozen=True, slots=True)
class WayLine:
    """Changes that together reach a class, and the score they give."""

    changes: Sequence[ChangeLine]
    after: Scored


@dataclass(frozen=True)
class WayUp(Message):
    """What would make a class better: the least that would; or that nothing does."""

    template = "way_up.j2"
    customer_id: int
    name: str
    currency: str
    target: str
    """The class asked about; empty where there is none better."""
    now: Scored
    in_force: str | None
    reached: bool
    """The points give that class already."""
    ways: Sequence[WayLine]
    best: WayLine | None
    bounds: Sequence[str]
    """What still holds the class down at the best."""
    override_until: date | None
    cool_down_days: int
    policy_version: str
