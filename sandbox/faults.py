"""Faults on demand, each at chance with a seed, so that a run can be repeated."""

import random
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from sandbox.ids import new_id
from sandbox.model import Json
from sandbox.refusal import Refused

FaultKind = Literal[
    "rate_limit",
    "error_before",
    "error_after",
    "slow",
    "cut_before",
    "cut_after",
    "late_event",
    "duplicate_event",
    "drop_event",
    "expire_trigger",
    "drop_socket",
]
"""What goes wrong.

Web API: `rate_limit` answers 429 with `Retry-After: seconds`; `error_before` and
`error_after` answer `status` without and with the call's effect; `slow` waits
`seconds` before it answers; `cut_before` and `cut_after` cut the connection.
To the app: `late_event` waits `seconds`, `duplicate_event` sends twice,
`drop_event` loses the first try (it is sent again), `expire_trigger` sends a
trigger that is used up, `drop_socket` closes the connection instead of sending.
"""

KINDS = frozenset(FaultKind.__args__)  # type: ignore[attr-defined]  # typeshed knows Literal's args not


@dataclass
class Fault:
    """A fault, and when it strikes."""

    kind: FaultKind
    method: str = "*"
    """Of the Web API, or the type of event or payload; with `*` for any letters."""
    channel: str = ""
    """Only calls about this conversation, where it is set."""
    times: int | None = 1
    """How often it still strikes; None for ever."""
    chance: float = 1.0
    seconds: float = 1.0
    status: int = 500
    id: str = field(default_factory=lambda: new_id("Ft"))
    struck: int = 0

    def as_json(self) -> Json:
        """Return all of it as JSON."""
        return asdict(self)


class Faults:
    """The faults that are set."""

    def __init__(self) -> None:
        """Set none."""
        self._set: list[Fault] = []
        self._random = random.Random(0)  # noqa: S311 - chance, not secrets

    @property
    def standing(self) -> list[Fault]:
        """Return the faults that can still strike, and how often they have."""
        return list(self._set)

    def seed(self, seed: int) -> None:
        """Make what happens by chance the same again."""
        self._random.seed(seed)

    def add(self, fault: Fault) -> Fault:
        """Set a fault."""
        if fault.kind not in KINDS:
            raise Refused("invalid_arguments", f"no fault is called {fault.kind!r}")
        self._set.append(fault)
        return fault

    def clear(self) -> None:
        """Take all faults away."""
        self._set.clear()

    def strike(self, kinds: set[str], name: str, channel: str = "") -> Fault | None:
        """Return the fault that strikes now, if any; it is then used once."""
        for fault in self._set:
            if fault.kind not in kinds or fault.times == fault.struck:
                continue
            if not fnmatchcase(name, fault.method):
                continue
            if fault.channel and fault.channel != channel:
                continue
            if self._random.random() < fault.chance:
                fault.struck += 1
                return fault
        return None
