"""What the desk says of notes and promises that people bring from chat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from templates.messages.base import Message
from templates.messages.lookup import Candidate


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note, as a list shows it."""

    note_id: int
    kind: str
    text: str
    author: str
    link: str | None
    noted_on: date
    weight: int
    half_life_days: int
    mine: bool
    """Whether the reader may take it back."""


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A promise and what came of it, as a list shows it."""

    promise_id: int
    amount: Decimal
    currency: str
    due_on: date
    promised_on: date
    state: str
    """open, kept, partly or broken."""
    paid: Decimal
    author: str
    link: str | None
    mine: bool


@dataclass(frozen=True)
class EvidenceList(Message):
    """What people noted of a customer, and what it promised."""

    template = "evidence_list.j2"
    customer_id: int
    name: str
    notes: Sequence[NoteLine]
    promises: Sequence[PromiseLine]


@dataclass(frozen=True)
class NoteForm(Message):
    """The form in which words become evidence on a customer."""

    template = "note_form.j2"
    metadata: str
    customer: tuple[str, str] | None
    """Number and label of the customer that is probably meant."""
    kinds: Mapping[str, int]
    """Kinds of evidence, and what each weighs."""
    kind: str
    weight: int
    half_life_days: int
    text: str


@dataclass(frozen=True)
class NoteKept(Message):
    """That words are kept as evidence on a customer."""

    template = "note_kept.j2"
    note_id: int
    customer_id: int
    name: str
    kind: str
    text: str
    weight: int
    half_life_days: int


@dataclass(frozen=True)
class PromiseForm(Message):
    """The form in which a promise to pay is written down."""

    template = "promise_form.j2"
    metadata: str
    customer: tuple[str, str] | None
    amount: str | None
    currency: str
    currencies: Sequence[str]
    due_on: date
    text: str


@dataclass(frozen=True)
class PromiseNoted(Message):
    """That a promise to pay is written down, and until when it counts as kept."""

    template = "promise_noted.j2"
    promise_id: int
    customer_id: int
    name: str
    amount: Decimal
    currency: str
    due_on: date
    last_day: date
    """The last day on which money still keeps it."""
    overdue: Decimal
    """What is overdue, in base currency, to see whether the promise covers it."""
    base: str


@dataclass(frozen=True)
class Retracted(Message):
    """That a note or a promise was taken back."""

    template = "evidence_retracted.j2"
    what: str
    """note or promise."""
    name: str


@dataclass(frozen=True)
class EvidenceChoices(Message):
    """Several customers may be meant, or none is and these are the nearest."""

    template = "evidence_choices.j2"
    what: str
    """note or promise."""
    query: str
    sure: bool
    candidates: Sequence[Candidate]
    packed: str
    """What was said, as a button carries it."""


@dataclass(frozen=True)
class EvidenceWindow(EvidenceList):
    """The list as a window over another."""

    template = "evidence_window.j2"
