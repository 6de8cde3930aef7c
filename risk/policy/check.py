"""The policy of order checks, and of who may approve what."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, ClassVar, Literal

from risk.policy.ground import STRICT, each_class, none_negative, require_all
from risk.policy.limit import Class

Role = Literal[
    "sales", "analyst", "finance", "legal", "approver", "lead", "trainer", "admin"
]

TestKey = Literal[
    "hold",
    "headroom",
    "limit_validity",
    "overdue_share",
    "oldest_overdue",
    "behaviour",
    "risk_class",
    "terms",
    "country",
    "cover",
    "group",
    "freshness",
]


@dataclass(frozen=True, slots=True)
class CostPolicy:
    """What a condition costs us, as a share of the amount it moves; to rank by."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    collect: Decimal
    """Of what is overdue: it is owed to us anyway."""
    prepay: Decimal
    cut: Decimal
    secure: Decimal
    terms_day: Decimal
    """Per day shortened, of the order's amount."""

    def __post_init__(self) -> None:
        """Refuse a condition that would pay for itself."""
        require_all(*none_negative(self))


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    """The tests of an order check, and their tolerances."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    tests: tuple[TestKey, ...]
    over_limit_tolerance: Decimal
    """Share of the limit by which exposure may exceed it."""
    most_overdue_share: Decimal
    most_overdue_days: int
    most_days_beyond_terms: Decimal
    unsecured_share: dict[Class, Decimal]
    """Share of an order that may stay open without cover, by class."""
    terms_days: dict[Class, int]
    """Longest terms by class."""
    country_unsecured_share: tuple[Decimal, ...]
    """By the OECD's class, 0 to 7."""
    country_terms_days: tuple[int, ...]
    secure_haircut: Decimal
    """Of a new guarantee or insurance."""
    cover_margin_days: int
    """By how long cover must outlast the day the order falls due."""
    most_group_exposure: Decimal
    """In base currency: what all companies of a group may owe us together."""
    stale_after_days: int
    horizon_days: int
    """Open orders count as exposure if they are to be delivered within this."""
    class_if_unknown: Class
    """How a customer without a class is treated."""
    usual_terms_days: int
    """Where neither the order nor the customer says."""
    longest_terms_days: int
    """Longer terms are taken for a slip and refused."""
    largest_order: Decimal
    """In base currency; more is taken for a slip and refused."""
    usual_prepayment: Decimal
    """The share asked for up front where a prepayment and security are combined."""
    least_kept: Decimal
    """An order is not cut below this share of it."""
    most_offers: int
    release_tolerance: Decimal
    """Share by which a released order's facts may move before it is reopened."""
    costs: CostPolicy

    def __post_init__(self) -> None:
        """Refuse tables that leave a class out, and shares beyond 0–1."""
        shares = ("unsecured_share", "country_unsecured_share")
        tables = ("country_unsecured_share", "country_terms_days")
        require_all(
            each_class(self.unsecured_share, "unsecured_share"),
            each_class(self.terms_days, "terms_days"),
            *none_negative(self),
            *(_at_most_one(getattr(self, name), name) for name in shares),
            *(_each_country_class(getattr(self, name), name) for name in tables),
            (
                self.secure_haircut < 1,
                "secure_haircut must lie from 0 to below 1",
            ),
            (
                0 < self.usual_prepayment < 1,
                "usual_prepayment must lie between 0 and 1",
            ),
            (self.least_kept <= 1, "least_kept must lie from 0 to 1"),
            (self.most_offers > 0, "most_offers must be above 0"),
            (
                self.usual_terms_days <= self.longest_terms_days,
                "usual_terms_days must not exceed longest_terms_days",
            ),
            (bool(self.tests), "tests must name at least one test"),
            (
                len(set(self.tests)) == len(self.tests),
                "tests must name each test once",
            ),
        )


def _at_most_one(table: Any, name: str) -> tuple[bool, str]:
    values = table.values() if isinstance(table, dict) else table
    return all(v <= 1 for v in values), f"{name} must hold shares from 0 to 1"


def _each_country_class(table: Collection[object], name: str) -> tuple[bool, str]:
    eight = len(table) == 8  # noqa: PLR2004 - the OECD's classes
    return eight, f"{name} needs eight entries, for classes 0 to 7"


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """Up to `amount` (base currency; none is no end), this role decides."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    role: Role
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ApprovalPolicy:
    """Who decides on limits, releases and overrides, and how long things last."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    steps: tuple[ApprovalStep, ...]
    four_eyes_above: Decimal
    override_days: int
    """An override lasts at most this long."""
    release_days: int
    """A release is good for this long, unless its decider says less."""
    remind_hours: int
    """A waiting check reminds after this many hours, and again."""
    channel: str = ""
    """Where checks wait for the credit team; empty: the channel set up in Slack."""

    def __post_init__(self) -> None:
        """Refuse steps out of order, or that end before the highest amount."""
        amounts = [s.amount for s in self.steps[:-1]]
        known = [a for a in amounts if a is not None]
        require_all(
            *none_negative(self),
            (bool(self.steps), "steps must name at least one step"),
            (
                not self.steps or self.steps[-1].amount is None,
                "steps must end with one that has no amount",
            ),
            (
                None not in amounts,
                "steps must have an amount each, but for the last",
            ),
            (
                all(a < b for a, b in pairwise(known)),
                "steps must have amounts that rise",
            ),
        )

    def role_for(self, amount: Decimal) -> str:
        """Return the role that decides on `amount`, in base currency."""
        fits = (s.role for s in self.steps if s.amount is None or amount <= s.amount)
        return next(fits)

    def roles_for(self, amount: Decimal) -> tuple[str, ...]:
        """Return the role that decides on `amount` and those above it."""
        first = self.role_for(amount)
        roles: list[str] = [s.role for s in self.steps]
        return tuple(roles[roles.index(first) :])
