"""What is chosen or written in an element, from the state or its initial value."""

from collections.abc import Mapping
from typing import Any

from sandbox.blocks.dates import Reader
from sandbox.blocks.mrkdwn import Names, plain_words
from sandbox.model import Json
from sandbox.state import LISTS, VALUE_FIELD

__all__ = ["Json", "chosen_of", "field_of", "moment_of", "value_of"]


def field_of(element: Json) -> str:
    """Return in which field of the state the element's value stands, or ""."""
    return VALUE_FIELD.get(element["type"], ("", ""))[0]


def value_of(
    element: Json, block_id: str, values: Mapping[str, Mapping[str, Json]]
) -> Json:
    """Return the element's value without its type, as `{"selected_option": …}`."""
    field, initial = VALUE_FIELD[element["type"]]
    held = values.get(block_id, {}).get(element.get("action_id", ""))
    value = element.get(initial) if held is None else held.get(field)
    if value is None and field in LISTS:
        value = []
    return {field: value}


def chosen_of(element: Json, value: Json, names: Names) -> list[Json]:
    """Return what is chosen in a select, each with its `value` and as `shown`."""
    held = next(iter(value.values()))
    items = held if isinstance(held, list) else [held]
    return [{"value": i, "shown": _shown(element, i, names)} for i in items if i]


def _shown(element: Json, item: Any, names: Names) -> str:
    if isinstance(item, dict):
        return plain_words(item["text"]["text"])
    if "users" in element["type"]:
        return names.user(item) or item
    name = names.channel(item)
    return f"#{name}" if name and "channels" in element["type"] else name or item


def moment_of(value: Json, reader: Reader) -> str:
    """Return a picker's value as HTML's date and time inputs write it."""
    seconds = value.get("selected_date_time")
    if seconds:
        return f"{reader.local(seconds):%Y-%m-%dT%H:%M}"
    return str(value.get("selected_date") or value.get("selected_time") or "")
