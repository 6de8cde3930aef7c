"""What the desk says of problems: their live cards, threads, histories and forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from templates.messages.base import Message


@dataclass(frozen=True, slots=True)
class Figure:
    """A fact that a rule fired on: what it tells, in which unit, and how much."""

    fact: str
    about: str
    """Empty for a fact that is not documented."""
    unit: str
    """days, share, money, count, points, ratio, yes, grade or customer."""
    value: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found, with its figures."""

    rule: str
    title: str
    """What people called the rule; empty for one that the desk knows."""
    signal: str
    """The kind of signal it looks for, which says how it is worded."""
    severity: int
    evidence: Mapping[str, float]
    """Figures by the name of the fact; what is not known is left out."""
    figures: Sequence[Figure]
    """The same, for a rule whose words we do not know."""
    names: Mapping[str, str]
    """Names that figures stand for: `related_to`, or of a feed, an industry, …."""
    quiet_until: datetime | None = None
    """Until when the rule is snoozed for the subject."""


@dataclass(frozen=True, slots=True)
class ProblemStep:
    """A step in the life of a problem."""

    at: datetime
    actor: str
    """A Slack id, or empty for the desk itself."""
    kind: str
    text: str
    findings: Sequence[Finding] = ()
    person: str = ""
    """Whom it was assigned to."""
    until: datetime | None = None
    """How long it was snoozed."""
    label: str = ""
    """What was said of it: useful, known or wrong."""
    code: str = ""
    """Why, as one of the reasons to choose from."""


@dataclass(frozen=True, slots=True)
class ProblemHead:
    """A problem in a line: whose, what, how bad."""

    problem_id: int
    version: int
    state: str
    """open or solved."""
    kind: str
    """Whom it is about: customer, group, industry, region, feed or portfolio."""
    customer_id: int | None
    number: str
    name: str
    cause: str
    signal: str
    """The gravest of what holds; `limit_exceeded` and `insolvent` besides."""
    severity: int
    exposure: Decimal | None
    risk_class: str | None
    value: Decimal
    """Expected loss that can still be averted."""
    snoozed_until: datetime | None = None
    shadow: bool = False


@dataclass(frozen=True)
class LiveProblem(Message):
    """A problem's live card: evidence, what it is worth, who did what, buttons."""

    template = "problem_card.j2"
    head: ProblemHead
    currency: str
    owner: str | None
    findings: Sequence[Finding]
    """What holds; of a solved problem, what held last."""
    opened_at: datetime
    solved_at: datetime | None
    times_opened: int
    acknowledged_by: str | None
    assignee: str | None
    handed_by: str | None
    steps: Sequence[ProblemStep]
    """The latest, oldest first."""
    earlier: int
    """How many steps came before these."""


@dataclass(frozen=True)
class ProblemWindow(LiveProblem):
    """The card as a window, where there is no place for a message."""

    template = "problem_window.j2"


@dataclass(frozen=True)
class ProblemNews(Message):
    """What happened to a problem, in the thread of its card."""

    template = "problem_news.j2"
    head: ProblemHead
    currency: str
    step: ProblemStep


@dataclass(frozen=True)
class ProblemTimeline(Message):
    """The whole life of a problem, a page at a time, the latest first."""

    template = "problem_timeline.j2"
    head: ProblemHead
    currency: str
    steps: Sequence[ProblemStep]
    page: int
    pages: int
    can_share: bool = False
    shared_by: str | None = None


@dataclass(frozen=True)
class ProblemList(Message):
    """Problems in lines, the most valuable first."""

    template = "problem_list.j2"
    heads: Sequence[ProblemHead]
    total: int
    currency: str
    name: str = ""
    """The customer they are of; empty: the reader's own."""
    everybody: bool = False
    """That they are of all customers."""
    solved: int = 0
    """How many of the customer's were solved lately."""


@dataclass(frozen=True)
class ProblemListWindow(ProblemList):
    """The lines as a window, where there is no place for a message."""

    template = "problem_list_window.j2"


@dataclass(frozen=True)
class TimelineWindow(ProblemTimeline):
    """The life as a window, where there is no place for a message."""

    template = "problem_timeline_window.j2"


@dataclass(frozen=True)
class AssignForm(Message):
    """The form in which a problem is given to somebody."""

    template = "problem_assign.j2"
    head: ProblemHead
    currency: str
    assignee: str | None


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a snooze of a rule hides: how often it spoke of the subject lately."""

    rule: str
    title: str
    signal: str
    times: int
    until: datetime | None = None
    """Until when it is snoozed already."""


@dataclass(frozen=True)
class SnoozeForm(Message):
    """The form of a snooze: which rules, for how long, why; and what it hides."""

    template = "problem_snooze.j2"
    head: ProblemHead
    currency: str
    rules: Sequence[Hidden]
    days: int
    """How far back was counted."""


@dataclass(frozen=True)
class LabelForm(Message):
    """The form in which an alert is said to be known already, or wrong."""

    template = "problem_label.j2"
    head: ProblemHead
    currency: str
    label: str
    rules: Sequence[Hidden]


@dataclass(frozen=True)
class HandForm(Message):
    """The form in which a problem is put before the credit team."""

    template = "problem_hand.j2"
    head: ProblemHead
    currency: str
    role: str


@dataclass(frozen=True)
class ProblemDone(Message):
    """That what was clicked is done, for the one who clicked."""

    template = "problem_done.j2"
    kind: str
    """acknowledged, assigned, snoozed, woken, useful, known, wrong or handed."""
    head: ProblemHead
    person: str = ""
    until: datetime | None = None
    roles: Sequence[str] = ()


@dataclass(frozen=True)
class TimelineShared(Message):
    """That a problem's life was posted to the channel."""

    template = "problem_shared.j2"
    name: str
