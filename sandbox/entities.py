"""Slack's three escapes, and the links `<…>` that they leave alone."""

import re
from typing import Any

from sandbox.model import Json

_LINK = re.compile(r"<(?:[@#!]|https?://|mailto:|tel:)[^<>\n]*>")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")


def escape(text: str) -> str:
    """Return `text` with `& < >` escaped, whatever it says."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Return `text` with the three escapes undone, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def normal(text: str) -> str:
    """Return mrkdwn as Slack keeps it: links stay, what is bare is escaped."""
    parts, end = [], 0
    for link in _LINK.finditer(text):
        parts += [_bare(text[end : link.start()]), link.group()]
        end = link.end()
    return "".join([*parts, _bare(text[end:])])


def _bare(text: str) -> str:
    text = _AMPERSAND.sub("&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


def escaped(blocks: Any) -> Any:
    """Return blocks as apps get them back: the texts' bare `& < >` escaped."""
    if isinstance(blocks, list):
        return [escaped(block) for block in blocks]
    if not isinstance(blocks, dict):
        return blocks
    return {name: _escaped_field(blocks, name) for name in blocks}


def _escaped_field(thing: Json, name: str) -> Any:
    value = thing[name]
    if name == "text" and isinstance(value, str):
        if thing.get("type") == "mrkdwn":
            return normal(value)
        if thing.get("type") == "plain_text":
            return _bare(value)
    return escaped(value)
