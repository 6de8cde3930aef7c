"""Who calls: auth, api, apps, bots, team."""

from sandbox.api.call import Call, Method
from sandbox.model import Json
from sandbox.refusal import Refused
from sandbox.shape import bot_json, team_json


def auth_test(call: Call) -> Json:
    """Return whom the token speaks for."""
    world = call.world
    return {
        "url": f"{world.url}/",
        "team": world.team.name,
        "user": world.users[call.bot].name,
        "team_id": world.team.id,
        "user_id": call.bot,
        "bot_id": call.app.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> Json:
    """Return a one-time URL for Socket Mode."""
    if not call.app.uses_socket:
        raise Refused("forbidden_team")
    base = call.world.url.replace("http", "ws", 1)
    return {"url": base + call.sockets.ticket(call.app)}


def bot_info(call: Call) -> Json:
    """Return what is known of a bot."""
    if not call.has("bot"):
        return {"bot": bot_json(call.world, call.app)}
    app = call.world.app_by(bot_id=call.text("bot"))
    if app is None:
        raise Refused("bot_not_found")
    return {"bot": bot_json(call.world, app)}


def team_info(call: Call) -> Json:
    """Return what is known of the workspace, or of one that shares a channel."""
    world = call.world
    wanted = call.text("team") or world.team.id
    if wanted == world.team.id:
        return {"team": team_json(world, world.team)}
    if wanted not in world.teams:
        raise Refused("team_not_found")
    return {"team": team_json(world, world.teams[wanted])}


METHODS = {
    "auth.test": Method(auth_test),
    "apps.connections.open": Method(open_connection, token="app"),  # noqa: S106 - a kind of token
    "bots.info": Method(bot_info, ("users:read",)),
    "team.info": Method(team_info, ("team:read",)),
}
