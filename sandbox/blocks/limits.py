"""What Slack would refuse in the blocks of a message, a modal or an App Home.

`check_blocks` and `check_view` return Slack's own kind of messages, those that stand
in `response_metadata.messages` beside `invalid_blocks` or `invalid_arguments`.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

from sandbox.blocks.elements import (
    ACCESSORIES,
    ACTIONS,
    BUTTON,
    FEEDBACK,
    INPUTS,
    OVERFLOW,
)
from sandbox.blocks.figures import DATA_TABLE, DATA_VISUALIZATION, TABLE
from sandbox.blocks.parts import HTTPS, ID, IMAGE, IMAGE_BLOCK, plain, text
from sandbox.blocks.rich import RICH_TEXT
from sandbox.blocks.shape import (
    Rule,
    anything,
    array,
    boolean,
    by_type,
    one_of,
    record,
    string,
    wrong,
)

Surface = Literal["message", "modal", "home"]

_MOST: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
_MARKDOWN = 12_000
"""Characters of all markdown blocks together."""
_AT_MOST = {"table": 1, "data_visualization": 2}
"""How many a message may carry."""
_ELSEWHERE: dict[str, tuple[Surface, ...]] = {
    "alert": ("modal",),
    "table": ("message",),
    "file_input": ("modal",),
}
"""Types that are at home on some surfaces only."""

_TYPE: dict[str, Rule] = {"type": anything}
_ID: dict[str, Rule] = {"block_id": ID}


def _block(required: dict[str, Rule], optional: dict[str, Rule], also: Rule) -> Rule:
    return record({**_TYPE, **required}, {**_ID, **optional}, also)


def _worded(section: dict[str, Any], at: str) -> Iterator[str]:
    if section.get("text") is None and not section.get("fields"):
        yield wrong("must define either `text` or `fields`", at)


def _filled(card: dict[str, Any], at: str) -> Iterator[str]:
    if not any(card.get(n) for n in ("hero_image", "title", "actions", "body")):
        yield wrong("must define one of hero_image, title, actions, body", at)


def _folding(container: dict[str, Any], at: str) -> Iterator[str]:
    if container.get("title") is None and container.get("rich_text_title") is None:
        yield wrong("must define either `title` or `rich_text_title`", at)
    folds = container.get("is_collapsible") is True
    if folds and container.get("has_header_divider") is True:
        yield wrong("has_header_divider needs is_collapsible to be false", at)
    if not folds and container.get("default_collapsed") is True:
        yield wrong("default_collapsed needs is_collapsible to be true", at)


_CARD = _block(
    {},
    {
        "hero_image": IMAGE,
        "icon": IMAGE,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": array(by_type({"button": BUTTON}), 0, 25),
    },
    _filled,
)
_TASK = _block(
    {
        "task_id": string(),
        "title": string(),
        "status": one_of("pending", "in_progress", "complete", "error"),
    },
    {"details": RICH_TEXT, "output": RICH_TEXT, "sources": array(anything)},
    anything,
)

_SIMPLE: dict[str, Rule] = {
    "section": _block(
        {},
        {
            "text": text(3000),
            "fields": array(text(2000), 1, 10),
            "accessory": by_type(ACCESSORIES),
            "expand": boolean,
        },
        _worded,
    ),
    "header": _block({"text": plain(150)}, {}, anything),
    "divider": _block({}, {}, anything),
    "image": IMAGE_BLOCK,
    "context": _block(
        {
            "elements": array(
                by_type(
                    {"plain_text": plain(), "mrkdwn": text(), "image": IMAGE},
                ),
                1,
                10,
            )
        },
        {},
        anything,
    ),
    "actions": _block({"elements": array(by_type(ACTIONS), 1, 25)}, {}, anything),
    "input": _block(
        {"label": plain(2000), "element": by_type(INPUTS)},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
        anything,
    ),
    "rich_text": RICH_TEXT,
    "table": TABLE,
    "file": _block({"external_id": string(), "source": string()}, {}, anything),
    "video": _block(
        {
            "alt_text": string(),
            "title": plain(199),
            "video_url": HTTPS,
            "thumbnail_url": HTTPS,
        },
        {
            "title_url": HTTPS,
            "description": plain(),
            "author_name": string(49),
            "provider_name": string(),
            "provider_icon_url": HTTPS,
        },
        anything,
    ),
}
"""The blocks that may also stand in a container."""

_BLOCKS: dict[str, Rule] = {
    **_SIMPLE,
    "markdown": _block({"text": string(_MARKDOWN)}, {}, anything),
    "context_actions": _block(
        {"elements": array(by_type(FEEDBACK), 1, 5)}, {}, anything
    ),
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
    "alert": _block(
        {"text": text(3000)},
        {"level": one_of("default", "info", "warning", "error", "success")},
        anything,
    ),
    "card": _CARD,
    "carousel": _block(
        {"elements": array(by_type({"card": _CARD}), 1, 10)}, {}, anything
    ),
    "container": _block(
        {"child_blocks": array(by_type(_SIMPLE), 1, 10)},
        {
            "title": plain(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": text(150),
            "icon": IMAGE,
            "width": one_of("narrow", "standard", "wide", "full"),
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
        _folding,
    ),
    "task_card": _TASK,
    "plan": _block(
        {"title": string()}, {"tasks": array(by_type({"task_card": _TASK}))}, anything
    ),
    "call": _block(
        {"call_id": string()},
        {"api_decoration_available": boolean, "call": anything},
        anything,
    ),
    "auth_provider": _block(
        {"value": string(150), "name": plain(75), "is_connected": boolean},
        {
            "description": plain(150),
            "icon_url": HTTPS,
            "auth_url": HTTPS,
            "disconnect_url": HTTPS,
            "connected_identity": plain(75),
            "connected_context": plain(75),
            "accessory": by_type({"overflow": OVERFLOW}),
            "fallback": array(anything),
        },
        anything,
    ),
}

_VIEW: dict[str, Rule] = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
_VIEWS = by_type(
    {
        "modal": record(
            {**_TYPE, "title": plain(24), "blocks": anything},
            {
                **_VIEW,
                "submit": plain(24),
                "close": plain(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
                "submit_disabled": boolean,
            },
        ),
        "home": record({**_TYPE, "blocks": anything}, _VIEW),
    }
)


def check_blocks(blocks: Any, surface: Surface, at: str = "/blocks") -> list[str]:
    """Return what Slack would find wrong with `blocks`; an empty list if nothing.

    `at` is the JSON pointer at which the blocks stand.
    """
    found = list(array(by_type(_BLOCKS), 0, _MOST[surface])(blocks, at))
    return found or list(_across(blocks, surface, at))


def check_view(view: Any) -> list[str]:
    """Return what Slack would find wrong with a modal or App Home view."""
    found = list(_VIEWS(view, "/view"))
    if found:
        return found
    found = check_blocks(view["blocks"], view["type"], "/view/blocks")
    asks = any(part.get("type") == "input" for _, part in _walk(view["blocks"], ""))
    if view["type"] == "modal" and asks and view.get("submit") is None:
        found.append(
            wrong("missing required field: submit, as there are inputs", "/view")
        )
    return found


def _walk(value: Any, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object in `value`, each with its place."""
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from _walk(each, f"{at}/{place}")
    elif isinstance(value, dict):
        yield at, value
        for name, each in value.items():
            yield from _walk(each, f"{at}/{name}")


