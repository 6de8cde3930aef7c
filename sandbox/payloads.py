"""The payloads of commands and interactions, as Slack documents them."""

from sandbox import triggers
from sandbox.entities import escaped
from sandbox.ids import new_id
from sandbox.message_shape import message_json
from sandbox.model import App, Channel, Json, Message, View
from sandbox.views import view_json
from sandbox.world import ReplyUrl, World

KEPT_URLS = 5_000


def response_url(
    world: World,
    app: App,
    user: str,
    channel: str,
    message: Message | None = None,
) -> str:
    """Return a fresh URL at which the app may answer what `user` did."""
    reply = ReplyUrl(new_id("R"), app.id, user, channel, world.now())
    if message is not None:
        reply.message_ts, reply.thread_ts = message.ts, message.thread_ts
    world.replies[reply.id] = reply
    while len(world.replies) > KEPT_URLS:
        del world.replies[next(iter(world.replies))]
    return f"{world.url}/actions/{world.team.id}/{reply.id}"


def channel_name(channel: Channel) -> str:
    """Return the conversation's name as payloads have it."""
    kinds = {"im": "directmessage", "group": "privategroup"}
    return kinds.get(channel.kind, channel.name)


def command_payload(
    world: World, app: App, user: str, channel: Channel, *, command: str, text: str
) -> Json:
    """Return what a slash command sends, a form's fields."""
    return {
        "token": app.verification_token,
        "team_id": world.team.id,
        "team_domain": world.team.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user,
        "user_name": world.users[user].name,
        "command": command,
        "text": text,
        "api_app_id": app.id,
        "is_enterprise_install": "false",
        "response_url": response_url(world, app, user, channel.id),
        "trigger_id": triggers.issue(world, app, user, channel=channel.id),
    }


def user_part(world: World, user: str) -> Json:
    """Return who acts, as interactions have it."""
    who = world.users[user]
    return {
        "id": user,
        "username": who.name,
        "name": who.name,
        "team_id": who.team_id,
    }


def _common(world: World, app: App, user: str, kind: str) -> Json:
    return {
        "type": kind,
        "user": user_part(world, user),
        "api_app_id": app.id,
        "token": app.verification_token,
        "team": {"id": world.team.id, "domain": world.team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def from_message(
    world: World, app: App, user: str, message: Message, kind: str
) -> Json:
    """Return the part that says in which message something was used."""
    channel = world.channels[message.channel]
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": bool(message.to),
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    said = _common(world, app, user, kind) | {
        "container": container,
        "channel": {"id": channel.id, "name": channel_name(channel)},
    }
    if not message.to:
        said["message"] = _as_received(world, message)
    return said


def _as_received(world: World, message: Message) -> Json:
    shown = message_json(world, message, metadata=True)
    if "blocks" in shown:
        shown["blocks"] = escaped(shown["blocks"])
    return shown


def from_view(world: World, app: App, view: View, kind: str) -> Json:
    """Return the part that says in which view something was used."""
    return _common(world, app, view.user, kind) | {
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(world, view),
    }


def view_payload(world: World, app: App, view: View, kind: str) -> Json:
    """Return what submitting (`view_submission`) or closing a view sends."""
    said = _common(world, app, view.user, kind) | {"view": view_json(world, view)}
    if kind == "view_submission":
        said["trigger_id"] = triggers.issue(world, app, view.user, view_id=view.id)
        said["response_urls"] = _response_urls(world, app, view)
    return said


def _response_urls(world: World, app: App, view: View) -> list[Json]:
    """Return a URL for each conversation chosen where the app asked for one."""
    found = []
    for block in view.body["blocks"]:
        element = block.get("element") or {}
        if not element.get("response_url_enabled"):
            continue
        ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
        state = view.values.get(ids["block_id"], {}).get(ids["action_id"], {})
        channel = state.get("selected_conversation") or state.get("selected_channel")
        if channel in world.channels:
            url = response_url(world, app, view.user, channel)
            found.append({**ids, "channel_id": channel, "response_url": url})
    return found


def shortcut_payload(
    world: World, app: App, user: str, callback_id: str, message: Message | None
) -> Json:
    """Return what a global shortcut, or one on a message, sends."""
    kind = "shortcut" if message is None else "message_action"
    said = _common(world, app, user, kind) | {
        "action_ts": world.new_ts(),
        "callback_id": callback_id,
        "trigger_id": triggers.issue(
            world, app, user, channel=message.channel if message else ""
        ),
    }
    if message is None:
        return said
    channel = world.channels[message.channel]
    return said | {
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": _as_received(world, message),
        "response_url": response_url(world, app, user, channel.id, message),
    }
