"""The card of a customer: shown, shared with a channel, explained, paged through."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient

from handlers.later import answer_later
from handlers.reply import Reply
from templates.messages.base import Message
from templates.messages.lookup import CustomerCard
from workflows import lookup
from workflows.services import Actor, Services
from workflows.share import share_card


def register(app: App) -> None:
    """Connect the card's buttons to `app`."""
    app.action("customer_open")(open_customer)
    app.action("customer_show")(show_customer)
    app.action("customer_history")(show_history)
    app.action("customer_history_newer")(turn_history)
    app.action("customer_history_older")(turn_history)
    app.action("customer_share")(share_customer)


def seen_by(services: Services, actor: Actor, found: Message, channel: str) -> Message:
    """Return what was found as shown in `channel`; remember a card as seen."""
    if not isinstance(found, CustomerCard):
        return found
    services.afterwards(lambda: lookup.remember_card(services, actor, found))
    return replace(found, can_share=not channel.startswith("D"))


def show_customer(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Show the customer chosen from several, in the list's place."""
    card = lookup.customer_card(services, actor, int(action["value"]))
    shown = seen_by(services, actor, card, _channel(body))
    reply.privately(shown, replace=_is_ephemeral(body))
    return ack()


def open_customer(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Show the customer's card over the Home, which has no place for an answer."""
    card = lookup.customer_card(services, actor, int(action["value"]))
    seen_by(services, actor, card, _channel(body))
    window = reply.rendered(lookup.as_window(card))
    client.views_open(trigger_id=body["trigger_id"], view=window.as_view())
    return ack()


def show_history(
    ack: Ack, action: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """List a customer's latest invoices, below the card."""
    reply.privately(lookup.history(services, actor, int(action["value"]), 1))
    return ack()


def turn_history(
    ack: Ack, action: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Show another page of a customer's invoices, in this one's place."""
    customer_id, _, page = str(action["value"]).partition(":")
    shown = lookup.history(services, actor, int(customer_id), int(page))
    reply.privately(shown, replace=True)
    return ack()


def share_customer(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    services: Services,
    actor: Actor,
    reply: Reply,
    readers: Callable[[str], str],
) -> BoltResponse:
    """Post a customer's card to the channel, if all its readers may see it."""
    channel = _channel(body)

    def share() -> Message:  # who reads there may take Slack many calls to say
        return share_card(
            services,
            actor,
            int(action["value"]),
            channel=channel,
            readers=readers(channel),
            click=f"{action.get('action_ts')}:{actor.slack_id}",
        )

    answer_later(services, reply, share)
    return ack()


def _channel(body: dict[str, Any]) -> str:
    container = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
    return str(channel or "")


def _is_ephemeral(body: dict[str, Any]) -> bool:
    return bool((body.get("container") or {}).get("is_ephemeral", True))
