"""What is said of rules that people write: lists, forms, what they would have done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from templates.messages.base import Message


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact that an expression may name."""

    name: str
    unit: str
    """days, share, money, count, points, ratio, yes, grade, customer or text."""
    about: str


@dataclass(frozen=True, slots=True)
class Match:
    """That a rule would have fired for a customer on a day, and what came of it."""

    number: str
    name: str
    day: date
    late: bool


@dataclass(frozen=True, slots=True)
class Undecided:
    """Why a rule could not be decided, and for how many customers."""

    reason: str
    """unknown, division, overflow, slow or fault."""
    what: str
    """The unknown fact, or the fault in words."""
    customers: int
    number: str = ""
    """The first of them."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would have done, over some days of history."""

    days: int
    late_days: int
    customers: int
    """How many were looked at."""
    partly: bool
    """That there was no time to look at them all."""
    fired: int
    """How many times it began to hold."""
    subjects: int
    """For how many customers."""
    late: int
    """Of the times: after so many an invoice went late."""
    holding: int
    """For how many customers it holds now."""
    matches: Sequence[Match]
    """The latest times."""
    weeks: Sequence[tuple[date, int]]
    """How many times, by the week that ends on a day."""
    undecided: Sequence[Undecided]

    @property
    def share(self) -> float:
        """Return for what share of the customers it fired, or holds."""
        widest = max(self.subjects, self.holding)
        return widest / self.customers if self.customers else 0.0


@dataclass(frozen=True, slots=True)
class RuleHead:
    """A rule that people wrote."""

    rule_id: int
    version: int
    title: str
    expression: str
    cause: str
    severity: int
    state: str
    """draft, shadow, live, off or broken."""
    channel: str | None
    """Where it is tried."""
    author: str
    trouble: str | None

    @property
    def ticket(self) -> str:
        """Return what its buttons carry."""
        return f"{self.rule_id}:{self.version}"


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in a list, and how it did of late."""

    rule: str
    title: str
    """What people call it; empty for one that the desk knows."""
    signal: str
    state: str
    cause: str
    severity: int
    fired: int
    precision: float | None
    """By people's labels; None without any."""
    labels: int
    ticket: str = ""
    """Of one that people wrote in Slack."""


@dataclass(frozen=True)
class RuleList(Message):
    """All rules, those that people wrote first."""

    template = "rule_list.j2"
    own: Sequence[RuleLine]
    more: int
    """How many of them are not shown."""
    policy: Sequence[RuleLine]
    days: int
    may_write: bool


@dataclass(frozen=True)
class RuleForm(Message):
    """The form in which a rule is written."""

    template = "rule_form.j2"
    ticket: str
    """Empty for a new one."""
    title: str
    expression: str
    cause: str
    causes: Sequence[str]
    severity: int
    channel: str | None
    state: str
    facts: Sequence[FactLine]
    most: int
    """Characters of an expression."""


@dataclass(frozen=True)
class RuleSaved(Message):
    """In the form's place: it is kept, and is being tried on history."""

    template = "rule_saved.j2"
    head: RuleHead
    days: int


@dataclass(frozen=True)
class RuleCard(Message):
    """A rule, what it would have done, and what can be done with it."""

    template = "rule_card.j2"
    head: RuleHead
    what: str
    """What happened just now: tried, shadow, live, off, deleted or nothing."""
    by: str
    preview: Preview | None
    """None: it is still being tried on history."""
    failures: Sequence[Undecided]
    widest: float
    """The share of customers it may fire for unasked."""
    asks: bool
    """That it would fire for more, and whoever switches it must confirm that."""
    may_write: bool
    may_switch: bool
    named: bool
    """Whether the reader may see which customers."""


@dataclass(frozen=True)
class RuleFailed(Message):
    """To its author: a rule could not be evaluated, for whom and why."""

    template = "rule_failed.j2"
    title: str
    rule: str
    ticket: str
    failures: Sequence[Undecided]
    stopped: bool
    """That it no longer runs."""
    at: datetime
