"""Keeps a workspace in a file between runs: what was said, shared and published."""

import asyncio
import base64
import json
from collections.abc import Callable, Coroutine
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from sandbox.model import Assistant, Channel, File, Json, Message, User, View
from sandbox.world import World

EVERY_SECONDS = 2.0
VERSION = 1


def taken(world: World) -> Json:
    """Return what is worth keeping; apps and open modals are not."""
    homes = [[*key, asdict(world.views[view])] for key, view in world.homes.items()]
    return {
        "version": VERSION,
        "users": [asdict(user) for user in world.users.values()],
        "channels": [asdict(channel) for channel in world.channels.values()],
        "files": [
            asdict(file) | {"content": base64.b64encode(file.content).decode()}
            for file in world.files.values()
        ],
        "homes": homes,
    }


def restore(world: World, said: Json) -> bool:
    """Put what was kept back; return False if it is of another version."""
    if said.get("version") != VERSION:
        return False
    world.users |= {u["id"]: _made(User, u) for u in said["users"]}
    world.channels |= {c["id"]: _channel(c) for c in said["channels"]}
    for each in said["files"]:
        content = base64.b64decode(each["content"])
        world.files[each["id"]] = _made(File, each | {"content": content})
    for app_id, user, view in said["homes"]:
        if app_id in world.apps:
            world.views[view["id"]] = _made(View, view)
            world.homes[app_id, user] = view["id"]
    return True


def _channel(said: Json) -> Channel:
    channel: Channel = _made(
        Channel,
        said
        | {
            "messages": {t: _made(Message, m) for t, m in said["messages"].items()},
            "private": {t: _made(Message, m) for t, m in said["private"].items()},
            "assistants": {
                t: _made(Assistant, a) for t, a in said["assistants"].items()
            },
        },
    )
    return channel


def _made(kind: type[Any], said: Json) -> Any:
    """Return an instance; fields that were there once and are no more are dropped."""
    known = {f.name for f in fields(kind)}
    return kind(**{name: value for name, value in said.items() if name in known})


def read(world: World, file: Path) -> bool:
    """Restore `world` from `file`; return False where it is missing or unreadable."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        return isinstance(said, dict) and restore(world, said)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write(world: World, file: Path) -> None:
    """Write `world` to `file`, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps(taken(world), ensure_ascii=False), encoding="utf-8")
    beside.replace(file)


def keeper(world: World, file: Path) -> Callable[[], Coroutine[Any, Any, None]]:
    """Return what keeps `file` up to date while it runs."""

    async def keep() -> None:
        seen = -1
        try:
            while True:
                await asyncio.sleep(EVERY_SECONDS)
                latest = world.changes[-1].number if world.changes else 0
                if latest != seen:
                    write(world, file)
                    seen = latest
        finally:
            write(world, file)

    return keep
