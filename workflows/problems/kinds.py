"""What the parts that tell of problems hand to each other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.tables import Problem


@dataclass(frozen=True, slots=True)
class Fresh:
    """A problem that somebody may have to hear of now."""

    problem: Problem
    """Stored and locked; `snoozed_until` is set where nothing of it is to be heard."""
    interrupts: bool = True
    """Whether any rule behind it may open a card; else only the digest tells of it."""
    kind: Literal["opened", "reopened", "stronger", "woken"] = "opened"
    """Stronger: it grew, so where it was held back it may be worth posting now; woken:
    its snooze has ended and it still holds."""
    rules: tuple[str, ...] = ()
    """The rules whose signals brought it up."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card is put, and how it is told there."""

    id: str
    """A channel's or a person's Slack id, with `/<ts>` for a thread of it."""
    language: str = "en"
    verbosity: str = "changes"
    """card (its card alone), changes (threads tell what moved) or all."""
    not_before: datetime | None = None
    """Quiet hours: the card leaves no sooner than this."""
    reason: str = "value"
    """Why it is posted: value, class_e, watched, assigned, handed, shadow."""
    alert_channel_id: int | None = None

    @property
    def channel(self) -> str:
        """Return the channel's or the person's Slack id."""
        return self.id.partition("/")[0]

    @property
    def thread_ts(self) -> str | None:
        """Return the thread in it, where the place is one."""
        return self.id.partition("/")[2] or None
