"""The life of a problem: what it is worth, how it moves on, what is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from risk.monitor.value import alert_value
from storage import problems
from storage.problems import Holding
from storage.tables import Problem, Signal, Snooze
from workflows.monitor.moves import Subject
from workflows.services import Services


def worth(services: Services, subject: Subject, cause: str) -> Decimal:
    """Return what hearing of a problem is worth: the loss that can still be averted."""
    policy = services.policy.policy
    return alert_value(policy, subject.risk_class, subject.exposure, cause)


@dataclass(slots=True)
class Book:
    """Writes down what happens to problems; all at once, for a sweep has thousands."""

    services: Services
    session: Session
    changed: list[Problem] = field(default_factory=list)
    """The problems whose cards are to be drawn again."""
    _entries: list[dict[str, Any]] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)

    @property
    def now(self) -> datetime:
        """Return the moment, aware and UTC."""
        return self.services.now()

    def weigh(
        self, problem: Problem, subject: Subject, holding: Sequence[Holding]
    ) -> bool:
        """Take over how the subject stands; return whether that is news by itself.

        It is when the problem became worth so much more that a signal would be
        stronger, or the class is one that always comes through.
        """
        monitor = self.services.policy.policy.monitor
        value = worth(self.services, subject, problem.cause)
        passes = monitor.alerts.always_pass
        turned = subject.risk_class in passes and problem.risk_class not in passes
        grew = value > problem.value * (1 + Decimal(str(monitor.stronger_by)))
        moved = subject.risk_class != problem.risk_class
        now = {
            "value": value,
            "risk_class": subject.risk_class,
            "exposure": subject.exposure,
            "severity": holding[0].severity if holding else problem.severity,
        }
        for name, known in now.items():
            if getattr(problem, name) != known:
                setattr(problem, name, known)
        if moved or grew:
            self.touch(problem)
        return grew or turned

    def reopen(self, problem: Problem) -> None:
        """Open a solved problem again: nobody has seen that it is back."""
        problem.state, problem.solved_at = "open", None
        problem.times_opened += 1
        problem.acknowledged_by, problem.acknowledged_at = None, None
        problem.handed_by, problem.handed_at = None, None
        self.touch(problem)

    def solve(self, problem: Problem) -> None:
        """Close a problem of which nothing holds any more."""
        problem.state, problem.solved_at = "solved", self.now
        problem.snoozed_until = None
        self.enter(problem, "solved")

    def snooze_if_all_are(
        self,
        problem: Problem,
        holding: Sequence[Holding],
        snoozes: Mapping[tuple[str, str], Snooze],
    ) -> None:
        """Keep a problem quiet while every rule behind it is snoozed."""
        ends = [snoozes.get((problem.subject, signal.rule)) for signal in holding]
        until = [one.until for one in ends if one is not None]
        all_are = bool(holding) and len(until) == len(holding)
        ends_at = min(until) if all_are else None
        if problem.snoozed_until != ends_at:
            problem.snoozed_until = ends_at

    def moved(
        self, problem: Problem, kind: str, signals: Sequence[Signal], *, quiet: bool
    ) -> None:
        """Write down signals that began, grew or are over."""
        found = [
            {"rule": s.rule, "strength": s.strength, "evidence": dict(s.evidence)}
            for s in signals
        ]
        self.enter(problem, kind, data={"findings": found, "quiet": quiet})

    def enter(
        self,
        problem: Problem,
        kind: str,
        *,
        actor: str = "",
        text: str = "",
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down a step; `actor` is a Slack id, or empty for the desk itself."""
        self.touch(problem)
        step = {"problem_id": problem.id, "at": self.now, "actor": actor, "kind": kind}
        told = dict(data or {}) | {"version": problem.version}
        self._entries.append(step | {"text": text, "data": told})

    def opened(self, problem: Problem) -> None:
        """Let a problem be new: its version is its first, and it is to be drawn."""
        self._seen.add(problem.id or 0)
        self.changed.append(problem)

    def touch(self, problem: Problem) -> None:
        """Let a problem have changed: a new version, once a turn."""
        if problem.id in self._seen:
            return
        self._seen.add(problem.id or 0)
        problem.version += 1
        problem.changed_at = self.now
        self.changed.append(problem)
        self.session.add(problem)

    def write(self) -> None:
        """Put all that was written down into the database."""
        self.session.flush()
        problems.note(self.session, self._entries)
        self._entries.clear()

    def interrupts(self, holding: Sequence[Holding]) -> bool:
        """Return whether any rule that holds may open a card."""
        rules = self.services.policy.policy.monitor.rules
        return any(s.rule not in rules or rules[s.rule].interrupts for s in holding)
