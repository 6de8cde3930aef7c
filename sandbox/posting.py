"""What an app may post, where, and how fast."""

from math import ceil
from typing import Any

from sandbox.blocks.limits import check_blocks
from sandbox.entities import normal
from sandbox.model import App, Channel, Json, Message
from sandbox.refusal import Refused
from sandbox.world import World

MAX_TEXT = 40_000
MAX_ATTACHMENTS = 100


class TooFast(Refused):
    """More than a message a second in a channel; wait `seconds`."""

    def __init__(self, seconds: float) -> None:
        """Refuse for `seconds`."""
        super().__init__("ratelimited")
        self.seconds = seconds


def contents(body: Json) -> Json:
    """Return a message's text, blocks and attachments, if Slack would take them."""
    text, blocks = body.get("text") or "", body.get("blocks") or []
    attachments = body.get("attachments") or []
    if not isinstance(text, str):
        raise Refused("invalid_arguments", "[ERROR] text must be a string")
    if not isinstance(attachments, list):
        raise Refused("invalid_attachments")
    if len(attachments) > MAX_ATTACHMENTS:
        raise Refused("too_many_attachments")
    wrong = check_blocks(blocks, "message")
    for place, attachment in enumerate(attachments):
        wrong += _wrong_attachment(attachment, place)
    if wrong:
        bare = [said.removeprefix("[ERROR] ") for said in wrong]
        raise Refused("invalid_blocks", *wrong, errors=bare)
    if not (text or blocks or attachments):
        raise Refused("no_text")
    if len(text) > MAX_TEXT:
        raise Refused("msg_too_long")
    return {"text": normal(text), "blocks": blocks, "attachments": attachments}


def _wrong_attachment(attachment: Any, place: int) -> list[str]:
    if not isinstance(attachment, dict):
        raise Refused("invalid_attachments")
    blocks = attachment.get("blocks") or []
    return check_blocks(blocks, "message", f"/attachments/{place}/blocks")


def by_app(world: World, app: App, channel: str, **said: Any) -> Message:
    """Return a message of the app's bot, not yet posted."""
    return Message(
        ts=world.new_ts(),
        channel=channel,
        user=app.bot_user,
        bot_id=app.bot_id,
        app_id=app.id,
        **said,
    )


def destination(world: World, app: App, name: str) -> Channel:
    """Return where the app's message goes: a channel, or a user's direct message."""
    if name in world.users:
        return world.direct(app.bot_user, name)
    place = world.channel_named(name)
    there = place is not None and app.bot_user in place.members
    if place is None or (place.kind != "channel" and not there):
        raise Refused("channel_not_found")
    if place.is_archived:
        raise Refused("is_archived")
    if not there and "chat:write.public" not in app.scopes:
        raise Refused("not_in_channel")
    return place


def keep_pace(world: World, channel: Channel) -> None:
    """Refuse a message within a second of the last, where the rules say so."""
    now, last = world.now(), world.last_posts.get(channel.id, 0.0)
    wait = last + 1 - now
    if world.rules.one_message_a_second and wait > 0:
        raise TooFast(ceil(wait))
    world.last_posts[channel.id] = now
