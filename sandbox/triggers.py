"""Trigger ids: each opens one view, within three seconds."""

import secrets

from sandbox.model import App
from sandbox.refusal import Refused
from sandbox.world import Trigger, World

KEPT = 5_000


def issue(
    world: World, app: App, user: str, *, channel: str = "", view_id: str = ""
) -> str:
    """Return a fresh trigger id for what `user` just did."""
    number, team = secrets.randbelow(10**13), secrets.randbelow(10**12)
    identity = f"{number:013}.{team:012}.{secrets.token_hex(16)}"
    world.triggers[identity] = Trigger(
        identity, app.id, user, world.now(), channel, view_id
    )
    while len(world.triggers) > KEPT:
        del world.triggers[next(iter(world.triggers))]
    return identity


def exchange(world: World, app: App, identity: str) -> Trigger:
    """Use a trigger up; refuse it where it is unknown, used or too old."""
    trigger = world.triggers.get(identity)
    if trigger is None or trigger.app_id != app.id:
        raise Refused("invalid_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    if world.now() - trigger.issued > world.rules.trigger_seconds:
        raise Refused("expired_trigger_id")
    trigger.used = True
    return trigger