def _across(blocks: list[dict[str, Any]], surface: Surface, at: str) -> Iterator[str]:
    """Yield what is wrong between blocks that are each right by themselves."""
    parts = list(_walk(blocks, at))
    for where, part in parts:
        if surface not in _ELSEWHERE.get(str(part.get("type")), (surface,)):
            yield wrong(f"unsupported type: {part['type']}", f"{where}/type")
    yield from _repeated([(w, p["block_id"]) for w, p in parts if p.get("block_id")])
    yield from _crowded(parts, at)
    for place, block in enumerate(blocks):
        acts = [(w, p) for w, p in _walk(block, f"{at}/{place}") if p.get("action_id")]
        yield from _repeated([(w, p["action_id"]) for w, p in acts], "action_id")
    if surface != "modal":
        for where, part in parts:
            if part.get("response_url_enabled"):
                yield wrong("response_url_enabled is for modals", where)


def _repeated(named: list[tuple[str, str]], name: str = "block_id") -> Iterator[str]:
    seen = set()
    for where, value in named:
        if value in seen:
            yield wrong(f"{name} {value} already exists", f"{where}/{name}")
        seen.add(value)


def _crowded(parts: list[tuple[str, dict[str, Any]]], at: str) -> Iterator[str]:
    """Yield what there is too much of."""
    kinds = Counter(str(part.get("type")) for _, part in parts)
    for kind, most in _AT_MOST.items():
        if kinds[kind] > most:
            yield wrong(f"no more than {most} {kind} blocks allowed", at)
    written = sum(len(p["text"]) for _, p in parts if p.get("type") == "markdown")
    if written > _MARKDOWN:
        yield wrong(f"markdown blocks exceed {_MARKDOWN} characters in all", at)
    if sum(part.get("focus_on_load") is True for _, part in parts) > 1:
        yield wrong("only one element can have focus_on_load", at)
