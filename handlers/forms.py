"""What forms have in common: reading their state, answering in their place."""

import logging
from dataclasses import dataclass
from typing import Any

from slack_bolt import BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers.reply import Reply
from risk.errors import N_, UserError
from templates.messages.base import Message, Problem
from templates.mrkdwn import plain

log = logging.getLogger(__name__)

Values = dict[str, dict[str, dict[str, Any]]]
"""A view's state: block → action → the element's state."""


@dataclass(eq=False)
class FormTooLate(UserError):
    """Slack had given the click up before the form came."""

    message = N_("Slack did not wait for the form. Please type it again.")


def field(values: Values, block: str) -> dict[str, Any]:
    """Return the state of the one element of a block; empty where there is none."""
    return next(iter((values.get(block) or {}).values()), {})


def value_of(values: Values, block: str) -> str | None:
    """Return what a field holds: typed, chosen or picked; None where nothing."""
    state = field(values, block)
    chosen = state.get("selected_option") or {}
    found = (
        state.get("value")
        or chosen.get("value")
        or state.get("selected_date")
        or state.get("selected_time")
    )
    return None if found is None else str(found)


def several(values: Values, block: str) -> tuple[str, ...]:
    """Return all that is ticked, or chosen from a list."""
    options = field(values, block).get("selected_options") or ()
    return tuple(option["value"] for option in options)


def people(values: Values, block: str) -> tuple[str, ...]:
    """Return the Slack ids of the people chosen."""
    return tuple(field(values, block).get("selected_users") or ())


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


def open_form(
    form: Message, body: dict[str, Any], client: WebClient, reply: Reply
) -> None:
    """Open a form; over the window that was clicked in, if it was one."""
    opened = client.views_push if body.get("view") else client.views_open
    opened(trigger_id=body["trigger_id"], view=reply.rendered(form).as_view())


def open_view(
    form: Message, body: dict[str, Any], client: WebClient, reply: Reply
) -> None:
    """Open a form by a command's trigger; raise FormTooLate if that has gone."""
    view = reply.rendered(form).as_view()
    try:
        client.views_open(trigger_id=body["trigger_id"], view=view)
    except SlackApiError as error:
        if error.response.get("error") in {
            "expired_trigger_id",
            "exchanged_trigger_id",
        }:
            raise FormTooLate from error
        raise


def redraw_view(
    form: Message, view: dict[str, Any], client: WebClient, reply: Reply
) -> None:
    """Show a form as somebody fills it in."""
    try:
        client.views_update(
            view_id=view["id"],
            hash=view.get("hash"),
            view=reply.rendered(form).as_view(),
        )
    except SlackApiError as error:
        # A newer change redraws the form as well, so an older one may lose.
        log.info("form.outdated", extra={"error": error.response.get("error")})


def open_window(
    window: Message, body: dict[str, Any], client: WebClient, reply: Reply
) -> None:
    """Open a window: over the one that was clicked in, or over the Home."""
    modal = (body.get("view") or {}).get("type") == "modal"
    opened = client.views_push if modal else client.views_open
    opened(trigger_id=body["trigger_id"], view=reply.rendered(window).as_view())


def field_error(block: str, wrong: UserError, reply: Reply) -> BoltResponse:
    """Show what is wrong at its field; what was typed stays."""
    words = reply.rendered(Problem(wrong.message, vars(wrong))).text
    return reply.ack(response_action="errors", errors={block: plain(words)})


def which(text: str) -> tuple[int, int]:
    """Return the id and the version that a button carries."""
    number, _, version = text.partition(":")
    return int(number), int(version)
