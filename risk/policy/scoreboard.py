"""The policy of judging rules: what came true, what an interruption costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from risk.policy.ground import STRICT, require


@dataclass(frozen=True, slots=True)
class ScoreboardPolicy:
    """How rules are held to what happened later, and who may change them."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    days: int = 180
    """How far back rules are judged; the last `within` days wait for their outcome."""
    step_days: int = 7
    """History is looked at this far apart."""
    late: int = 15
    """A signal came true if an invoice then went more than so many days overdue …"""
    within: int = 90
    """… within so many days of it."""
    minutes: float = 5.0
    """What an interruption costs whoever reads it."""
    least: int = 5
    """Firings with an outcome below which a better threshold is not proposed."""
    least_precision: float = 0.3
    """None below it is proposed, unless it is at least as precise as now's."""
    most_seconds: float = 300.0
    """For replaying history; of what was not looked at by then nothing is told."""
    tuners: tuple[str, ...] = ("lead", "admin")
    """Roles that may change a rule's threshold or mode."""

    def __post_init__(self) -> None:
        """Refuse times that are none."""
        require(self.step_days > 0, "step_days must be above 0")
        require(self.days >= self.step_days, "days must be step_days or more")
        require(self.late >= 0, "late must be 0 or more")
        require(self.within > 0, "within must be above 0")
        require(self.minutes >= 0, "minutes must be 0 or more")
        require(self.least > 0, "least must be above 0")
        require(0 <= self.least_precision <= 1, "least_precision lies from 0 to 1")
        require(self.most_seconds > 0, "most_seconds must be above 0")
        require(bool(self.tuners), "tuners must name a role")
