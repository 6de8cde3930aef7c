"""What happens to conversations: made, joined, left, archived, seen."""

import re

from sandbox.ids import named_id, new_id
from sandbox.model import App, Assistant, Channel, ChannelKind, Message
from sandbox.refusal import Refused
from sandbox.shape import channel_json
from sandbox.world import World

MAX_IN_GROUP = 9
"""People in a group direct message."""

_NAME = re.compile(r"[^\W_]?[\w-]*", re.UNICODE)
MAX_NAME = 80


def visible(world: World, channel: str, user: str) -> Channel:
    """Return the conversation if the user may know of it, by its id."""
    place = world.channels.get(channel)
    if place is None or (place.kind != "channel" and user not in place.members):
        raise Refused("channel_not_found")
    who = world.users.get(user)
    guest = who and (who.is_restricted or who.is_ultra_restricted)
    if guest and user not in place.members:
        raise Refused("channel_not_found")
    return place


def writable(world: World, channel: str, user: str) -> Channel:
    """Return the conversation if the user may write in it, by its id."""
    place = visible(world, channel, user)
    if user not in world.users:
        raise Refused("user_not_found")
    if place.is_archived:
        raise Refused("is_archived")
    if user not in place.members:
        raise Refused("not_in_channel")
    return place


def create(world: World, name: str, creator: str, *, private: bool) -> Channel:
    """Make a channel; its name as Slack allows it."""
    _check_name(world, name)
    kind: ChannelKind = "group" if private else "channel"
    channel = Channel(new_id("C"), name, kind, creator, int(world.now()), [creator])
    world.channels[channel.id] = channel
    _tell(world, channel, creator, "created")
    return channel


def _check_name(world: World, name: str) -> None:
    if not name:
        raise Refused("invalid_name_required")
    if len(name) > MAX_NAME:
        raise Refused("invalid_name_maxlength")
    if name != name.lower() or not _NAME.fullmatch(name):
        raise Refused("invalid_name_specials")
    if any(c.name == name for c in world.channels.values()):
        raise Refused("name_taken")


def rename(world: World, channel: Channel, user: str, name: str) -> None:
    """Give a channel another name."""
    if channel.is_direct:
        raise Refused("method_not_supported_for_channel_type")
    _check_name(world, name)
    channel.name = name
    _tell(world, channel, user, "renamed")


def describe(world: World, channel: Channel, user: str, what: str, words: str) -> None:
    """Set a channel's `topic` or `purpose`."""
    if channel.is_direct:
        raise Refused("method_not_supported_for_channel_type")
    setattr(channel, what, words)
    _tell(world, channel, user, what)


def archive(world: World, channel: Channel, user: str) -> None:
    """Close a channel for good."""
    if channel.is_archived:
        raise Refused("already_archived")
    if channel.is_general:
        raise Refused("cant_archive_general")
    channel.is_archived = True
    _tell(world, channel, user, "archived")


def unarchive(world: World, channel: Channel, user: str) -> None:
    """Open an archived channel again."""
    if not channel.is_archived:
        raise Refused("not_archived")
    channel.is_archived = False
    _tell(world, channel, user, "unarchived")


def join(world: World, channel: str, user: str) -> Channel:
    """Let the user join a public channel."""
    place = visible(world, channel, user)
    if place.is_archived:
        raise Refused("is_archived")
    if place.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    if user not in place.members:
        _add(world, place, user, inviter="")
    return place


def invite(world: World, channel: str, users: list[str], inviter: str = "") -> Channel:
    """Bring users into a channel."""
    place = world.channels[channel]
    if place.is_direct:
        raise Refused("method_not_supported_for_channel_type")
    if place.is_archived:
        raise Refused("is_archived")
    for user in users:
        if user not in world.users:
            raise Refused("user_not_found")
        if user == inviter:
            raise Refused("cant_invite_self")
        if user in place.members:
            raise Refused("already_in_channel")
    for user in users:
        _add(world, place, user, inviter)
    return place


def leave(world: World, channel: str, user: str) -> bool:
    """Take the user out of a channel; return whether they were in it."""
    place = visible(world, channel, user)
    if place.is_direct:
        raise Refused("method_not_supported_for_channel_type")
    if place.is_general:
        raise Refused("cant_leave_general")
    if place.is_archived:
        raise Refused("is_archived")
    if user not in place.members:
        return False
    place.members.remove(user)
    _tell_member(world, place, user, joined=False)
    return True


def _add(world: World, channel: Channel, user: str, inviter: str) -> None:
    channel.members.append(user)
    _tell_member(world, channel, user, joined=True, inviter=inviter)


def _tell_member(
    world: World, channel: Channel, user: str, *, joined: bool, inviter: str = ""
) -> None:
    told = {"channel": channel_json(world, channel), "joined": joined}
    world.changed("member", channel.id, user, told | {"inviter": inviter})


def open_group(world: World, users: list[str]) -> Channel:
    """Return the direct message of all these users, opened if need be."""
    members = sorted(set(users))
    if len(members) > MAX_IN_GROUP:
        raise Refused("too_many_users")
    if len(members) <= 2:
        return world.direct(members[0], members[-1])
    identity = named_id("C", "-".join(members))
    if identity not in world.channels:
        names = "--".join(world.users[m].name for m in members)
        now = int(world.now())
        channel = Channel(
            identity, f"mpdm-{names}-1", "mpim", users[0], now, list(members)
        )
        world.channels[identity] = channel
        _tell(world, channel, users[0], "opened")
    return world.channels[identity]


def start_assistant(
    world: World, app: App, user: str, context_channel: str | None
) -> tuple[Channel, str]:
    """Open a thread of the app's assistant pane; return its place."""
    channel = world.direct(user, app.bot_user)
    root = Message(world.new_ts(), channel.id, app.bot_user, app_id=app.id)
    root.bot_id, root.text = app.bot_id, "New Assistant Thread"
    root.subtype = "assistant_app_thread"
    channel.messages[root.ts] = root
    context = {}
    if context_channel:
        visible(world, context_channel, user)
        context = {"channel_id": context_channel, "team_id": world.team.id}
    channel.assistants[root.ts] = Assistant(context=context)
    return channel, root.ts


def _tell(world: World, channel: Channel, user: str, event: str) -> None:
    told = {"channel": channel_json(world, channel), "event": event}
    world.changed("channel", channel.id, user, told)
