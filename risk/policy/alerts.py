"""The policy of alerts: how many interruptions a channel accepts, and when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from risk.policy.ground import CLASSES, STRICT, require


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """What a new alert channel starts with, and how the most valuable are found."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    budget: int = 10
    """Interruptions a week that a channel accepts unless it says otherwise."""
    quiet_from: str = "19:00"
    quiet_to: str = "08:00"
    look_back_days: int = 28
    """How far back alerts are ranked to find what an interruption must be worth."""
    always_pass: tuple[str, ...] = ("E",)
    """Classes whose problems come through whatever the budget says."""
    always_pass_a_day: int = 100
    """So many of them in 24 hours; beyond that something is wrong with the data, and
    the budget decides on them too."""

    def __post_init__(self) -> None:
        """Refuse a budget below zero, hours that are none, and a look of no week."""
        require(self.budget >= 0, "budget must be 0 or more")
        require(self.look_back_days >= 7, "look_back_days must be 7 or more")  # noqa: PLR2004 - a week
        require(self.always_pass_a_day >= 1, "always_pass_a_day must be 1 or more")
        require(
            _is_hour(self.quiet_from) and _is_hour(self.quiet_to),
            'quiet_from and quiet_to are hours such as "19:00"',
        )
        unknown = [name for name in self.always_pass if name not in CLASSES]
        require(not unknown, f"always_pass names classes; {unknown} are none")


def _is_hour(text: str) -> bool:
    return re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text) is not None
