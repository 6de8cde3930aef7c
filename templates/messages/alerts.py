"""What the desk says of who hears of problems, and when."""

from dataclasses import dataclass

from templates.messages.base import Message


@dataclass(frozen=True)
class AlertsStopped(Message):
    """To whoever set it up: a place cannot be alerted any more."""

    template = "alerts_stopped.j2"
    place: str
    trouble: str
    """Slack's name for why, or `outsiders`."""
