"""Users, conversations, files and apps as Slack's JSON has them."""

from datetime import UTC, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sandbox.model import App, Channel, File, Json, Team, User
from sandbox.world import World


def team_json(world: World, team: Team) -> Json:
    """Return the workspace as `team.info` has it."""
    return {
        "id": team.id,
        "name": team.name,
        "domain": team.domain,
        "email_domain": "",
        "icon": {"image_default": True, "image_68": f"{world.url}/avatar/{team.id}"},
    }


def user_json(
    world: World, user: User, *, locale: bool = False, email: bool = True
) -> Json:
    """Return the user as `users.info` has it."""
    zone = ZoneInfo(user.tz)
    offset = datetime.fromtimestamp(world.now(), UTC).astimezone(zone).utcoffset()
    found: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "color": user.color,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz.rpartition("/")[2].replace("_", " "),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": _profile(world, user, email=email),
        "is_admin": user.is_admin,
        "is_owner": user.is_admin,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_bot": bool(user.bot_id),
        "is_app_user": False,
        "updated": user.updated,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }
    if user.is_stranger or user.team_id != world.team.id:
        found["is_stranger"] = user.is_stranger
    if locale:
        found["locale"] = user.locale
    return found


def _profile(world: World, user: User, *, email: bool) -> Json:
    image = f"{world.url}/avatar/{user.id}"
    found: Json = {
        "title": user.title,
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.display_name,
        "display_name_normalized": user.display_name,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": f"g{user.id[-11:].lower()}",
        "team": user.team_id,
    }
    found |= {f"image_{size}": image for size in (24, 32, 48, 72, 192, 512)}
    if user.bot_id:
        found |= {"bot_id": user.bot_id, "api_app_id": user.app_id}
    elif email and user.email:
        found["email"] = user.email
    return found


def channel_json(world: World, channel: Channel, viewer: str = "") -> Json:
    """Return the conversation as `conversations.info` has it for `viewer`."""
    found: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
        "is_org_shared": False,
        "context_team_id": world.team.id,
        "updated": channel.created * 1000,
    }
    if channel.kind == "im":
        found |= {"user": channel.other(viewer), "is_user_deleted": False}
        return found | {"priority": 0, "is_open": True}
    found |= _channel_flags(world, channel, viewer)
    for name in ("topic", "purpose"):
        value = getattr(channel, name)
        creator = channel.creator if value else ""
        found[name] = {"value": value, "creator": creator, "last_set": 0}
    return found


def _channel_flags(world: World, channel: Channel, viewer: str) -> Json:
    shared = [world.team.id, *channel.connected_teams]
    return {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_general": channel.is_general,
        "is_member": viewer in channel.members,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "shared_team_ids": shared,
        "connected_team_ids": channel.connected_teams,
        "conversation_host_id": world.team.id,
        "internal_team_ids": [world.team.id],
        "creator": channel.creator,
        "parent_conversation": None,
        "previous_names": [],
        "unlinked": 0,
    }


def file_json(world: World, file: File) -> Json:
    """Return the file as `files.info` has it."""
    path = f"{world.url}/files-pri/{world.team.id}-{file.id}"
    name = quote(file.name)
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype,
        "filetype": file.filetype,
        "pretty_type": file.pretty_type,
        "user": file.user,
        "user_team": world.team.id,
        "editable": False,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": any(c.startswith("C") for c in file.shares),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{path}/{name}",
        "url_private_download": f"{path}/download/{name}",
        "media_display_type": "unknown",
        "permalink": f"{world.url}/files/{file.user}/{file.id}/{name}",
        "is_starred": False,
        "has_rich_preview": False,
        "file_access": "visible",
        **_shares(world, file),
    }


def _shares(world: World, file: File) -> Json:
    places = {"channel": "channels", "group": "groups", "im": "ims", "mpim": "groups"}
    found: Json = {"channels": [], "groups": [], "ims": []}
    shares: Json = {}
    for channel_id, stamps in file.shares.items():
        channel = world.channels[channel_id]
        found[places[channel.kind]].append(channel_id)
        side = shares.setdefault(
            "public" if channel.kind == "channel" else "private", {}
        )
        side[channel_id] = [{"ts": ts, "share_user_id": file.user} for ts in stamps]
    return found | {"shares": shares}


def bot_json(world: World, app: App) -> Json:
    """Return the app's bot as `bots.info` and a message's `bot_profile` have it."""
    image = f"{world.url}/avatar/{app.bot_user}"
    return {
        "id": app.bot_id,
        "deleted": False,
        "name": app.name,
        "updated": 0,
        "app_id": app.id,
        "user_id": app.bot_user,
        "icons": {"image_36": image, "image_48": image, "image_72": image},
    }
