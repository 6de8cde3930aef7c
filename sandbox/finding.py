"""Finds controls by what people see on them; says what they choose as Slack does."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox import state
from sandbox.model import Json, Message, View
from sandbox.refusal import Refused
from sandbox.world import World

Holder = Message | View


@dataclass(frozen=True)
class Control:
    """An interactive element, and what it stands in."""

    holder: Holder
    block: Json
    element: Json

    @property
    def container(self) -> Json:
        """Return what `Actions` takes to find the holder again."""
        if isinstance(self.holder, View):
            return {"type": "view", "view_id": self.holder.id}
        place = {"channel_id": self.holder.channel, "message_ts": self.holder.ts}
        return {"type": "message"} | place

    @property
    def label(self) -> str:
        """Return what people read on it, or beside it."""
        for part in (self.element.get("text"), self.block.get("label")):
            if isinstance(part, dict):
                return str(part.get("text", ""))
        placeholder = self.element.get("placeholder") or {}
        return str(placeholder.get("text", ""))


def blocks_of(holder: Holder) -> list[Json]:
    """Return all blocks of a message, its attachments' too, or of a view."""
    if isinstance(holder, View):
        return list(holder.body["blocks"])
    inner = [a.get("blocks") or [] for a in holder.attachments]
    return [*holder.blocks, *(block for blocks in inner for block in blocks)]


def controls(holder: Holder) -> Iterator[Control]:
    """Yield every control of a message or view, in order."""
    for block, element in state.elements(blocks_of(holder)):
        yield Control(holder, block, element)


def find(holders: list[Holder], name: str) -> Control:
    """Return the control called `name`: its label, action id or block id.

    The first holder that has one wins. The very label goes before a part of it.
    """
    wanted = name.casefold().strip()
    for holder in holders:
        there = list(controls(holder))
        for control in there:
            ids = (control.element["action_id"], control.block.get("block_id"))
            if name in ids or control.label.casefold() == wanted:
                return control
        for control in there:
            if wanted and wanted in control.label.casefold():
                return control
    seen = sorted(
        {c.label or c.element["action_id"] for h in holders for c in controls(h)}
    )
    raise Refused("control_not_found", f"no control {name!r}; there are: {seen}")


def latest_first(world: World, user: str, channel: str) -> list[Holder]:
    """Return what `user` has before them: modal on top, then messages, newest first."""
    holders: list[Holder] = list(reversed(world.stack(user)))
    place = world.channels.get(channel)
    if place is not None:
        private = [m for m in place.private.values() if m.to == user]
        said = sorted([*place.messages.values(), *private], key=lambda m: m.ts)
        holders += reversed(said)
    return holders


def chosen(world: World, element: Json, value: Any) -> Json:
    """Return the state part that choosing `value` makes, as `{"selected_date": …}`.

    An option is named by its value or its text; people and channels by name or id.
    """
    kind = element.get("type", "")
    if isinstance(value, dict):
        return value
    if kind == "overflow":
        return {"selected_option": _option(element, value)}
    if kind not in state.VALUE_FIELD:
        return {}
    field, _ = state.VALUE_FIELD[kind]
    if field in state.LISTS:
        several = value if isinstance(value, list) else [value]
        return {field: [_one(world, element, field, each) for each in several]}
    return {field: _one(world, element, field, value)}


def _one(world: World, element: Json, field: str, value: Any) -> Any:
    if value is None:
        return None
    if "option" in field:
        return value if isinstance(value, dict) else _option(element, value)
    if "user" in field:
        user = world.user_named(str(value))
        return user.id if user else value
    if "channel" in field or "conversation" in field:
        channel = world.channel_named(str(value))
        return channel.id if channel else value
    if field == "value":
        return str(value)
    return value


def _option(element: Json, value: Any) -> Json:
    options = state.options_of(element)
    for option in options:
        if value in {option.get("value"), option.get("text", {}).get("text")}:
            return option
    known = [option.get("text", {}).get("text") for option in options]
    raise Refused("option_not_found", f"no option {value!r}; there are: {known}")
