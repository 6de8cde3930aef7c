"""What is chosen or written in an element, from the state or its initial value."""

from collections.abc import Mapping
from typing import Any

from sandbox.blocks.dates import Reader
from sandbox.blocks.mrkdwn import Names

Json = dict[str, Any]

INITIAL = {
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_user": "selected_user",
    "initial_users": "selected_users",
    "initial_channel": "selected_channel",
    "initial_channels": "selected_channels",
    "initial_conversation": "selected_conversation",
    "initial_conversations": "selected_conversations",
    "initial_date": "selected_date",
    "initial_time": "selected_time",
    "initial_date_time": "selected_date_time",
}
"""In which field of the state each initial value stands."""


def value_of(
    element: Json, block_id: str, values: Mapping[str, Mapping[str, Json]]
) -> Json:
    """Return the element's value without its type, as `{"selected_option": …}`."""
    held = values.get(block_id, {}).get(element.get("action_id", ""))
    if held is not None:
        return {k: v for k, v in held.items() if k != "type"}
    for name, field in INITIAL.items():
        if element.get(name) is not None:
            return {field: element[name]}
    if element.get("initial_value") is None:
        return {}
    rich = element["type"] == "rich_text_input"
    return {"rich_text_value" if rich else "value": element["initial_value"]}


def chosen_of(element: Json, value: Json, names: Names) -> list[Json]:
    """Return what is chosen in a select, each with its `value` and as `shown`."""
    held = next(iter(value.values()), None)
    items = held if isinstance(held, list) else [held]
    return [{"value": i, "shown": _shown(element, i, names)} for i in items if i]


def _shown(element: Json, item: Any, names: Names) -> str:
    if isinstance(item, dict):
        return str(item["text"]["text"])
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
