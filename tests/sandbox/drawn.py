"""The eyes of the tests: a reader in London, Ada, who knows one other and a channel."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.block_ids import identified
from sandbox.blocks.dates import Reader
from sandbox.blocks.draw import Drawing, draw
from sandbox.blocks.mrkdwn import Names
from tests.sandbox.html_tree import Node, read

USERS = {"U1": "Ada", "U2": "Béla <b>"}
CHANNELS = {"C1": "sales"}
NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


def reader(locale: str = "en", zone: str = "Europe/London") -> Reader:
    return Reader(locale, ZoneInfo(zone), NOW)


def names(locale: str = "en") -> Names:
    return Names(
        user=lambda identity: USERS.get(identity, ""),
        channel=lambda identity: CHANNELS.get(identity, ""),
        reader=reader(locale),
        viewer="U1",
        handles={"S1": "risk-team"},
    )


def drawing(locale: str = "en", **known: Any) -> Drawing:
    return Drawing(names(locale), **known)


def page_of(*blocks: dict[str, Any], **known: Any) -> Node:
    """Return the tree of blocks as Ada sees them, ids given as the server does."""
    return read(draw(identified(list(blocks)), drawing(**known)))
