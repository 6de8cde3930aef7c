"""The policy of promises and notes: when one is kept, what one weighs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from risk.policy.ground import STRICT, require


@dataclass(frozen=True, slots=True)
class PromisePolicy:
    """How much, and how late, money may come for a promise to be kept."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    grace_days: int = 1
    """Banking days after the day promised."""
    tolerance: Decimal = Decimal("0.02")
    """Share of the amount that may be missing: bank charges, exchange rates."""
    partly_share: Decimal = Decimal("0.10")
    """Less than this share paid is broken, not kept in part."""

    def __post_init__(self) -> None:
        """Refuse shares beyond 0–1."""
        require(self.grace_days >= 0, "grace_days must be 0 or more")
        require(0 <= self.tolerance < 1, "tolerance lies from 0 to 1")
        require(0 <= self.partly_share < 1, "partly_share lies from 0 to 1")


@dataclass(frozen=True, slots=True)
class NoteKind:
    """A kind of evidence from chat: its weight (10 is grave) and how it fades."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    weight: int
    half_life_days: int = 180
    words: tuple[str, ...] = ()
    """Words, in any language, by which it is proposed."""

    def __post_init__(self) -> None:
        """Refuse what could not fade."""
        require(self.half_life_days > 0, "half_life_days must be above 0")


@dataclass(frozen=True, slots=True)
class NotePolicy:
    """The kinds of evidence people may note, and what signals distress."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    kinds: dict[str, NoteKind] = field(default_factory=dict)
