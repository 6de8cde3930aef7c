"""What the desk says when it is asked “may I ship?”."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from risk.check import Outcome
from templates.messages.base import Message
from templates.messages.lookup import Candidate


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order: amounts in its own currency; shares of it are 0–1."""

    amount: Decimal
    currency: str
    terms_days: int
    prepaid: Decimal
    secured: Decimal
    rate: Decimal | None = None
    """What a unit is worth in base currency; None if it is the base currency."""
    rate_on: date | None = None
    collected: Decimal = Decimal(0)
    """What of the overdue comes in first, in base currency."""
    base: str = ""
    """The base currency."""


@dataclass(frozen=True, slots=True)
class Way:
    """Conditions under which an order passes; None leaves a thing as asked."""

    prepaid: Decimal | None
    prepaid_share: Decimal | None
    secured: Decimal | None
    cut_to: Decimal | None
    terms_days: int | None
    open: Decimal
    """What is then paid after shipping."""
    collected: Decimal | None
    """What of the overdue comes in first, in the base currency."""
    base: str


@dataclass(frozen=True)
class CheckAnswer(Message):
    """The answer first; then each test with its figures, and the ways to a yes."""

    template = "check_answer.j2"
    check_id: int
    customer_id: int
    number: str
    name: str
    order: OrderLine
    verdict: str
    """yes, yes_if or ask."""
    outcomes: Sequence[Outcome]
    ways: Sequence[Way]
    currency: str
    """The base currency, in which figures of tests are."""
    as_of: date
    policy_version: str
    receipt_id: int


@dataclass(frozen=True)
class CheckSaid(CheckAnswer):
    """The answer in words alone, as its receipt keeps them."""

    template = "check_said.j2"


@dataclass(frozen=True)
class CheckWindow(CheckAnswer):
    """The answer in a form's place, where tables have none."""

    template = "check_window.j2"


@dataclass(frozen=True)
class CheckChoices(Message):
    """Several customers may be meant, or none is and these are the nearest."""

    template = "check_choices.j2"
    query: str
    sure: bool
    candidates: Sequence[Candidate]
    order: str
    """The order as a button carries it."""


@dataclass(frozen=True)
class CheckForm(Message):
    """The form of a check."""

    template = "check_form.j2"
    currencies: Sequence[str]
    currency: str
    customer: tuple[str, str] | None = None
    """The number and the name of the customer that is meant already."""
    terms_days: int | None = None


@dataclass(frozen=True)
class AskForm(Message):
    """The form in which a check is put before the credit team, with a word to it."""

    template = "check_ask.j2"
    check_id: int
    name: str
    order: OrderLine
    role: str
    """Who decides on it."""


@dataclass(frozen=True)
class Asked(Message):
    """That the credit team has it."""

    template = "check_asked.j2"
    name: str
    check_id: int
    role: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the life of a check."""

    at: datetime
    actor: str
    """A Slack id, or empty for the desk itself."""
    kind: str
    text: str


@dataclass(frozen=True)
class CheckRequest(Message):
    """A check before the credit team: the live card, edited as it moves on."""

    template = "check_request.j2"
    check_id: int
    version: int
    state: str
    """waiting, returned, reopened, released, refused or ended."""
    customer_id: int
    number: str
    name: str
    asked_by: str
    order: OrderLine
    verdict: str
    outcomes: Sequence[Outcome]
    ways: Sequence[Way]
    currency: str
    risk_class: str | None
    exposure: Decimal
    limit: Decimal | None
    role: str
    steps: Sequence[Step]
    way: Way | None
    """What a release is bound to; None: as asked."""
    valid_until: date | None
    receipt_id: int


@dataclass(frozen=True)
class DecideForm(Message):
    """The form of a release: under which conditions, until when, with what words."""

    template = "check_release.j2"
    metadata: str
    name: str
    order: OrderLine
    ways: Sequence[Way]
    until: date
    latest: date


@dataclass(frozen=True)
class WordsForm(Message):
    """The form of a refusal, of a question back, or of its answer: words are needed."""

    template = "check_words.j2"
    kind: str
    """refuse, return or reply."""
    metadata: str
    name: str
    order: OrderLine
    question: str = ""


@dataclass(frozen=True)
class CheckNews(Message):
    """What became of a check, for the one who asked."""

    template = "check_news.j2"
    check_id: int
    kind: str
    """released, refused, returned, reopened or ended."""
    name: str
    order: OrderLine
    by: str
    """A Slack id; empty for the desk itself."""
    words: str
    version: int = 0
    way: Way | None = None
    valid_until: date | None = None
    moved: Sequence["MovedFact"] = ()
    currency: str = ""
    """The base currency, in which moved amounts are."""


@dataclass(frozen=True)
class CheckReminder(Message):
    """That a check still waits."""

    template = "check_reminder.j2"
    name: str
    asked_by: str
    order: OrderLine
    since: datetime


@dataclass(frozen=True, slots=True)
class MovedFact:
    """A fact that a release rests on, then and now."""

    key: str
    """exposure, limit, overdue, class or hold."""
    before: Decimal | str | None
    after: Decimal | str | None


@dataclass(frozen=True)
class CheckMoved(Message):
    """That facts of a released order moved, in its thread."""

    template = "check_moved.j2"
    name: str
    currency: str
    moved: Sequence[MovedFact] = field(default_factory=tuple)


@dataclass(frozen=True)
class CheckRechecked(Message):
    """The same order checked with the facts of now, in the thread."""

    template = "check_rechecked.j2"
    by: str
    verdict: str
    failed: Sequence[Outcome]
    ways: Sequence[Way]
    currency: str
    order: OrderLine


@dataclass(frozen=True)
class Done(Message):
    """That what was clicked is done, for the one who clicked."""

    template = "check_done.j2"
    kind: str
    """released, refused, returned, replied or rechecked."""
    name: str
