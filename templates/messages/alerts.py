"""What the desk says of who hears of problems, and when; and of the watchlist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from templates.messages.base import Message


@dataclass(frozen=True)
class AlertsStopped(Message):
    """To whoever set it up: a place cannot be alerted any more."""

    template = "alerts_stopped.j2"
    place: str
    trouble: str
    """Slack's name for why, or `outsiders`."""


@dataclass(frozen=True, slots=True)
class AlertChoices:
    """How a place hears of problems, or is about to."""

    budget: str
    """Interruptions a week."""
    quiet_from: str
    """`HH:MM`."""
    quiet_to: str
    timezone: str
    language: str
    days: str = ""
    """Days off: none (empty), `weekend`, or `country`."""
    country: str = ""
    """Whose weekends and holidays are off: `CN`, `DE-BY`."""
    verbosity: str = "changes"
    owners: Sequence[str] = ()
    """Slack ids; empty means everybody's customers."""
    regions: Sequence[str] = ()
    classes: Sequence[str] = ()
    causes: Sequence[str] = ()
    minimum: str = "0"


@dataclass(frozen=True, slots=True)
class AlertUse:
    """What a place was interrupted with, and what an interruption must be worth."""

    spent: int
    """In the last seven days."""
    budget: int
    price: Decimal
    held: int
    """Held back, and no digest has told of it yet."""


@dataclass(frozen=True)
class AlertForm(Message):
    """The form in which a place chooses what it hears of, how often and when."""

    template = "alerts_form.j2"
    place: str
    choices: AlertChoices
    metadata: str
    """The place and the version, which come back with the form."""
    opens: datetime | None
    """When it may be interrupted next, in its zone; None if that cannot be said."""
    is_open: bool
    state: str
    """new, on, paused, off or broken."""
    trouble: str | None
    use: AlertUse | None
    """None for a new place."""
    has_digest: bool
    """Whether the channel has a digest, which tells what was held back."""
    others: Sequence[str]
    """Threads of the channel that hear of problems too."""
    country_name: str
    regions: Sequence[str]
    languages: Mapping[str, str]
    """Each language we speak, as it calls itself."""
    currency: str


@dataclass(frozen=True)
class AlertsSet(Message):
    """That a place is set, resumed, paused or ended."""

    template = "alerts_set.j2"
    what: str
    """set, resumed, paused or off."""
    place: str
    budget: int
    opens: datetime
    """When it may be interrupted next, in its zone."""
    is_open: bool
    has_digest: bool
    standing: int
    """Problems that are open already, of which nothing is posted unless they grow."""


@dataclass(frozen=True)
class Watched(Message):
    """That somebody watches a customer, or does not any more."""

    template = "watched.j2"
    customer_id: int
    number: str
    name: str
    causes: Sequence[str]
    """What of; empty means everything."""
    on: bool
    quiet_from: str
    quiet_to: str
    timezone: str


@dataclass(frozen=True, slots=True)
class WatchLine:
    """A customer that somebody watches."""

    customer_id: int
    number: str
    name: str
    causes: Sequence[str]


@dataclass(frozen=True)
class WatchList(Message):
    """Whom somebody watches."""

    template = "watch_list.j2"
    lines: Sequence[WatchLine]
    total: int
