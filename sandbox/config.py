"""A workspace from a file: its people, its conversations, its apps.

TOML or JSON. Everything has a default, so that an empty file is a workspace too:

    [team]
    name = "Example"

    [[users]]
    id = "U0ANN"                 # made from the name where it is missing
    name = "ann"
    real_name = "Ann Example"
    locale = "zh-CN"

    [[channels]]
    name = "general"
    members = ["ann"]            # everybody, where it is missing

    [[apps]]
    manifest = "manifest.json"   # beside this file; or the manifest itself
    bot_token = "xoxb-…"         # made up, and shown at the start, where missing
"""

import json
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from sandbox.http_out import check_url
from sandbox.ids import named_id, new_secret
from sandbox.model import App, Channel, Json, Team, User
from sandbox.refusal import Refused
from sandbox.world import World

_USER = frozenset(f.name for f in fields(User)) - {"bot_id", "app_id", "updated"}
_KINDS = {"channel", "group"}


class WrongConfig(ValueError):
    """The file cannot be used; the text says what to mend."""


@dataclass(frozen=True)
class Hint:
    """Something to try, shown to a first-time visitor."""

    text: str
    channel: str = ""
    """Where to type it; empty is the first channel."""


@dataclass(frozen=True)
class Config:
    """What a workspace starts with."""

    team: Json = field(default_factory=dict)
    users: list[Json] = field(default_factory=list)
    channels: list[Json] = field(default_factory=list)
    apps: list[Json] = field(default_factory=list)
    welcome: list[Json] = field(default_factory=list)

    @property
    def hints(self) -> list[Hint]:
        """Return what to try first."""
        return [Hint(str(h["text"]), str(h.get("channel", ""))) for h in self.welcome]


def read_config(file: Path) -> Config:
    """Return the workspace that `file` describes.

    Raises:
        WrongConfig: says what is wrong with the file.

    """
    try:
        text = file.read_text(encoding="utf-8")
        is_json = file.suffix == ".json"
        said = json.loads(text) if is_json else tomllib.loads(text)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise WrongConfig(f"{file}: {error}") from error
    if not isinstance(said, dict):
        raise WrongConfig(f"{file}: must be an object with users, channels and apps")
    return config_of(said, file.parent)


def config_of(said: Json, folder: Path | None = None) -> Config:
    """Return the workspace that `said` describes; manifests lie in `folder`."""
    unknown = said.keys() - {f.name for f in fields(Config)}
    if unknown:
        raise WrongConfig(f"nobody knows {', '.join(sorted(unknown))}")
    apps = [_with_manifest(app, folder) for app in _objects(said, "apps")]
    team = said.get("team", {})
    if not isinstance(team, dict):
        raise WrongConfig("team must be an object")
    return Config(
        team=team,
        users=_objects(said, "users"),
        channels=_objects(said, "channels"),
        apps=apps,
        welcome=[hint for hint in _objects(said, "welcome") if hint.get("text")],
    )


def build_world(config: Config) -> World:
    """Return a new workspace as `config` has it.

    Raises:
        WrongConfig: names do not agree, or an app is not as it must be.

    """
    name = str(config.team.get("name", "Workspace"))
    domain = str(config.team.get("domain", "workspace"))
    team = Team(str(config.team.get("id") or named_id("T", name)), name, domain)
    world = World(team)
    for said in config.users:
        user = _user(said, team)
        world.users[user.id] = user
    for said in config.apps:
        _install(world, said)
    for said in config.channels or [{"name": "general", "is_general": True}]:
        _open(world, said)
    return world


def _objects(said: Json, name: str) -> list[Json]:
    found = said.get(name, [])
    if not isinstance(found, list) or not all(isinstance(o, dict) for o in found):
        raise WrongConfig(f"{name} must be a list of objects")
    return found


def _with_manifest(app: Json, folder: Path | None) -> Json:
    manifest = app.get("manifest", {})
    if isinstance(manifest, str):
        try:
            text = ((folder or Path()) / manifest).read_text(encoding="utf-8")
            manifest = json.loads(text)
        except (OSError, ValueError) as error:
            raise WrongConfig(f"manifest {manifest}: {error}") from error
    return {**app, "manifest": manifest}


def _user(said: Json, team: Team) -> User:
    unknown = said.keys() - _USER
    if unknown:
        raise WrongConfig(f"a user has no {', '.join(sorted(unknown))}")
    name = str(said.get("name") or said.get("id") or "")
    if not name:
        raise WrongConfig("a user needs a name")
    given = {"id": named_id("U", name), "real_name": name, "team_id": team.id}
    return User(**{**given, **said, "name": name})


def _install(world: World, said: Json) -> None:
    """Install an app with its bot user, and what it is called in the manifest."""
    manifest = said["manifest"]
    shown = manifest.get("display_information", {}).get("name") or "App"
    name = str(said.get("name") or shown)
    handle = _handle(manifest, name)
    app = App(
        id=str(said.get("id") or named_id("A", name)),
        name=name,
        bot_user=str(said.get("bot_user") or named_id("U", f"bot {name}")),
        bot_id=str(said.get("bot_id") or named_id("B", name)),
        bot_token=str(said.get("bot_token") or f"xoxb-{new_secret()}"),
        app_token=str(said.get("app_token") or f"xapp-1-{new_secret()}"),
        signing_secret=str(said.get("signing_secret") or new_secret()),
        verification_token=new_secret(24),
        manifest=manifest,
        request_url=_checked(said.get("request_url")),
    )
    world.apps[app.id] = app
    world.users[app.bot_user] = User(
        id=app.bot_user,
        name=handle,
        real_name=name,
        team_id=world.team.id,
        bot_id=app.bot_id,
        app_id=app.id,
    )


def _checked(url: Any) -> str:
    try:
        return check_url(str(url)) if url else ""
    except Refused as refused:
        raise WrongConfig(" ".join(refused.messages)) from refused


def _handle(manifest: Json, name: str) -> str:
    bot = manifest.get("features", {}).get("bot_user", {})
    return str(bot.get("display_name") or name).lower().replace(" ", "_")


def _open(world: World, said: Json) -> None:
    name = str(said.get("name") or "")
    kind = said.get("kind", "channel")
    if not name or kind not in _KINDS:
        raise WrongConfig("a channel needs a name, and is a channel or a group")
    members = [_member(world, who) for who in said.get("members", [])]
    channel = Channel(
        id=str(said.get("id") or named_id("C", name)),
        name=name,
        kind=kind,
        creator=members[0] if members else next(iter(world.users), ""),
        created=int(world.now()),
        members=members or list(world.users),
        topic=str(said.get("topic", "")),
        purpose=str(said.get("purpose", "")),
        is_archived=bool(said.get("is_archived")),
        is_general=bool(said.get("is_general")),
        is_ext_shared=bool(said.get("is_ext_shared")),
        connected_teams=[str(team) for team in said.get("connected_teams", [])],
    )
    world.channels[channel.id] = channel


def _member(world: World, name: str) -> str:
    user = world.user_named(str(name))
    app = next((a for a in world.apps.values() if name in {a.id, a.name}), None)
    if app is not None:
        return app.bot_user
    if user is None:
        raise WrongConfig(f"nobody is called {name}")
    return user.id
