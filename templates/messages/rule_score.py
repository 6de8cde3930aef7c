"""What is said of how rules do: the scoreboard, proposals, what was changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from templates.messages.base import Message


@dataclass(frozen=True, slots=True)
class RuleMark:
    """How a rule did."""

    rule: str
    title: str
    """What people call it; empty for one that the desk knows."""
    signal: str
    state: str
    fired: int
    """Signals that began."""
    would: int | None
    """How often it would have fired on replayed history; None: it is not replayed."""
    a_week: float | None
    labels: int
    right: float | None
    """Share of people's labels that say useful or known."""
    judged: int
    """Replayed firings whose outcome is known."""
    came_true: float | None
    """Of these, the share after which an invoice went late."""
    interruptions: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What a threshold does on replayed history."""

    value: float
    precision: float | None
    recall: float | None
    f1: float
    a_week: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """A threshold that would have done better, and how."""

    rule: str
    title: str
    signal: str
    parameter: str
    now: Effect
    better: Effect

    @property
    def ticket(self) -> str:
        """Return what its button carries."""
        parts = (self.rule, self.parameter, self.now.value, self.better.value)
        return "|".join(str(part) for part in (*parts, self.now.f1, self.better.f1))


@dataclass(frozen=True)
class ScoreAsked(Message):
    """That the scoreboard is being made."""

    template = "rule_score_asked.j2"
    days: int


@dataclass(frozen=True)
class RuleScore(Message):
    """How every rule did, and what would do better."""

    template = "rule_score.j2"
    first: date
    last: date
    late_days: int
    within: int
    minutes: float
    """What an interruption is taken to cost."""
    customers: int
    partly: bool
    """That there was no time to look at every customer."""
    marks: Sequence[RuleMark]
    proposals: Sequence[Proposal]
    may_tune: bool


@dataclass(frozen=True)
class RuleTuned(Message):
    """That a rule's threshold was changed, or put back."""

    template = "rule_tuned.j2"
    rule: str
    signal: str
    parameter: str
    before: str
    after: str
    ticket: str
    """What undoes it; empty where it was undone just now."""
