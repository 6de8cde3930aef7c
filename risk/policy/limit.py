"""The policy of credit limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Literal

from risk.policy.ground import STRICT, each_class, none_negative, require_all

Class = Literal["A", "B", "C", "D", "E"]


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    """Shares of the methods, how they are brought together, and for how long."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    net_worth_share: Decimal
    working_capital_share: Decimal
    monthly_sales_share: Decimal
    tangible_share: dict[Class, Decimal]
    turnover_share: dict[Class, Decimal]
    aggregate: Literal["median", "mean", "min"]
    class_factor: dict[Class, Decimal]
    most: Decimal
    """In base currency: no proposal is higher."""
    round_to: Decimal
    valid_days: dict[Class, int]
    warn_at: Decimal
    """Utilisation from which a limit is critical."""
    alarm_at: Decimal
    hold_at: Decimal
    reference_days: int = 540
    """Trade references told longer ago do not count."""

    def __post_init__(self) -> None:
        """Refuse tables that leave a class out, and steps out of order."""
        tables = ("tangible_share", "turnover_share", "class_factor", "valid_days")
        require_all(
            *(each_class(getattr(self, name), name) for name in tables),
            *none_negative(self),
            (self.reference_days > 0, "reference_days must be above 0"),
            (self.round_to > 0, "round_to must be above 0"),
            (
                self.warn_at < self.alarm_at < self.hold_at,
                "warn_at, alarm_at and hold_at must rise",
            ),
        )
