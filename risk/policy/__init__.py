"""The policy: every weight, curve, threshold and tolerance, as typed values.

The code holds none of them; `default.toml` beside this file is the policy that ships.
Each class checks itself when it is built, and says what to mend.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar, Literal

from risk.policy.check import ApprovalPolicy, CheckPolicy
from risk.policy.ground import (
    CLASSES,
    STRICT,
    Curve,
    ascending,
    none_negative,
    require,
    require_all,
)
from risk.policy.limit import LimitPolicy
from risk.policy.monitor import MonitorPolicy, RulePolicy

__all__ = [
    "CLASSES",
    "DEFAULT_FILE",
    "ApprovalPolicy",
    "Bound",
    "CheckPolicy",
    "Deduction",
    "Factor",
    "LimitPolicy",
    "Measure",
    "MonitorPolicy",
    "Policy",
    "RulePolicy",
    "Scale",
    "ScorePolicy",
    "ZScorePolicy",
]

DEFAULT_FILE = Path(__file__).with_name("default.toml")
FULL_SCORE = 1000
_SIGNED = {"classes", "odds_intercept", "odds_slope"}


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure's part in its factor: `points` at most, by `curve` (figure → 0–1)."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    points: int
    curve: Curve

    def __post_init__(self) -> None:
        """Refuse points below zero and a curve that is none."""
        require(self.points >= 0, "points must be 0 or more")
        ascending(self.curve)


@dataclass(frozen=True, slots=True)
class Factor:
    """Measures that belong together, and how quickly what they rest on grows stale."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    measures: dict[str, Measure]
    age: str | None = None
    """The fact, in days, that says how old the factor's evidence is."""
    half_life_days: int = 365
    experiences: str | None = None
    """The fact that counts experiences; `few` of them give half the confidence."""
    few: int = 3

    def __post_init__(self) -> None:
        """Refuse what could not be divided by."""
        require_all(
            (self.half_life_days > 0, "half_life_days must be above 0"),
            (self.few > 0, "few must be above 0"),
            (bool(self.measures), "measures must name at least one measure"),
        )

    @property
    def points(self) -> int:
        """Return the most this factor can give."""
        return sum(m.points for m in self.measures.values())


@dataclass(frozen=True, slots=True)
class Deduction:
    """Bad news that takes points off: `points` × `curve` (figure → 0–1, 1 worst)."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    points: int
    curve: Curve

    def __post_init__(self) -> None:
        """Refuse points below zero and a curve that is none."""
        require(self.points >= 0, "points must be 0 or more")
        ascending(self.curve)


@dataclass(frozen=True, slots=True)
class Bound:
    """When `fact` reaches `at_least`, the class is at best (worst) `risk_class`."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    fact: str
    at_least: float
    risk_class: Literal["A", "B", "C", "D", "E"]


@dataclass(frozen=True, slots=True)
class ScorePolicy:
    """How 0–1000 points and a class A–E come about."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    classes: dict[Literal["A", "B", "C", "D"], int]
    """The least score of each class; below D's is E."""
    factors: dict[str, Factor]
    deductions: dict[str, Deduction] = field(default_factory=dict)
    caps: dict[str, Bound] = field(default_factory=dict)
    floors: dict[str, Bound] = field(default_factory=dict)
    missing: Literal["as_known", "neutral"] = "as_known"
    neutral: float = 0.5
    least_coverage: float = 0.25
    cool_down_days: int = 30
    dbt_half_life_days: int = 180
    history_days: int = 730
    material_share: float = 0.05
    material_amount: Decimal = Decimal(500)
    default_days: int = 90
    probation_days: int = 90
    event_severity: dict[str, float] = field(default_factory=dict)
    """Kind of credit event → how grave, 0–1; one not listed does not count."""
    event_half_life_days: int = 730
    related_decay: float = 0.5
    related_distance: int = 2
    odds_intercept: float | None = None
    odds_slope: float | None = None

    def __post_init__(self) -> None:
        """Refuse points that do not sum to 1000, and thresholds out of order."""
        total = sum(f.points for f in self.factors.values())
        steps = [self.classes.get(c, -1) for c in ("A", "B", "C", "D")]
        names = [name for name, _ in self.measures()]
        shares = ("neutral", "least_coverage", "material_share", "related_decay")
        lives = ("dbt_half_life_days", "history_days", "event_half_life_days")
        require_all(
            (
                total == FULL_SCORE,
                f"the points of all measures sum to {total}, not to {FULL_SCORE}",
            ),
            (
                FULL_SCORE >= steps[0] > steps[1] > steps[2] > steps[3] > 0,
                "classes must name A > B > C > D, each from 1 to 1000",
            ),
            *(
                (0 <= getattr(self, name) <= 1, f"{name} must lie from 0 to 1")
                for name in shares
            ),
            *((getattr(self, name) > 0, f"{name} must be above 0") for name in lives),
            *(
                rule
                for rule in none_negative(self)
                if rule[1].split()[0] not in {*shares, *lives, *_SIGNED}
            ),
            (
                all(g <= 1 for g in self.event_severity.values()),
                "event_severity must hold severities from 0 to 1",
            ),
            (
                len(names) == len(set(names)),
                "factors must name a measure in one factor only",
            ),
        )

    def measures(self) -> Iterator[tuple[str, Measure]]:
        """Return every (name, measure), factor by factor."""
        for factor in self.factors.values():
            yield from factor.measures.items()

    def least(self, risk_class: str) -> int:
        """Return the least score of a class."""
        return next((n for c, n in self.classes.items() if c == risk_class), 0)


@dataclass(frozen=True, slots=True)
class ZScorePolicy:
    """One of Altman's models: coefficients of X1–X5, and where its zones end."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    coefficients: tuple[Decimal, Decimal, Decimal, Decimal, Decimal]
    safe: Decimal
    distress: Decimal
    constant: Decimal = Decimal(0)
    market_value: bool = False

    def __post_init__(self) -> None:
        """Refuse zones that overlap."""
        require(self.distress < self.safe, "distress must lie below safe")


@dataclass(frozen=True, slots=True)
class Scale:
    """An outside rating scale and what its values are worth, 0 (worst) to 1 (best)."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    higher_is_better: bool
    stale_after_days: int = 540
    curve: Curve = ()
    """For numbers."""
    values: dict[str, float] = field(default_factory=dict)
    """For letters."""

    def __post_init__(self) -> None:
        """Refuse a scale without a table, or one that runs against its direction."""
        require(bool(self.curve) != bool(self.values), "give either curve or values")
        if self.curve:
            ascending(self.curve)
            gains = self.curve[-1][1] > self.curve[0][1]
            require(
                gains == self.higher_is_better,
                "the curve runs against higher_is_better",
            )


@dataclass(frozen=True, slots=True)
class Policy:
    """All of it. `version` is for people; the file's hash is for proof."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    version: str
    score: ScorePolicy
    zscore: dict[str, ZScorePolicy]
    scales: dict[str, Scale]
    country_classes: dict[str, int]
    """ISO 3166 alpha-2 → the OECD's country risk class, 0 (best) to 7."""
    industries: dict[str, float]
    """Industry → how safe, 0 to 1; one not listed is unknown."""
    limit: LimitPolicy
    check: CheckPolicy
    approval: ApprovalPolicy
    monitor: MonitorPolicy

    def __post_init__(self) -> None:
        """Refuse country classes that the OECD does not know."""
        wrong = [c for c, n in self.country_classes.items() if n not in range(8)]
        require(not wrong, f"country classes run from 0 to 7; mend {wrong}")
