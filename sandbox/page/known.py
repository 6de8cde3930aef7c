"""Which conversations a select offers, by Slack's filter."""

from dataclasses import dataclass
from typing import Any

from sandbox.model import Channel, Json
from sandbox.page.painter import Painter

_KINDS = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}


@dataclass(frozen=True)
class Wanted:
    """What a select's `filter` lets through; without one, everything."""

    kinds: frozenset[str] = frozenset(_KINDS.values())
    shared: bool = True
    bots: bool = True

    @classmethod
    def of(cls, said: Any) -> "Wanted":
        """Return what Slack's filter object wants."""
        said = said if isinstance(said, dict) else {}
        include = said.get("include") or list(_KINDS)
        return cls(
            frozenset(_KINDS[name] for name in include if name in _KINDS),
            said.get("exclude_external_shared_channels") is not True,
            said.get("exclude_bot_users") is not True,
        )

    def takes(self, channel: Channel) -> bool:
        """Return whether a channel or group is wanted."""
        return channel.kind in self.kinds and (self.shared or not channel.is_ext_shared)


def known_conversations(painter: Painter, wanted: Wanted) -> list[Json]:
    """Return the person's conversations, each with its `id` and `label`.

    Direct messages have ids of their own, as in Slack, not the other's.
    """
    world, me = painter.world, painter.me
    found = [
        {"id": c.id, "label": f"# {c.name}" if c.kind != "mpim" else c.name}
        for c in world.channels.values()
        if c.kind != "im" and painter.knows(c) and wanted.takes(c)
    ]
    if "im" not in wanted.kinds:
        return found
    others = [
        user
        for user in world.users.values()
        if not user.deleted and (wanted.bots or not user.bot_id)
    ]
    return found + [
        {"id": world.direct(me, user.id).id, "label": user.shown_name}
        for user in others
    ]
