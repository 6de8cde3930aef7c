"""What the desk says about classes that people set against the score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from templates.messages.base import Message


@dataclass(frozen=True)
class OverrideForm(Message):
    """The form in which another class is proposed, with a reason and an end."""

    template = "override_form.j2"
    customer_id: int
    name: str
    computed_class: str | None
    score: int | None
    until: date
    latest: date


@dataclass(frozen=True)
class OverrideAsk(Message):
    """A proposed class before those who may approve it; then what they decided."""

    template = "override_ask.j2"
    ticket: str
    """Its id and version, as the buttons carry them."""
    name: str
    risk_class: str
    """The class that is proposed."""
    computed_class: str | None
    score: int | None
    reason: str
    author: str
    until: date
    state: str
    """proposed, approved, refused or ended."""
    decided_by: str | None
    roles: Sequence[str]


@dataclass(frozen=True)
class OverrideNews(Message):
    """What became of a proposed class, for whoever proposed it."""

    template = "override_news.j2"
    name: str
    risk_class: str
    state: str
    by: str
    until: date


@dataclass(frozen=True)
class OverrideDone(Message):
    """That what was clicked or sent is done; a window in a form's place."""

    template = "override_done.j2"
    name: str
    risk_class: str
    state: str
    roles: Sequence[str]
