"""The policy of watching customers: rules, what an alert is worth, when it is over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from math import isfinite
from typing import Any, ClassVar, Literal, get_args

from risk.policy.alerts import AlertPolicy
from risk.policy.expressions import OwnRulePolicy
from risk.policy.ground import STRICT, each_class, require
from risk.policy.limit import Class
from risk.policy.promises import NotePolicy, PromisePolicy
from risk.policy.scoreboard import ScoreboardPolicy
from risk.policy.signals import EXPRESSION, SIGNALS

Cause = Literal[
    "payment",
    "orders",
    "limit",
    "cover",
    "concentration",
    "score",
    "rating",
    "event",
    "statement",
    "related",
    "notes",
    "feed",
    "own",
]
CAUSES: tuple[str, ...] = get_args(Cause)
"""The root causes: signals of one cause at one subject feed one problem."""


@dataclass(frozen=True, slots=True)
class RulePolicy:
    """A rule: which signal it looks for, with which parameters, of what cause."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    signal: str
    """A signal that the desk knows, or `expression`."""
    cause: Cause
    severity: Literal[1, 2, 3] = 2
    """1 worth knowing, 2 look at it, 3 act today."""
    mode: Literal["live", "shadow", "off"] = "live"
    interrupts: bool = True
    """Whether it may open a card; else only the digest tells of it."""
    parameters: dict[str, float] = field(default_factory=dict)
    expression: str = ""
    """For `expression`: in CEL, over documented facts."""

    def __post_init__(self) -> None:
        """Refuse a signal nobody knows, and parameters that are not its own."""
        if self.signal not in SIGNALS:
            raise ValueError(_unheard(self.signal))
        takes = set(SIGNALS[self.signal])
        missing, unknown = takes - set(self.parameters), set(self.parameters) - takes
        require(not missing, f"`{self.signal}` also needs {sorted(missing)}")
        require(not unknown, f"`{self.signal}` takes no {sorted(unknown)}")
        finite = all(isfinite(value) for value in self.parameters.values())
        require(finite, "parameters must be plain numbers")
        stated = bool(self.expression.strip()) == (self.signal == EXPRESSION)
        require(stated, "give an expression to the signal `expression`, and only to it")


def _unheard(signal: str) -> str:
    """Return that nobody knows a signal, and which was meant."""
    near = get_close_matches(signal, SIGNALS, 1)
    hint = f"did you mean `{near[0]}`?" if near else f"use one of {[*SIGNALS]}"
    return f"no signal is called `{signal}`; {hint}"


@dataclass(frozen=True, slots=True)
class ValuePolicy:
    """What an alert is worth: PD × loss given default × exposure × what can be done."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    default_probability: dict[Class, Decimal]
    """Within a year, by class; a fitted policy's own forecast comes before it."""
    loss_given_default: Decimal
    actionable: dict[Cause, Decimal]
    """Share of the loss that acting on the cause can still avert, 0–1."""

    def __post_init__(self) -> None:
        """Refuse tables that leave something out, and shares beyond 0–1."""
        each_class(self.default_probability, "default_probability")
        missing = [c for c in CAUSES if c not in self.actionable]
        require(not missing, f"actionable must name every cause; add {missing}")
        shares = [*self.actionable.values(), self.loss_given_default]
        shares += self.default_probability.values()
        require(all(0 <= s <= 1 for s in shares), "shares lie from 0 to 1")


@dataclass(frozen=True, slots=True)
class MonitorPolicy:
    """All that says what is watched, what it is worth and when it is over."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = STRICT
    rules: dict[str, RulePolicy]
    value: ValuePolicy
    alerts: AlertPolicy
    own_rules: OwnRulePolicy
    promises: PromisePolicy
    notes: NotePolicy
    scoreboard: ScoreboardPolicy = field(default_factory=ScoreboardPolicy)
    reopen_days: int = 60
    """A problem of the same cause that comes back within this is opened again."""
    stronger_by: float = 0.5
    """A signal is news again when its strength grew by this share."""

    def __post_init__(self) -> None:
        """Refuse times and shares below zero."""
        require(self.reopen_days >= 0, "reopen_days must be 0 or more")
        require(self.stronger_by > 0, "stronger_by must be above 0")
