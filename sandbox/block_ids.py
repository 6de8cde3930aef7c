"""The ids that Slack gives blocks and elements where the app gave none."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from sandbox.model import Json
from sandbox.state import INNER

_NOT_ACTIVE = frozenset({"image", "plain_text", "mrkdwn"})


def identified(blocks: list[Json]) -> list[Json]:
    """Return the blocks, each with a `block_id`, each element with an `action_id`.

    Fields that are null are left out, as Slack leaves them out.
    """
    blocks = [_without_nulls(block) for block in blocks]
    taken = set(_block_ids(blocks))
    free = (f"b{n:04}" for n in count(1) if f"b{n:04}" not in taken)
    return [_identified(block, free) for block in blocks]


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_nulls(v) for k, v in value.items() if v is not None}
    return [_without_nulls(v) for v in value] if isinstance(value, list) else value


def _block_ids(blocks: list[Json]) -> Iterator[str]:
    for block in blocks:
        yield block.get("block_id") or ""
        yield from _block_ids(_inner(block))


def _inner(block: Json) -> list[Json]:
    return block.get(INNER.get(block.get("type", ""), "")) or []


def _identified(block: Json, free: Iterator[str]) -> Json:
    found = {**block, "block_id": block.get("block_id") or next(free)}
    inner = _inner(block)
    if inner:
        name = INNER[block["type"]]
        return found | {name: [_identified(each, free) for each in inner]}
    numbers = count(1)
    for name in ("element", "accessory"):
        if isinstance(found.get(name), dict):
            found[name] = _with_action_id(found[name], numbers)
    for name in ("elements", "actions"):
        if found.get(name) and block["type"] in {"actions", "card", "context_actions"}:
            found[name] = [_with_action_id(each, numbers) for each in found[name]]
    return found


def _with_action_id(element: Json, numbers: "count[int]") -> Json:
    if element.get("type") in _NOT_ACTIVE or element.get("action_id"):
        return element
    return {**element, "action_id": f"a{next(numbers):03}"}
