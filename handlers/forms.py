"""What forms have in common: reading their state, answering in their place."""

from typing import Any

from slack_sdk import WebClient

from handlers.reply import Reply
from templates.messages.base import Message

Values = dict[str, dict[str, dict[str, Any]]]
"""A view's state: block → action → the element's state."""


def field(values: Values, block: str) -> dict[str, Any]:
    """Return the state of the one element of a block; empty where there is none."""
    return next(iter((values.get(block) or {}).values()), {})


def value_of(values: Values, block: str) -> str | None:
    """Return what a field holds: typed, chosen or picked; None where nothing."""
    state = field(values, block)
    chosen = state.get("selected_option") or {}
    found = state.get("value") or chosen.get("value") or state.get("selected_date")
    return None if found is None else str(found)


def show(
    message: Message, body: dict[str, Any], client: WebClient, reply: Reply
) -> None:
    """Show an answer in the place of what was clicked: a window, or a private message.

    A message that others read too stays as it is.
    """
    view = body.get("view")
    if view:
        shown = reply.rendered(message).as_view()
        client.views_update(view_id=view["id"], hash=view.get("hash"), view=shown)
        return
    container = body.get("container") or {}
    reply.privately(message, replace=bool(container.get("is_ephemeral")))
