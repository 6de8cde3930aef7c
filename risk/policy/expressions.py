"""The policy of people's own rules: how large, how slow, how wide they may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from risk.policy.ground import STRICT, require


@dataclass(frozen=True, slots=True)
class OwnRulePolicy:
    """Limits of an expression, and the share of customers it may fire for unasked."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    most_characters: int = 500
    most_seconds: float = 20.0
    """For all customers together; a rule that takes longer is stopped."""
    widest_share: float = 0.2
    """A rule that would fire for more customers asks before it goes live."""
    preview_days: int = 90
    writers: tuple[str, ...] = ("analyst", "lead", "admin")
    """Roles that may draft a rule and try it in shadow."""
    switchers: tuple[str, ...] = ("lead", "admin")
    """Roles that may switch it live, and change one that is."""

    def __post_init__(self) -> None:
        """Refuse limits of nothing."""
        require(self.most_characters > 0, "most_characters must be above 0")
        require(self.most_seconds > 0, "most_seconds must be above 0")
        require(self.preview_days > 0, "preview_days must be above 0")
        require(bool(self.writers), "writers must name a role")
        require(bool(self.switchers), "switchers must name a role")
        require(0 < self.widest_share <= 1, "widest_share lies from 0 to 1")
