"""Conversations made and changed: open, create, join, invite, leave, archive."""

from sandbox import conversations
from sandbox.api.call import Call, Method
from sandbox.model import Channel, Json
from sandbox.refusal import Refused
from sandbox.shape import channel_json

WRITE_SCOPE = {
    "channel": "channels:manage",
    "group": "groups:write",
    "im": "im:write",
    "mpim": "mpim:write",
}
JOIN_SCOPE = WRITE_SCOPE | {"channel": "channels:join"}
MAX_WORDS = 250


def _shown(call: Call, channel: Channel) -> Json:
    return {"channel": channel_json(call.world, channel, call.bot)}


def open_direct(call: Call) -> Json:
    """Open the direct message with one user, or a group's."""
    if call.has("channel"):
        channel = call.channel()
        if not channel.is_direct:
            raise Refused("method_not_supported_for_channel_type")
        return {"no_op": True, "already_open": True, "channel": {"id": channel.id}}
    users = call.listed("users")
    if not users:
        raise Refused("users_list_not_supplied")
    for user in users:
        if user not in call.world.users:
            raise Refused("user_not_found")
    call.need("im:write" if len(users) == 1 else "mpim:write")
    before = set(call.world.channels)
    channel = conversations.open_group(call.world, [call.bot, *users])
    found: Json = {"channel": {"id": channel.id}}
    if call.flag("return_im"):
        found = _shown(call, channel)
    if channel.id in before:
        found |= {"no_op": True, "already_open": True}
    return found


def close_direct(call: Call) -> Json:
    """Close a direct message: it leaves the side bar, nothing else."""
    channel = call.readable(WRITE_SCOPE)
    if not channel.is_direct:
        raise Refused("method_not_supported_for_channel_type")
    return {}


def create(call: Call) -> Json:
    """Make a channel."""
    private = call.flag("is_private")
    call.need("groups:write" if private else "channels:manage")
    name = call.text("name")
    made = conversations.create(call.world, name, call.bot, private=private)
    return _shown(call, made)


def join(call: Call) -> Json:
    """Join a public channel."""
    channel = call.readable(JOIN_SCOPE)
    was_in = call.bot in channel.members
    conversations.join(call.world, channel.id, call.bot)
    found = _shown(call, channel)
    return found | ({"warning": "already_in_channel"} if was_in else {})


def _joined(call: Call) -> Channel:
    """Return the channel if the bot is in it and may change it."""
    channel = call.readable(WRITE_SCOPE)
    if call.bot not in channel.members:
        raise Refused("not_in_channel")
    return channel


def invite(call: Call) -> Json:
    """Bring users into a channel."""
    channel = _joined(call)
    users = call.listed("users")
    if not users:
        raise Refused("no_user")
    conversations.invite(call.world, channel.id, users, call.bot)
    return _shown(call, channel)


def kick(call: Call) -> Json:
    """Take a user out of a channel."""
    channel, user = _joined(call), call.required("user")
    if user == call.bot:
        raise Refused("cant_kick_self")
    if user not in channel.members:
        raise Refused("not_in_channel")
    conversations.leave(call.world, channel.id, user)
    return {}


def leave(call: Call) -> Json:
    """Leave a channel."""
    channel = call.readable(WRITE_SCOPE)
    left = conversations.leave(call.world, channel.id, call.bot)
    return {} if left else {"not_in_channel": True}


def archive(call: Call) -> Json:
    """Close a channel for good."""
    channel = _joined(call)
    if channel.is_direct:
        raise Refused("method_not_supported_for_channel_type")
    conversations.archive(call.world, channel, call.bot)
    return {}


def unarchive(call: Call) -> Json:
    """Open an archived channel again."""
    conversations.unarchive(call.world, _joined(call), call.bot)
    return {}


def set_topic(call: Call) -> Json:
    """Set what a channel is about now."""
    return _describe(call, "topic")


def set_purpose(call: Call) -> Json:
    """Set what a channel is for."""
    return _describe(call, "purpose")


def _describe(call: Call, what: str) -> Json:
    channel, words = _joined(call), call.text(what)
    if len(words) > MAX_WORDS:
        raise Refused("too_long")
    conversations.describe(call.world, channel, call.bot, what, words)
    return _shown(call, channel)


def rename(call: Call) -> Json:
    """Give a channel another name."""
    channel = _joined(call)
    conversations.rename(call.world, channel, call.bot, call.text("name"))
    return _shown(call, channel)


def mark(call: Call) -> Json:
    """Mark a conversation read up to `ts`."""
    channel, ts = _joined(call), call.required("ts")
    channel.read[call.bot] = ts
    return {}


METHODS = {
    "conversations.archive": Method(archive),
    "conversations.close": Method(close_direct),
    "conversations.create": Method(create),
    "conversations.invite": Method(invite),
    "conversations.join": Method(join),
    "conversations.kick": Method(kick),
    "conversations.leave": Method(leave),
    "conversations.mark": Method(mark),
    "conversations.open": Method(open_direct),
    "conversations.rename": Method(rename),
    "conversations.setPurpose": Method(set_purpose),
    "conversations.setTopic": Method(set_topic),
    "conversations.unarchive": Method(unarchive),
}
