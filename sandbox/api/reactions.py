"""Reactions: add, remove, get."""

import re

from sandbox import messages
from sandbox.api.call import Call, Method
from sandbox.message_shape import message_json
from sandbox.model import Json, Message
from sandbox.refusal import Refused

_NAME = re.compile(r"[\w+'-]{1,100}(::skin-tone-[2-6])?")


def _item(call: Call) -> Message:
    if not call.has("channel") or not call.has("timestamp"):
        raise Refused("no_item_specified")
    channel = call.channel()
    message = channel.messages.get(call.text("timestamp"))
    if message is None:
        raise Refused("message_not_found")
    if channel.is_archived:
        raise Refused("is_archived")
    return message


def _name(call: Call) -> str:
    name = call.text("name").strip(":")
    if not _NAME.fullmatch(name):
        raise Refused("invalid_name")
    return name


def add(call: Call) -> Json:
    """Add a reaction."""
    messages.react(call.world, _item(call), call.bot, _name(call))
    return {}


def remove(call: Call) -> Json:
    """Take a reaction away."""
    messages.unreact(call.world, _item(call), call.bot, _name(call))
    return {}


def get(call: Call) -> Json:
    """Return a message with its reactions."""
    message = _item(call)
    shown = message_json(call.world, message)
    permalink = f"/archives/{message.channel}/p{message.ts.replace('.', '')}"
    shown["permalink"] = call.world.url + permalink
    return {"type": "message", "channel": message.channel, "message": shown}


METHODS = {
    "reactions.add": Method(add, ("reactions:write",)),
    "reactions.get": Method(get, ("reactions:read",)),
    "reactions.remove": Method(remove, ("reactions:write",)),
}
