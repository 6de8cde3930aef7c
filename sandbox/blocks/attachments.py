"""The older fields of attachments, which Slack takes without looking at them."""

import re
from typing import Any

from sandbox.model import Json

_TEXTS = (
    "author_link",
    "author_name",
    "fallback",
    "footer",
    "image_url",
    "pretext",
    "service_name",
    "text",
    "thumb_url",
    "title",
    "title_link",
)
_COLOURS = {"good": "#2eb886", "warning": "#daa038", "danger": "#a30200"}
_GREY = "#dddddd"
_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_SECONDS = re.compile(r"\d{1,10}(\.\d*)?")


def tidy(attachment: Json) -> Json:
    """Return an attachment with texts where texts belong, "" where none is.

    `color` is a CSS colour, `ts` whole seconds since 1970 or None.
    """
    found: Json = {name: _text(attachment.get(name)) for name in _TEXTS}
    found["color"] = _colour(_text(attachment.get("color")))
    seconds = _SECONDS.fullmatch(_text(attachment.get("ts")))
    found["ts"] = int(float(seconds.group())) if seconds else None
    found["fields"] = [_field(f) for f in _list(attachment.get("fields"))]
    found["blocks"] = _list(attachment.get("blocks"))
    return found


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def _list(value: Any) -> list[Json]:
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, dict)]


def _field(field: Json) -> Json:
    return {
        "title": _text(field.get("title")),
        "value": _text(field.get("value")),
        "short": field.get("short") is True,
    }


def _colour(said: str) -> str:
    found = _HEX.fullmatch(said)
    return f"#{found.group(1)}" if found else _COLOURS.get(said, _GREY)
