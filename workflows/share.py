"""Puts a customer's card into a channel: a choice, checked against who reads there."""

from dataclasses import dataclass, replace

from risk.errors import N_, UserError
from storage import outbox
from templates.messages.lookup import Shared
from workflows.digest import OURS
from workflows.digest_trouble import OUTSIDERS
from workflows.lookup import customer_card
from workflows.services import Actor, Services


@dataclass(eq=False)
class ReadByOthers(UserError):
    """Guests or people of another company read the channel."""

    message = N_(
        "Guests or people of another company read this channel, and what customers owe"
        " is not for them. Share the card in a channel of our own people."
    )


@dataclass(eq=False)
class NotAMember(UserError):
    """We are not in the channel."""

    message = N_(
        "I am not in this channel. Type /invite and my name, then share again."
    )


@dataclass(eq=False)
class ReadersUnknown(UserError):
    """Slack could not say who reads the channel."""

    message = N_(
        "Slack does not say who reads this channel just now, so nothing was shared."
        " Try again in a minute."
    )


def share_card(
    services: Services,
    actor: Actor,
    customer_id: int,
    *,
    channel: str,
    readers: str,
    click: str,
) -> Shared:
    """Owe `channel` the card, once a click; `readers` is who reads it.

    Raises:
        ReadByOthers, NotAMember, ReadersUnknown: it must not, or cannot, go there.
        OursOnly, CustomerGone: as for the card itself.

    """
    may_be_shared(readers)
    card = replace(
        customer_card(services, actor, customer_id),
        seen=None,
        watched=False,
        shared_by=actor.name or actor.slack_id,
    )
    said = services.render(card, actor.language)
    with services.database.write() as session:
        outbox.put(
            session,
            key=f"share:{click}:{customer_id}",
            channel=channel,
            text=said.text,
            blocks=said.blocks,
            at=services.now(),
        )
    services.wake_delivery()
    return Shared(card.name)


def may_be_shared(readers: str) -> None:
    """Raise what keeps an answer from a channel; `readers` is who reads it.

    Raises:
        ReadByOthers, NotAMember, ReadersUnknown: it must not, or cannot, go there.

    """
    if readers == OUTSIDERS:
        raise ReadByOthers
    if readers in {"not_in_channel", "channel_not_found", "is_archived"}:
        raise NotAMember
    if readers != OURS:
        raise ReadersUnknown
