"""What every message is, and what it becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Message:
    """Something to say; a subclass names the template that words it."""

    template: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as Slack takes it: a text for notifications, and its blocks."""

    text: str
    blocks: list[dict[str, Any]]
    view: dict[str, Any] = field(default_factory=dict)
    """What makes it a modal or a Home: `type`, `title`, `submit`, `callback_id`, …"""

    def as_view(self) -> dict[str, Any]:
        """Return the modal or Home this message lays out."""
        return {**self.view, "blocks": self.blocks}


Render = Callable[[Message, str], Rendered]
"""Lays a message out in a language (`en`, `zh-CN`)."""


@dataclass(frozen=True)
class Problem(Message):
    """A mistake that the reader can put right, said in their language."""

    template = "problem.j2"
    message: str
    details: Mapping[str, object]


@dataclass(frozen=True)
class Failure(Message):
    """A fault of ours; `reference` is what to search the log for."""

    template = "failure.j2"
    reference: str


@dataclass(frozen=True)
class Mishap(Message):
    """A form that could not be taken, said in the form's place."""

    template = "mishap.j2"
    message: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
    reference: str | None = None
