"""What the desk says of a channel's digest, and in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from templates.messages.base import Message
from templates.messages.problems import ProblemHead, ProblemStep


@dataclass(frozen=True, slots=True)
class Line:
    """A customer in a digest; amounts are in the digest's currency."""

    number: str
    name: str
    exposure: Decimal
    overdue: Decimal
    days: int
    """Days past due of the oldest material item; 0 where nothing is."""
    risk_class: str | None
    was_class: str | None
    limit: Decimal | None
    paid: Decimal
    """What came in since the last digest."""


@dataclass(frozen=True, slots=True)
class Group:
    """Customers who changed in one way: how many, how much, and the first of them."""

    kind: str
    """newly_overdue, worse, better, paid or over_limit."""
    count: int
    amount: Decimal
    """What they owe overdue; paid in, for `paid`; exposure, for `over_limit`."""
    lines: Sequence[Line]
    in_thread: int = 0
    """How many of them the thread lists."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What all customers of the digest owe, together."""

    customers: int
    """With something open."""
    exposure: Decimal
    overdue: Decimal
    overdue_customers: int
    over_limit: int
    ageing: Sequence[Decimal]
    """Open items by days past due: not due, 1–30, 31–60, 61–90, > 90."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a digest does not count, and why."""

    why: str
    """below_minimum, other_class, no_class or no_rate."""
    count: int
    """Customers."""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A problem in a digest, and the last that happened to it."""

    head: ProblemHead
    step: ProblemStep | None
    """None where nothing happened since the last digest."""
    times_opened: int = 1


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of which the same became: how many, and the most valuable of them."""

    kind: str
    """opened, moved, closed, or held: back, by the channel's alert budget."""
    count: int
    lines: Sequence[ProblemLine]
    in_thread: int = 0
    """How many of them the thread lists."""


@dataclass(frozen=True)
class DigestProblems(Message):
    """A stretch of the problems that a digest names in its thread."""

    template = "digest_problems.j2"
    kind: str
    first: int
    """The number of its first line, from 1."""
    last: int
    count: int
    """How many there are in all."""
    unlisted: int
    """On the last part: how many the thread does not list."""
    lines: Sequence[ProblemLine]
    currency: str


@dataclass(frozen=True)
class Digest(Message):
    """What changed for a channel's customers, how they stand, who is worst."""

    template = "digest.j2"
    through: date
    since: datetime | None
    """When the last one was, in the channel's zone; None for the first."""
    due: datetime | None
    """When it was due, if it is late."""
    asked: bool
    """That somebody wanted it now."""
    groups: Sequence[Group]
    totals: Totals
    worst: Sequence[Line]
    left_out: Sequence[LeftOut]
    minimum: Decimal
    currency: str
    problems: Sequence[ProblemGroup] = ()


@dataclass(frozen=True)
class QuietDigest(Message):
    """A digest when nothing changed: one line."""

    template = "digest_quiet.j2"
    since: datetime
    due: datetime | None
    totals: Totals
    currency: str


@dataclass(frozen=True)
class DigestPart(Message):
    """A stretch of the customers that a digest names in its thread."""

    template = "digest_part.j2"
    kind: str
    first: int
    """The number of its first line, from 1."""
    last: int
    count: int
    """How many customers changed that way in all."""
    unlisted: int
    """On the last part: how many the thread does not list."""
    lines: Sequence[Line]
    currency: str


@dataclass(frozen=True)
class DigestStopped(Message):
    """To its creator: a channel's digest cannot be posted any more."""

    template = "digest_stopped.j2"
    channel: str
    trouble: str
    """Slack's name for why, or `outsiders`."""


@dataclass(frozen=True, slots=True)
class DigestChoices:
    """How a digest is set, or about to be."""

    days: str
    """ISO weekdays, e.g. `12345`."""
    time: str
    """`HH:MM`."""
    timezone: str
    language: str
    owners: Sequence[str] = ()
    """Slack ids; empty means everybody's customers."""
    regions: Sequence[str] = ()
    classes: Sequence[str] = ()
    minimum: str = "0"


@dataclass(frozen=True)
class DigestForm(Message):
    """The form in which a channel's digest is set up."""

    template = "digest_form.j2"
    channel: str
    choices: DigestChoices
    metadata: str
    """The channel and the version, which come back with the form."""
    next_run: datetime | None
    """In the digest's zone; None while no day is chosen."""
    state: str
    """new, on, paused, off or broken."""
    trouble: str | None
    regions: Sequence[str]
    languages: Mapping[str, str]
    """Each language we speak, as it calls itself."""
    currency: str


@dataclass(frozen=True)
class DigestSet(Message):
    """That a digest is set, resumed, paused, ended or on its way."""

    template = "digest_set.j2"
    what: str
    """set, resumed, paused, off or soon."""
    channel: str
    next_run: datetime | None


LANGUAGE_NAMES: Mapping[str, str] = {"en": "English", "zh-CN": "简体中文"}
"""Each language we speak, as it calls itself."""
