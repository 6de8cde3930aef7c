"""The shapes of what blocks are made of: texts, options, confirm dialogs, images."""

from collections.abc import Iterator
from typing import Any

from sandbox.blocks.shape import (
    Rule,
    anything,
    array,
    boolean,
    by_type,
    matching,
    one_of,
    record,
    string,
    wrong,
)

URL = matching(r"(?s)[A-Za-z][A-Za-z0-9+.-]*:.{1,2995}", "must be a valid URL")
HTTPS = matching(r"(?s)https://.{1,2990}", "must be a valid HTTPS URL")
ID = string(255)
STYLE = one_of("primary", "danger")


def plain(most: int = 3000) -> Rule:
    """Return the rule for a plain_text object of at most `most` characters."""
    return by_type({"plain_text": _plain(most)})


def text(most: int = 3000) -> Rule:
    """Return the rule for a plain_text or mrkdwn object."""
    return by_type({"plain_text": _plain(most), "mrkdwn": _mrkdwn(most)})


def _plain(most: int) -> Rule:
    return record({"type": anything, "text": string(most)}, {"emoji": boolean})


def _mrkdwn(most: int) -> Rule:
    return record({"type": anything, "text": string(most)}, {"verbatim": boolean})


CONFIRM = record(
    {"title": plain(100), "text": text(300)},
    {"confirm": plain(30), "deny": plain(30), "style": STYLE},
)

_DESCRIBED = {"description": plain(75)}
OPTION = record({"text": plain(75), "value": string(150)}, _DESCRIBED)
"""An option of a select menu."""
CHOICE = record({"text": text(75), "value": string(150)}, {"description": text(75)})
"""An option of check boxes or radio buttons: its text may be mrkdwn."""
MENU_ITEM = record(
    {"text": plain(75), "value": string(150)}, {**_DESCRIBED, "url": URL}
)
"""An option of an overflow menu: it may open a URL."""
OPTIONS = array(OPTION, 1, 100)
OPTION_GROUPS = array(record({"label": plain(75), "options": OPTIONS}), 1, 100)

DISPATCH = record(
    {},
    {
        "trigger_actions_on": array(
            one_of("on_enter_pressed", "on_character_entered"), 1, 2
        )
    },
)

CONVERSATION_FILTER = record(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)


def _one_source(image: dict[str, Any], at: str) -> Iterator[str]:
    if (image.get("image_url") is None) == (image.get("slack_file") is None):
        yield wrong("must define exactly one of image_url, slack_file", at)


def _one_name(file: dict[str, Any], at: str) -> Iterator[str]:
    if (file.get("id") is None) == (file.get("url") is None):
        yield wrong("must define exactly one of id, url", at)


IMAGE_SOURCE: dict[str, Rule] = {
    "image_url": URL,
    "slack_file": record({}, {"id": string(), "url": URL}, _one_name),
}
IMAGE = record(
    {"type": one_of("image"), "alt_text": string(2000)},
    {**IMAGE_SOURCE, "image_width": anything, "image_height": anything},
    _one_source,
)
"""An image element, as in a context or a card."""
IMAGE_BLOCK = record(
    {"type": anything, "alt_text": string(2000)},
    {**IMAGE_SOURCE, "title": plain(2000), "block_id": ID},
    _one_source,
)
