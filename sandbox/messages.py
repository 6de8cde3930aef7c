"""What happens to messages: posted, edited, deleted, reacted to."""

from dataclasses import replace
from typing import Any

from sandbox.block_ids import identified
from sandbox.message_shape import message_json
from sandbox.model import Channel, Json, Message
from sandbox.refusal import Refused
from sandbox.world import World

MAX_REACTIONS = 23
"""Different ones on a message, for one user."""


def post(world: World, message: Message) -> Message:
    """Put a message where it says, and tell of it."""
    channel = world.channels[message.channel]
    message.blocks = identified(message.blocks)
    if message.thread_ts:
        _join_thread(channel, message)
    channel.messages[message.ts] = message
    if message.user in channel.members:
        channel.read[message.user] = message.ts
    _settle_status(world, channel, message)
    told = message_json(world, message, metadata=True)
    world.changed("message", channel.id, message.user, {"message": told})
    return message


def _join_thread(channel: Channel, message: Message) -> None:
    root = channel.messages.get(message.thread_ts)
    if root is None and message.thread_ts not in channel.assistants:
        raise Refused("thread_not_found")
    if root is not None and root.thread_ts:
        message.thread_ts = root.thread_ts
    if message.broadcast:
        message.subtype = "thread_broadcast"
    channel.threads.setdefault(message.thread_ts, []).append(message.ts)


def _settle_status(world: World, channel: Channel, message: Message) -> None:
    """Take the assistant's "is thinking…" away once it has answered."""
    assistant = channel.assistants.get(message.thread_ts)
    if assistant and assistant.status and message.app_id:
        assistant.status = ""
        told = {"thread_ts": message.thread_ts, "status": ""}
        world.changed("typing_status", channel.id, message.user, told)


def show_privately(world: World, message: Message) -> Message:
    """Show a message to `message.to` alone."""
    channel = world.channels[message.channel]
    message.blocks = identified(message.blocks)
    channel.private[message.ts] = message
    told = {"message": message_json(world, message)}
    world.changed("ephemeral", channel.id, message.to, told)
    return message


def replace_private(world: World, message: Message, by: Json | None) -> None:
    """Give an ephemeral message other contents, or take it away (`by` None)."""
    channel = world.channels[message.channel]
    if by is None:
        channel.private.pop(message.ts, None)
        told: Json = {"ts": message.ts, "message": None}
    else:
        _set(message, by)
        told = {"ts": message.ts, "message": message_json(world, message)}
    world.changed("ephemeral_replaced", channel.id, message.to, told)


def edit(world: World, message: Message, by: str, **contents: Any) -> Message:
    """Give a message other contents: text, blocks, attachments, metadata, files."""
    before = message_json(world, message, metadata=True)
    _set(message, contents)
    message.edited = {"user": by, "ts": f"{int(world.now())}.000000"}
    told = {
        "message": message_json(world, message, metadata=True),
        "previous_message": before,
    }
    world.changed("message_changed", message.channel, by, told)
    return message


def _set(message: Message, contents: Json) -> None:
    for name, value in contents.items():
        setattr(message, name, identified(value) if name == "blocks" else value)
    if "blocks" in contents:
        message.values = {}


def delete(world: World, message: Message) -> None:
    """Delete a message; one with replies leaves a tombstone, as in Slack."""
    channel = world.channels[message.channel]
    before = message_json(world, message)
    if channel.threads.get(message.ts):
        channel.messages[message.ts] = replace(
            Message(message.ts, channel.id, "USLACKBOT"),
            text="This message was deleted.",
            subtype="tombstone",
        )
    else:
        channel.messages.pop(message.ts)
    if message.thread_ts:
        channel.threads[message.thread_ts].remove(message.ts)
    told = {"ts": message.ts, "previous_message": before}
    world.changed("message_deleted", channel.id, message.user, told)


def react(world: World, message: Message, user: str, name: str) -> None:
    """Add a reaction."""
    users = message.reactions.get(name, [])
    if user in users:
        raise Refused("already_reacted")
    mine = [n for n, who in message.reactions.items() if user in who]
    if len(mine) >= MAX_REACTIONS:
        raise Refused("too_many_reactions")
    message.reactions[name] = [*users, user]
    _tell_reaction(world, message, user, name, added=True)


def unreact(world: World, message: Message, user: str, name: str) -> None:
    """Take a reaction away."""
    users = message.reactions.get(name, [])
    if user not in users:
        raise Refused("no_reaction")
    message.reactions[name] = [u for u in users if u != user]
    if not message.reactions[name]:
        del message.reactions[name]
    _tell_reaction(world, message, user, name, added=False)


def _tell_reaction(
    world: World, message: Message, user: str, name: str, *, added: bool
) -> None:
    told = {
        "ts": message.ts,
        "reaction": name,
        "added": added,
        "item_user": message.user,
    }
    world.changed("reaction", message.channel, user, told)
