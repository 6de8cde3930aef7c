"""Conversations read: info, list, members, history, replies."""

from sandbox.api.call import HISTORY_SCOPE, READ_SCOPE, Call, Method
from sandbox.entities import escaped
from sandbox.message_shape import message_json
from sandbox.model import Channel, Json, Message
from sandbox.refusal import Refused
from sandbox.shape import channel_json

KIND_OF_TYPE = {
    "public_channel": "channel",
    "private_channel": "group",
    "im": "im",
    "mpim": "mpim",
}


def info(call: Call) -> Json:
    """Return what is known of a conversation."""
    channel = call.readable(READ_SCOPE)
    found = channel_json(call.world, channel, call.bot)
    if call.flag("include_num_members"):
        found["num_members"] = len(channel.members)
    if call.flag("include_locale"):
        found["locale"] = "en-US"
    if call.bot in channel.members:
        found["last_read"] = channel.read.get(call.bot, "0000000000.000000")
    return {"channel": found}


def listed(call: Call) -> Json:
    """Return the conversations that the bot may know of."""
    channels = _of_types(call, call.bot)
    page, metadata = call.page(channels, lambda channel: channel.id)
    shown = [
        {
            **channel_json(call.world, channel, call.bot),
            "num_members": len(channel.members),
        }
        for channel in page
    ]
    return {"channels": shown, "response_metadata": metadata}


def _of_types(call: Call, user: str, *, joined: bool = False) -> list[Channel]:
    """Return the conversations of the types asked for that `user` may know of."""
    kinds = set()
    for name in call.listed("types") or ["public_channel"]:
        if name not in KIND_OF_TYPE:
            raise Refused("invalid_types")
        kinds.add(KIND_OF_TYPE[name])
        call.need(READ_SCOPE[KIND_OF_TYPE[name]])
    return [
        channel
        for channel in call.world.channels.values()
        if channel.kind in kinds
        and (user in channel.members or (channel.kind == "channel" and not joined))
        and not (channel.is_archived and call.flag("exclude_archived"))
    ]


def of_user(call: Call) -> Json:
    """Return the conversations that a user (the bot, if none is named) is in."""
    user = call.text("user") or call.bot
    if user not in call.world.users:
        raise Refused("user_not_found")
    mine = [
        channel
        for channel in _of_types(call, user, joined=True)
        if channel.kind == "channel" or call.bot in channel.members
    ]
    page, metadata = call.page(mine, lambda channel: channel.id)
    shown = [channel_json(call.world, channel, user) for channel in page]
    return {"channels": shown, "response_metadata": metadata}


def members(call: Call) -> Json:
    """Return the ids of those in a conversation."""
    channel = call.readable(READ_SCOPE)
    page, metadata = call.page(channel.members, str)
    return {"members": page, "response_metadata": metadata}


def _inside(call: Call) -> Channel:
    """Return the conversation if the bot may read what was said there."""
    channel = call.readable(HISTORY_SCOPE)
    if call.bot not in channel.members:
        raise Refused("not_in_channel")
    return channel


def history(call: Call) -> Json:
    """Return messages, the newest first, without replies in threads."""
    channel = _inside(call)
    found = [
        message
        for message in reversed(channel.messages.values())
        if (not message.thread_ts or message.broadcast) and _between(call, message)
    ]
    page, metadata = call.page(found, lambda message: message.ts)
    more = bool(metadata["next_cursor"])
    shown = {"messages": _shown(call, page), "has_more": more, "pin_count": 0}
    return shown | ({"response_metadata": metadata} if more else {})


def replies(call: Call) -> Json:
    """Return a thread, its root first, then the replies from the oldest."""
    channel = _inside(call)
    wanted = call.required("ts")
    message = channel.messages.get(wanted)
    root_ts = message.thread_ts or wanted if message else wanted
    root = channel.messages.get(root_ts)
    if root is None:
        raise Refused("thread_not_found")
    found = [m for m in channel.replies(root_ts) if _between(call, m)]
    page, metadata = call.page([root, *found], lambda m: m.ts)
    more = bool(metadata["next_cursor"])
    shown = {"messages": _shown(call, page), "has_more": more}
    return shown | ({"response_metadata": metadata} if more else {})


def _between(call: Call, message: Message) -> bool:
    """Return whether the message is of the time asked for."""
    oldest, latest = _moment(call, "oldest"), _moment(call, "latest")
    ts = _micros(message.ts)
    if call.flag("inclusive") and ts in {oldest, latest}:
        return True
    after = oldest is None or ts > oldest
    return after and (latest is None or ts < latest)


def _moment(call: Call, name: str) -> int | None:
    if not call.has(name) or call.text(name) in {"0", "now"}:
        return None
    try:
        return _micros(call.text(name))
    except ValueError as error:
        raise Refused(f"invalid_ts_{name}") from error


def _micros(ts: str) -> int:
    """Return a time stamp as a number of microseconds."""
    seconds, _, fraction = ts[:40].partition(".")
    return int(seconds) * 1_000_000 + int((fraction + "000000")[:6])


def _shown(call: Call, found: list[Message]) -> list[Json]:
    whole = call.flag("include_all_metadata")
    shown = [message_json(call.world, m, metadata=whole) for m in found]
    return [m | {"blocks": escaped(m["blocks"])} if "blocks" in m else m for m in shown]


METHODS = {
    "conversations.history": Method(history),
    "conversations.info": Method(info),
    "conversations.list": Method(listed),
    "conversations.members": Method(members),
    "conversations.replies": Method(replies),
    "users.conversations": Method(of_user),
}
