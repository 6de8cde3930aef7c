"""Slack's markup as a type: text is escaped once, when it becomes `Mrkdwn`."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Self

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ESCAPES = str.maketrans(_ENTITIES)
_CUT_WITHIN = re.compile(r"(?:<[^>]*|&[a-z]{0,3})\Z")
"""A link or an entity that has no end."""


class Mrkdwn(str):
    """Text that is Slack markup already, so it is printed as it stands."""

    __slots__ = ()

    def __mod__(self, values: Mapping[str, object]) -> Self:
        """Fill in `%(name)s` places, escaping each value that is not `Mrkdwn`."""
        return type(self)(super().__mod__({k: escape(v) for k, v in values.items()}))


def escape(value: object) -> Mrkdwn:
    """Return `value` as text that cannot ping, link or mention anyone in Slack."""
    if isinstance(value, Mrkdwn):
        return value
    return Mrkdwn(str(value).translate(_ESCAPES))


def plain(text: str) -> str:
    """Undo `escape`: for `plain_text` fields, and for text that Slack sent us."""
    for character, entity in reversed(_ENTITIES.items()):
        text = text.replace(entity, character)
    return text


def link(url: str, text: str) -> Mrkdwn:
    """Return a link to `url` that reads `text`."""
    target = url.replace("|", "%7C").replace(">", "%3E").replace("<", "%3C")
    return Mrkdwn(f"<{target}|{escape(text)}>")


def mention(slack_id: str) -> Mrkdwn:
    """Return a mention of the person with this Slack id; anything else stays text."""
    if slack_id[:1] in "UW" and slack_id.isalnum() and slack_id.isupper():
        return Mrkdwn(f"<@{slack_id}>")
    return escape(slack_id)


def channel_link(channel: str) -> Mrkdwn:
    """Return a link to the channel with this id; anything else stays text."""
    if channel[:1] in "CG" and channel.isalnum() and channel.isupper():
        return Mrkdwn(f"<#{channel}>")
    return escape(channel)


def moment_link(moment: datetime) -> Mrkdwn:
    """Return a moment that Slack shows in each reader's own time zone."""
    fallback = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    stamp = int(moment.timestamp())
    return Mrkdwn(f"<!date^{stamp}^{{date_short_pretty}} {{time}}|{fallback}>")


def cut(value: object, length: int) -> str:
    """Return `value` as text, shortened to `length` characters if it is longer.

    Markup stays markup: it is cut before a link or an entity, never within.
    """
    text = value if isinstance(value, str) else str(value)
    if len(text) <= length:
        return text
    short = text[: length - 1]
    if isinstance(text, Mrkdwn):
        return Mrkdwn(_CUT_WITHIN.sub("", short) + "…")
    return short + "…"
