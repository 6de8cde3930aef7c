"""Counts how a rule did on days gone by: how often it fired, and what came true."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import floor, log10

from risk.policy.monitor import RulePolicy

FACTORS = (0.5, 0.67, 0.8, 1.25, 1.5, 2.0)
"""How far around a threshold others are tried."""

SMALL = 5
"""Whole thresholds below it are tried one by one."""

FIGURES = 2
"""Significant figures of a threshold that is proposed."""


@dataclass(slots=True)
class Tally:
    """What a rule did; `looks` are days of customers whose outcome is known by now."""

    fired: int = 0
    """How many times it began to hold."""
    judged: int = 0
    """Of these, those whose outcome is known …"""
    true: int = 0
    """… and those after which an invoice went late."""
    held_true: int = 0
    """Looks on which it held, and an invoice went late."""
    held: int = 0
    """Looks on which it held."""
    late: int = 0
    """Looks after which an invoice went late, whether it held or not."""

    @property
    def came_true(self) -> float | None:
        """Return the share of its firings after which an invoice went late."""
        return self.true / self.judged if self.judged else None

    @property
    def precision(self) -> float | None:
        """Return how often an invoice went late where it held."""
        return self.held_true / self.held if self.held else None

    @property
    def recall(self) -> float | None:
        """Return how often it held where an invoice went late."""
        return self.held_true / self.late if self.late else None

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both; 0 where there is none."""
        both = self.held + self.late
        return 2 * self.held_true / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Variant:
    """A rule with another threshold; the rule as it stands has no parameter."""

    rule: str
    parameter: str = ""
    value: float = 0.0


def variants(rules: Mapping[str, RulePolicy]) -> Iterator[tuple[Variant, RulePolicy]]:
    """Yield every rule as it stands, and with each of its thresholds moved."""
    for name, rule in rules.items():
        yield Variant(name), rule
        for parameter, value in rule.parameters.items():
            for other in around(value):
                moved = {**rule.parameters, parameter: other}
                variant = Variant(name, parameter, other)
                yield variant, replace(rule, parameters=moved)


def around(value: float) -> list[float]:
    """Return thresholds around one, ascending, itself left out."""
    if value <= 0:
        return []
    if value == int(value) and value < SMALL:
        near = {value - 1, value + 1, value + 2}
        return sorted(other for other in near if other >= 1)
    return sorted({_round(value * factor, value) for factor in FACTORS} - {value})


def _round(value: float, like: float) -> float:
    """Return `value` in few figures; whole where `like` is."""
    digits = FIGURES - 1 - floor(log10(value))
    rounded = round(value, digits)
    return float(round(rounded)) if like == int(like) else rounded
