"""Messages as Slack's JSON has them."""

from sandbox.model import Channel, Json, Message
from sandbox.shape import bot_json, file_json
from sandbox.world import World

SHOWN_REPLIERS = 5


def message_json(world: World, message: Message, *, metadata: bool = False) -> Json:
    """Return the message as history and events have it.

    The metadata is left out unless it is asked for, as Slack does.
    """
    found: Json = {"type": "message"}
    if message.subtype:
        found["subtype"] = message.subtype
    found |= {"user": message.user, "text": message.text, "ts": message.ts}
    found |= _written_by(world, message)
    for name in ("client_msg_id", "edited"):
        if getattr(message, name):
            found[name] = getattr(message, name)
    for name in ("blocks", "attachments"):
        if getattr(message, name):
            found[name] = getattr(message, name)
    if message.files:
        files = [world.files[f] for f in message.files if f in world.files]
        found |= {"files": [file_json(world, f) for f in files], "upload": False}
    if message.reactions:
        found["reactions"] = [
            {"name": name, "users": users, "count": len(users)}
            for name, users in message.reactions.items()
        ]
    if message.metadata and metadata:
        found["metadata"] = message.metadata
    return found | _thread(world, message)


def _written_by(world: World, message: Message) -> Json:
    found: Json = {}
    writer = world.users.get(message.user)
    found["team"] = writer.team_id if writer else world.team.id
    if message.app_id and message.app_id in world.apps:
        app = world.apps[message.app_id]
        profile = bot_json(world, app) | {"team_id": world.team.id}
        found |= {"bot_id": app.bot_id, "app_id": app.id, "bot_profile": profile}
    if message.username:
        found["username"] = message.username
    if message.icons:
        found["icons"] = message.icons
    if message.to:
        found["is_ephemeral"] = True
    return found


def _thread(world: World, message: Message) -> Json:
    channel = world.channels.get(message.channel)
    if channel is None:
        return {}
    if message.thread_ts:
        return _reply(channel, message)
    replies = channel.replies(message.ts)
    if not replies:
        in_pane = message.ts in channel.assistants
        return {"thread_ts": message.ts} if in_pane else {}
    repliers = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(repliers),
        "latest_reply": replies[-1].ts,
        "reply_users": repliers[:SHOWN_REPLIERS],
        "is_locked": False,
        "subscribed": False,
    }


def _reply(channel: Channel, message: Message) -> Json:
    found: Json = {"thread_ts": message.thread_ts}
    root = channel.messages.get(message.thread_ts)
    if root is not None:
        found["parent_user_id"] = root.user
    return found
