"""A call of the Web API: who calls, with what arguments, under which scopes."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from sandbox.model import App, Channel, Json
from sandbox.reading import read_json
from sandbox.refusal import Refused
from sandbox.sockets import Sockets
from sandbox.world import World

T = TypeVar("T")
MAX_LIMIT = 1000

READ_SCOPE = {
    "channel": "channels:read",
    "group": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
HISTORY_SCOPE = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}


@dataclass
class Call:
    """A call, its token already known to be good."""

    world: World
    sockets: Sockets
    app: App
    arguments: Json = field(default_factory=dict)

    @property
    def bot(self) -> str:
        """Return the calling bot's user id."""
        return self.app.bot_user

    def has(self, name: str) -> bool:
        """Return whether the argument was given."""
        return self.arguments.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        """Return a text argument."""
        value = self.arguments.get(name)
        if value is None:
            return default
        if isinstance(value, bool | dict | list):
            raise Refused("invalid_arguments", _wrong("must be a string", name))
        return str(value)

    def required(self, name: str) -> str:
        """Return a text argument that must be there."""
        value = self.text(name)
        if not value:
            said = f"[ERROR] missing required field: {name}"
            raise Refused("invalid_arguments", said)
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a yes-or-no argument."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return default
        return str(value).lower() in {"true", "1"}

    def number(self, name: str, default: int = 0) -> int:
        """Return a whole-number argument."""
        if not self.has(name):
            return default
        try:
            return int(str(self.arguments[name])[:20])
        except ValueError as error:
            said = _wrong("must be an integer", name)
            raise Refused("invalid_arguments", said) from error

    def limit(self, default: int = 100) -> int:
        """Return how many things a page may hold."""
        limit = self.number("limit", default)
        if not 1 <= limit <= MAX_LIMIT:
            raise Refused("invalid_limit")
        return limit

    def structure(self, name: str, kind: type[T], error: str) -> T | None:
        """Return an argument that is JSON, given as such or as text; None if absent."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            value = parsed(value, error)
        if not isinstance(value, kind):
            raise Refused(error)
        return value

    def listed(self, name: str) -> list[str]:
        """Return an argument that is a list, or texts between commas."""
        value = self.arguments.get(name)
        if isinstance(value, list):
            return [str(each) for each in value]
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def need(self, *scopes: str) -> None:
        """Refuse the call unless the token has one of `scopes`."""
        if scopes and not self.app.scopes.intersection(scopes):
            provided = ",".join(sorted(self.app.scopes))
            raise Refused("missing_scope", needed=scopes[0], provided=provided)

    def channel(self, name: str = "channel") -> Channel:
        """Return the conversation named, by its id, if the bot may know of it."""
        place = self.world.channels.get(self.required(name))
        if place is None or (place.kind != "channel" and self.bot not in place.members):
            raise Refused("channel_not_found")
        return place

    def readable(self, scopes: dict[str, str]) -> Channel:
        """Return the conversation if the bot has the scope for its kind."""
        place = self.channel()
        self.need(scopes[place.kind])
        return place

    def page(
        self, things: Sequence[T], key: Callable[[T], str], default: int = 100
    ) -> tuple[list[T], Json]:
        """Return the page asked for, and the `response_metadata` to go with it.

        A cursor names the first thing of its page by its `key`.
        """
        start = 0
        if self.has("cursor"):
            wanted = read_cursor(self.text("cursor"))
            keys = [key(thing) for thing in things]
            if wanted not in keys:
                raise Refused("invalid_cursor")
            start = keys.index(wanted)
        end = start + self.limit(default)
        following = cursor(key(things[end])) if end < len(things) else ""
        return list(things[start:end]), {"next_cursor": following}


@dataclass(frozen=True)
class Method:
    """A method of the Web API."""

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    """One of these is needed."""
    token: Literal["bot", "app", "none"] = "bot"  # noqa: S105 - a kind of token


def parsed(text: str, error: str) -> Any:
    """Return what JSON `text` says, or refuse it as `error`."""
    try:
        return read_json(text)
    except ValueError as problem:
        raise Refused(error) from problem


def cursor(key: str) -> str:
    """Return a cursor that stands for `key`, unreadable as Slack's are."""
    return base64.b64encode(f"next:{key}".encode()).decode()


def read_cursor(said: str) -> str:
    """Return what a cursor stands for."""
    try:
        text = base64.b64decode(said, validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise Refused("invalid_cursor") from error
    if not text.startswith("next:"):
        raise Refused("invalid_cursor")
    return text.removeprefix("next:")


def _wrong(words: str, name: str) -> str:
    return f"[ERROR] {words} [json-pointer:/{name}]"
