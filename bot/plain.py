"""What a message says, as lines for a terminal."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from templates.mrkdwn import plain

_EMOJI = re.compile(r":[a-z][a-z0-9_+-]*: ?")


def lines_of(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the words of `blocks`; buttons and pictures have none here."""
    for block in blocks:
        kind = block["type"]
        if kind == "table":
            yield from (_row(row) for row in block["rows"])
        elif kind in {"header", "section", "context"}:
            parts = [block["text"]] if block.get("text") else []
            parts += block.get("elements") or []
            for text in filter(None, (_words(part) for part in parts)):
                yield from text.splitlines()
            for part in block.get("fields") or []:
                yield ": ".join(_words(part).splitlines())
        elif kind == "divider":
            yield ""


def _row(cells: Sequence[Mapping[str, Any]]) -> str:
    return "  ".join(str(cell.get("text", cell.get("value", ""))) for cell in cells)


def _words(part: Mapping[str, Any]) -> str:
    text = str(part.get("text", ""))
    if part["type"] == "mrkdwn":
        text = plain(_EMOJI.sub("", text).replace("*", ""))
    return re.sub(r"\n\n+", "\n", text).strip()


def printable(text: str) -> str:
    """Return `text` without what would command the terminal it is printed on."""
    return "".join(c if c.isprintable() else "�" for c in text)
