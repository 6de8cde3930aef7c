"""Which changes are which of Slack's events, and which apps get them."""

import re

from sandbox.model import App, Channel, Json
from sandbox.world import Change, World

_MESSAGE_EVENT = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}
_HISTORY_SCOPE = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}
_READ_SCOPE = {
    "channel": "channels:read",
    "group": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
_LINKED = re.compile(r"<(https?://([^/?#:<>|]+)[^<>|]*)")
_CHANNEL_EVENT = {
    "created": "channel_created",
    "archived": "channel_archive",
    "unarchived": "channel_unarchive",
    "renamed": "channel_rename",
}


def events_of(world: World, change: Change, app: App) -> list[Json]:
    """Return the events that `change` is to `app`."""
    make = _MAKERS.get(change.kind)
    return make(world, change, app) if make else []


def _hears(app: App, channel: Channel | None, event: str, scope: str) -> bool:
    """Return whether the app subscribed, may hear it, and is there."""
    there = channel is None or app.bot_user in channel.members
    return event in app.events and scope in app.scopes and there


def _place(channel: Channel, ts: str) -> Json:
    return {"channel": channel.id, "channel_type": channel.kind, "event_ts": ts}


def _message(world: World, change: Change, app: App) -> list[Json]:
    channel = world.channels[change.channel]
    message = change.data["message"]
    if app.id != message.get("app_id"):
        message = {name: v for name, v in message.items() if name != "metadata"}
    event = message | _place(channel, message["ts"])
    found = []
    scope = _HISTORY_SCOPE[channel.kind]
    if _hears(app, channel, _MESSAGE_EVENT[channel.kind], scope):
        found.append(event)
    mentioned = f"<@{app.bot_user}" in message["text"] and not channel.is_direct
    by_itself = message["user"] == app.bot_user
    heard = _hears(app, channel, "app_mention", "app_mentions:read")
    if mentioned and heard and not by_itself:
        mention = {n: v for n, v in event.items() if n != "channel_type"}
        found.append(mention | {"type": "app_mention"})
    return [*found, *_links(channel, message, app)]


def _links(channel: Channel, message: Json, app: App) -> list[Json]:
    domains = app.unfurl_domains
    if not domains or "bot_id" in message:
        return []
    if not _hears(app, channel, "link_shared", "links:read"):
        return []
    links = [
        {"url": url, "domain": domain}
        for url, host in _LINKED.findall(message["text"])
        for domain in domains
        if host == domain or host.endswith(f".{domain}")
    ]
    if not links:
        return []
    event = {
        "type": "link_shared",
        "user": message["user"],
        "channel": channel.id,
        "message_ts": message["ts"],
        "links": links,
        "source": "conversations_history",
        "unfurl_id": f"{channel.id}-{message['ts']}",
        "is_bot_user_member": True,
        "event_ts": message["ts"],
    }
    return [event]


def _changed(world: World, change: Change, app: App) -> list[Json]:
    return _subtype(world, change, app, "message_changed")


def _deleted(world: World, change: Change, app: App) -> list[Json]:
    return _subtype(world, change, app, "message_deleted")


def _subtype(world: World, change: Change, app: App, subtype: str) -> list[Json]:
    channel = world.channels[change.channel]
    event, scope = _MESSAGE_EVENT[channel.kind], _HISTORY_SCOPE[channel.kind]
    if not _hears(app, channel, event, scope):
        return []
    ts = world.new_ts()
    said = {"type": "message", "subtype": subtype, "hidden": True, "ts": ts}
    said |= {"previous_message": change.data["previous_message"]}
    if subtype == "message_deleted":
        said["deleted_ts"] = change.data["ts"]
    else:
        said["message"] = change.data["message"]
    return [said | _place(channel, ts)]


def _reaction(world: World, change: Change, app: App) -> list[Json]:
    channel = world.channels[change.channel]
    kind = "reaction_added" if change.data["added"] else "reaction_removed"
    if not _hears(app, channel, kind, "reactions:read"):
        return []
    return [
        {
            "type": kind,
            "user": change.user,
            "reaction": change.data["reaction"],
            "item_user": change.data["item_user"],
            "item": {
                "type": "message",
                "channel": channel.id,
                "ts": change.data["ts"],
            },
            "event_ts": world.new_ts(),
        }
    ]


def _member(world: World, change: Change, app: App) -> list[Json]:
    channel = world.channels[change.channel]
    joined = change.data["joined"]
    kind = "member_joined_channel" if joined else "member_left_channel"
    if not _hears(app, channel, kind, _READ_SCOPE[channel.kind]):
        return []
    event = {
        "type": kind,
        "user": change.user,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "channel" else "G",
        "team": world.team.id,
        "event_ts": world.new_ts(),
    }
    if joined and change.data["inviter"]:
        event["inviter"] = change.data["inviter"]
    return [event]


def _channel(world: World, change: Change, app: App) -> list[Json]:
    channel = world.channels[change.channel]
    kind = _CHANNEL_EVENT.get(change.data["event"], "")
    if channel.kind == "group":
        kind = kind.replace("channel_", "group_")
    there = channel if channel.kind != "channel" else None
    if not _hears(app, there, kind, _READ_SCOPE[channel.kind]):
        return []
    brief = {
        "id": channel.id,
        "name": channel.name,
        "created": channel.created,
        "creator": channel.creator,
    }
    whole = change.data["event"] in {"created", "renamed"}
    said = {"type": kind, "channel": brief if whole else channel.id}
    return [said | {"user": change.user, "event_ts": world.new_ts()}]


def _file(world: World, change: Change, app: App) -> list[Json]:
    file = change.data["file"]
    places = [world.channels[c] for c in world.files[file["id"]].shares]
    there = file["user"] == app.bot_user or any(
        app.bot_user in channel.members for channel in places
    )
    kind = "file_shared" if change.kind == "file_shared" else "file_created"
    if not there or not _hears(app, None, kind, "files:read"):
        return []
    event = {"type": kind, "file_id": file["id"], "file": {"id": file["id"]}}
    event |= {"user_id": file["user"], "event_ts": world.new_ts()}
    if change.channel:
        event["channel_id"] = change.channel
    return [event]


def _user(world: World, change: Change, app: App) -> list[Json]:
    kind = "team_join" if change.data.get("joined") else "user_change"
    if not _hears(app, None, kind, "users:read"):
        return []
    ts = world.new_ts()
    return [{"type": kind, "user": change.data["user"], "event_ts": ts}]


_MAKERS = {
    "message": _message,
    "message_changed": _changed,
    "message_deleted": _deleted,
    "reaction": _reaction,
    "member": _member,
    "channel": _channel,
    "file": _file,
    "file_shared": _file,
    "user": _user,
}
