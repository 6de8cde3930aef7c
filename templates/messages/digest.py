"""What the desk says of a channel's digest, and in it."""

from dataclasses import dataclass

from templates.messages.base import Message


@dataclass(frozen=True)
class DigestStopped(Message):
    """To its creator: a channel's digest cannot be posted any more."""

    template = "digest_stopped.j2"
    channel: str
    trouble: str
    """Slack's name for why, or `outsiders`."""
