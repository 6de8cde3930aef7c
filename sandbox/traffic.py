"""The inspector's log: every call and payload, both ways."""

from collections import deque
from itertools import count
from typing import Any

from sandbox.model import Json
from sandbox.world import World

KEPT = 2_000
HIDDEN = "(hidden)"
_SECRET = frozenset({"token", "authorization"})


class Traffic:
    """Keeps the latest entries and tells of each."""

    def __init__(self, world: World) -> None:
        """Tell of entries in `world`."""
        self._world = world
        self._numbers = count(1)
        self.entries = deque[Json](maxlen=KEPT)

    def record(
        self,
        way: str,
        kind: str,
        name: str,
        *,
        app: str,
        request: Any,
        response: Any = None,
        status: int = 200,
        seconds: float = 0.0,
    ) -> None:
        """Keep an entry.

        `way` is `in` (from an app) or `out` (to an app); `kind` is `api`,
        `response_url`, `socket` or `http`; `name` the method or type of payload.
        """
        entry = {
            "number": next(self._numbers),
            "time": round(self._world.now(), 3),
            "way": way,
            "kind": kind,
            "name": name,
            "app": app,
            "request": _hidden(request),
            "response": _hidden(response),
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
        }
        self.entries.append(entry)
        self._world.changed("traffic", "", "", entry)


def _hidden(said: Any) -> Any:
    """Return what was said without its secrets."""
    if not isinstance(said, dict):
        return said
    return {
        name: HIDDEN if name in _SECRET and value else value
        for name, value in said.items()
    }
