"""What a person typed, as Slack's client sends it: @names and links become marks."""

import re
from collections.abc import Callable

from sandbox.entities import escape, unescape
from sandbox.world import World

_KNOWN = re.compile(r"<(@U[A-Z0-9]+|#C[A-Z0-9]+|!here|!channel|!everyone)(\|[^<>]*)?>")
_URL = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]}'\"]")
_BROADCAST = re.compile(r"(?<![\w@])@(here|channel|everyone)\b")
_CHANNEL = re.compile(r"(?<![\w#&])#([^\W_][\w-]*)")
_MAIL = re.compile(r"(?<![\w.@:|/])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

_MARK = re.compile(r"<([@#!]|https?://|mailto:)([^<>|]*)(?:\|([^<>]*))?>")

Marker = Callable[[str, str], str]
"""Gives a mark such as `<@U1>` from its id and its name."""


def as_sent(world: World, text: str) -> str:
    """Return a message's text with what the person mentioned marked up."""
    return _marked(world, text, lambda sign_id, _: f"<{sign_id}>")


def as_command(world: World, text: str, *, should_escape: bool) -> str:
    """Return a command's text; with `should_escape`, names become `<@U…|name>`."""
    if not should_escape:
        return escape(text)
    return _marked(world, text, lambda sign_id, name: f"<{sign_id}|{name}>")


def _marked(world: World, text: str, mark: Marker) -> str:
    """Take the marks out, escape the rest, put them back in."""
    kept: list[str] = []

    def keep(said: str) -> str:
        kept.append(said)
        return f"\x00{len(kept) - 1}\x00"

    text = text.replace("\x00", "")
    text = _KNOWN.sub(lambda m: keep(_known(world, m, mark)), text)
    text = _URL.sub(lambda m: keep(f"<{escape(m.group())}>"), text)
    text = _MAIL.sub(lambda m: keep(f"<mailto:{m.group()}|{m.group()}>"), text)
    text = _people(world, text, lambda i, name: keep(mark(f"@{i}", name)))
    text = _BROADCAST.sub(lambda m: keep(f"<!{m.group(1)}>"), text)
    text = _CHANNEL.sub(lambda m: _channel(world, m, mark, keep), text)
    return re.sub(r"\x00(\d+)\x00", lambda m: kept[int(m.group(1))], escape(text))


def _known(world: World, found: re.Match[str], mark: Marker) -> str:
    """Return a mark that was typed as such, if it names something that exists."""
    sign, identity = found.group(1)[0], found.group(1)[1:]
    if sign == "!":
        return found.group()
    name = ""
    if sign == "@" and identity in world.users:
        name = world.users[identity].name
    elif sign == "#" and identity in world.channels:
        name = world.channels[identity].name
    return mark(sign + identity, name) if name else escape(found.group())


def _people(world: World, text: str, mark: Marker) -> str:
    """Mark @names, the longest first: people's names have spaces in them."""
    if "@" not in text:
        return text
    names: dict[str, tuple[str, str]] = {}
    for user in world.users.values():
        for name in (user.name, user.display_name, user.real_name):
            if name:
                names.setdefault(name.casefold(), (user.id, user.name))
    longest = sorted(names, key=len, reverse=True)
    pattern = "|".join(re.escape(name) for name in longest)
    return re.sub(
        rf"(?<![\w@])@({pattern})(?!\w)",
        lambda m: mark(*names[m.group(1).casefold()]),
        text,
        flags=re.IGNORECASE,
    )


def _channel(
    world: World, found: re.Match[str], mark: Marker, keep: Callable[[str], str]
) -> str:
    channel = world.channel_named(found.group(1))
    if channel is None:
        return found.group()
    return keep(mark(f"#{channel.id}", channel.name))


def as_typed(world: World, text: str) -> str:
    """Return a message's text as a person would type it: `<@U1>` as `@ann`."""
    return unescape(_MARK.sub(lambda found: _typed(world, found), text))


def _typed(world: World, found: re.Match[str]) -> str:
    sign, named, label = found.groups()
    if sign == "@" and named in world.users:
        return f"@{world.users[named].name}"
    if sign == "#" and named in world.channels:
        return f"#{world.channels[named].name}"
    if sign == "!":
        return f"@{named}"
    return named if sign == "mailto:" else label or sign + named
