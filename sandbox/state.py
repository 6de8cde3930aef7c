"""The state of a form's fields, as `state.values` has it."""

from collections.abc import Iterator

from sandbox.model import Json
from sandbox.refusal import Refused

VALUE_FIELD = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": (
        "selected_conversations",
        "initial_conversations",
    ),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "file_input": ("files", ""),
}
"""Of each stateful element: the field that holds its value, and its initial one."""

LISTS = frozenset(f for f, _ in VALUE_FIELD.values() if f.endswith("s"))


INNER = {"container": "child_blocks", "carousel": "elements"}
"""Where a block keeps blocks of its own."""


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield each interactive element with the block that it stands in."""
    for block in blocks:
        if block.get("type") in INNER:
            yield from elements(block.get(INNER[block["type"]]) or [])
            continue
        found = [block.get("element"), block.get("accessory")]
        found += block.get("actions" if block.get("type") == "card" else "elements", [])
        for element in found:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def find(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    """Return the block and the element of these ids."""
    for block, element in elements(blocks):
        if block.get("block_id") == block_id and element["action_id"] == action_id:
            return block, element
    raise Refused("invalid_arguments", f"no element {block_id}/{action_id}")


def initial(blocks: list[Json], current_conversation: str = "") -> Json:
    """Return the state of fresh blocks: the elements' initial values."""
    values: Json = {}
    for block, element in elements(blocks):
        kind = element.get("type", "")
        if kind not in VALUE_FIELD:
            continue
        field, source = VALUE_FIELD[kind]
        value = element.get(source)
        if value is None and element.get("default_to_current_conversation"):
            value = current_conversation or None
            value = [value] if value and field in LISTS else value
        if value is None and field in LISTS:
            value = []
        mine = values.setdefault(block["block_id"], {})
        mine[element["action_id"]] = {"type": kind, field: value}
    return values


def carried(before: Json, fresh: Json) -> Json:
    """Return `fresh` with what was filled in before, where ids and types agree."""
    return {
        block_id: {
            action_id: _same(before.get(block_id, {}).get(action_id), value)
            for action_id, value in actions.items()
        }
        for block_id, actions in fresh.items()
    }


def _same(old: Json | None, new: Json) -> Json:
    return old if old is not None and old["type"] == new["type"] else new


def filled(blocks: list[Json], values: Json, given: Json) -> Json:
    """Return `values` with what a person filled in; options come whole."""
    result = {block_id: dict(actions) for block_id, actions in values.items()}
    for block_id, actions in given.items():
        for action_id, said in actions.items():
            _, element = find(blocks, block_id, action_id)
            result.setdefault(block_id, {})[action_id] = value_of(element, said)
    return result


def value_of(element: Json, said: Json) -> Json:
    """Return the element's state value from what a person chose."""
    kind = element.get("type", "")
    if kind not in VALUE_FIELD:
        raise Refused("invalid_arguments", f"a {kind} has no value")
    field, _ = VALUE_FIELD[kind]
    value = said.get(field)
    if field == "selected_option" and value:
        value = _option(element, value)
    elif field == "selected_options":
        value = [_option(element, option) for option in value or ()]
    elif value is None and field in LISTS:
        value = []
    elif field == "value" and value is not None:
        value = str(value) or None
    return {"type": kind, field: value}


def _option(element: Json, said: Json) -> Json:
    """Return the option as the app gave it; external ones are taken as they come."""
    known = options_of(element)
    for option in known:
        if option["value"] == said.get("value"):
            return option
    if known or "external" not in element["type"]:
        raise Refused("invalid_arguments", f"no option {said.get('value')!r}")
    return said


def options_of(element: Json) -> list[Json]:
    """Return all options of an element, those in groups too."""
    grouped = [g.get("options") or [] for g in element.get("option_groups") or ()]
    return [*(element.get("options") or ()), *(o for group in grouped for o in group)]
