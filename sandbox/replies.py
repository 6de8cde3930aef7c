"""What apps answer: in the body of an ack, or to a `response_url`."""

from typing import Any

from sandbox import messages
from sandbox.model import App, Json, Message
from sandbox.posting import by_app, contents
from sandbox.refusal import Refused
from sandbox.world import ReplyUrl, World

MAX_USES = 5
LIFETIME_SECONDS = 30 * 60


def use(world: World, identity: str) -> ReplyUrl:
    """Count a use of a `response_url`; refuse it where it is used up or too old."""
    reply = world.replies.get(identity)
    if reply is None or world.now() - reply.issued > LIFETIME_SECONDS:
        raise Refused("expired_url")
    if reply.uses >= MAX_USES:
        raise Refused("used_url")
    reply.uses += 1
    return reply


def answer(world: World, reply: ReplyUrl, body: Json) -> Message | None:
    """Show what an app answers to the user, or to the conversation if it says so.

    Returns the message; None where it deleted the original.
    """
    app = world.apps[reply.app_id]
    original = world.message(reply.channel, reply.message_ts)
    if _flag(body, "delete_original"):
        if original is not None:
            _delete(world, original)
        return None
    said = contents(body)
    if _flag(body, "replace_original") and original is not None:
        return _replace(world, app, original, said)
    message = _new(world, app, reply, body, said)
    reply.message_ts = reply.message_ts or message.ts
    return message


def _flag(body: Json, name: str) -> bool:
    said: Any = body.get(name)
    return said is True or said == "true"


def _delete(world: World, original: Message) -> None:
    if original.to:
        messages.replace_private(world, original, None)
    else:
        messages.delete(world, original)


def _replace(world: World, app: App, original: Message, said: Json) -> Message:
    if original.to:
        messages.replace_private(world, original, said)
    else:
        messages.edit(world, original, app.bot_user, **said)
    return original


def _new(world: World, app: App, reply: ReplyUrl, body: Json, said: Json) -> Message:
    message = by_app(world, app, reply.channel, **said)
    message.thread_ts = str(body.get("thread_ts") or reply.thread_ts or "")
    if body.get("response_type") == "in_channel":
        return messages.post(world, message)
    message.to = reply.user
    return messages.show_privately(world, message)
