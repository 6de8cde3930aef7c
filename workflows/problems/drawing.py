"""Puts together what messages about problems show: heads, findings, steps, cards."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import isfinite
from typing import Any

from sqlmodel import Session

from risk.monitor.facts import WATCH_FACTS
from storage import digests, problem_acts, problem_places, problems
from storage.problems import Holding
from storage.tables import Problem, ProblemEntry, Snooze
from templates.messages.problems import (
    Figure,
    Finding,
    LiveProblem,
    ProblemHead,
    ProblemNews,
    ProblemStep,
)
from workflows.services import Services

SHOWN_STEPS = 6
OWN, EXPRESSION = "own:", "expression"


@dataclass(slots=True)
class Sketches:
    """What is known of some problems, read at once, and how each is told."""

    services: Services
    about: Mapping[int, tuple[str, str, str | None]]
    """Number, name and owner, by the customer's id."""
    groups: Mapping[int, str]
    holding: Mapping[int, Sequence[Holding]]
    lives: Mapping[int, Sequence[ProblemEntry]]
    titles: Mapping[str, str]
    """What people call their own rules."""
    quiet: Mapping[tuple[str, str], Snooze]
    """Snoozes in force, by subject and rule."""
    names: dict[int, str] = field(default_factory=dict)
    """Names of other customers that evidence is about."""

    def head(self, problem: Problem) -> ProblemHead:
        """Return a problem in a line."""
        kind, _, rest = problem.subject.partition(":")
        number, name, _ = self.about.get(problem.customer_id or 0, ("", rest, None))
        if kind == "group" and rest.isdigit():
            name = self.groups.get(int(rest), rest)
        findings = self.findings(problem)
        return ProblemHead(
            problem_id=problem.id or 0,
            version=problem.version,
            state=problem.state,
            kind=kind,
            customer_id=problem.customer_id,
            number=number,
            name=name,
            cause=problem.cause,
            signal=_headline(findings[0]) if findings else "",
            severity=problem.severity,
            exposure=problem.exposure,
            risk_class=problem.risk_class,
            value=problem.value,
            snoozed_until=problem.snoozed_until,
            shadow=problem.shadow,
        )

    def findings(self, problem: Problem) -> list[Finding]:
        """Return what holds; of a solved problem, what was last written down."""
        holding = self.holding.get(problem.id or 0, ())
        if holding:
            return [self._held(problem, signal) for signal in holding]
        last: dict[str, dict[str, Any]] = {}
        for entry in self.lives.get(problem.id or 0, ()):
            for found in entry.data.get("findings", ()):
                if not found.get("named"):
                    last[str(found["rule"])] = found
        return [self.finding(found) for found in last.values()]

    def finding(self, found: Mapping[str, Any]) -> Finding:
        """Return what a rule found, as it was written down."""
        rule = str(found["rule"])
        known = self.services.policy.policy.monitor.rules.get(rule)
        evidence = _figures(found.get("evidence", {}))
        return Finding(
            rule=rule.removeprefix(OWN),
            title=self.titles.get(rule, ""),
            signal=known.signal if known else EXPRESSION,
            severity=known.severity if known else 2,
            evidence=evidence,
            figures=[_figure(fact, value) for fact, value in evidence.items()],
            names=self._named(evidence, found.get("names", {})),
        )

    def steps(self, problem: Problem) -> list[ProblemStep]:
        """Return the life of a problem, oldest first."""
        return [self.step(entry) for entry in self.lives.get(problem.id or 0, ())]

    def step(self, entry: ProblemEntry) -> ProblemStep:
        """Return a step in the life of a problem."""
        data = entry.data
        until = data.get("until")
        return ProblemStep(
            at=entry.at,
            actor=entry.actor,
            kind=entry.kind,
            text=entry.text,
            findings=[self.finding(found) for found in data.get("findings", ())],
            person=str(data.get("person", "")),
            until=datetime.fromisoformat(until) if until else None,
            label=str(data.get("label", "")),
            code=str(data.get("code", "")),
        )

    def card(self, problem: Problem) -> LiveProblem:
        """Return a problem's live card."""
        steps = self.steps(problem)
        _, _, owner = self.about.get(problem.customer_id or 0, ("", "", None))
        return LiveProblem(
            head=self.head(problem),
            currency=self.services.currency,
            owner=owner,
            findings=self.findings(problem),
            opened_at=problem.opened_at,
            solved_at=problem.solved_at,
            times_opened=problem.times_opened,
            acknowledged_by=problem.acknowledged_by,
            assignee=problem.assignee,
            handed_by=problem.handed_by,
            steps=steps[-SHOWN_STEPS:],
            earlier=max(len(steps) - SHOWN_STEPS, 0),
        )

    def news(self, problem: Problem, entry: ProblemEntry) -> ProblemNews:
        """Return a step as the thread of a card tells it."""
        return ProblemNews(self.head(problem), self.services.currency, self.step(entry))

    def _held(self, problem: Problem, signal: Holding) -> Finding:
        found = self.finding({"rule": signal.rule, "evidence": signal.evidence})
        snooze = self.quiet.get((problem.subject, signal.rule))
        return replace(found, quiet_until=snooze.until) if snooze else found

    def _named(
        self, evidence: Mapping[str, float], given: Mapping[str, Any]
    ) -> dict[str, str]:
        other = self.names.get(int(evidence.get("related_to", 0)))
        named = {fact: str(name) for fact, name in given.items()}
        return named | ({"related_to": other} if other else {})


def sketch(services: Services, session: Session, of: Sequence[Problem]) -> Sketches:
    """Return what is known of these problems."""
    ids = [problem.id or 0 for problem in of]
    holding = problems.signals_on(session, ids)
    lives = problems.entries_of(session, ids)
    customers = {p.customer_id for p in of if p.customer_id is not None}
    group_ids = {
        p.subject.partition(":")[2] for p in of if p.subject.startswith("group:")
    }
    found = [s.evidence for signals in holding.values() for s in signals]
    found += [
        one.get("evidence", {})
        for life in lives.values()
        for entry in life
        for one in entry.data.get("findings", ())
    ]
    others = {int(e["related_to"]) for e in found if e.get("related_to")}
    called = digests.numbers_and_names(session, others) if others else {}
    return Sketches(
        services=services,
        about=problem_places.whose(session, customers),
        groups=problem_places.groups(
            session, {int(i) for i in group_ids if i.isdigit()}
        ),
        holding=holding,
        lives=lives,
        titles=problem_places.own_titles(session, _own_rules(holding, lives)),
        quiet=problem_acts.snoozes_at(session, {p.subject for p in of}, services.now()),
        names={id_: name for id_, (_, name) in called.items()},
    )


def _own_rules(
    holding: Mapping[int, Sequence[Holding]],
    lives: Mapping[int, Sequence[ProblemEntry]],
) -> Collection[str]:
    rules = {signal.rule for signals in holding.values() for signal in signals}
    for life in lives.values():
        for entry in life:
            rules |= {str(f["rule"]) for f in entry.data.get("findings", ())}
    return {rule for rule in rules if rule.startswith(OWN)}


def _figures(evidence: Mapping[str, Any]) -> dict[str, float]:
    """Return the figures that are known."""
    return {
        fact: float(value)
        for fact, value in evidence.items()
        if isinstance(value, int | float) and isfinite(value)
    }


def _headline(finding: Finding) -> str:
    """Return the signal to head a problem with; by its figures where these decide."""
    seen = finding.evidence
    exceeded = seen.get("utilisation", 0) >= 1 or seen.get("limit") == 0
    if finding.signal == "limit_used" and exceeded:
        return "limit_exceeded"
    if finding.signal == "credit_event" and seen.get("insolvent"):
        return "insolvent"
    return finding.signal


def _figure(fact: str, value: float) -> Figure:
    known = WATCH_FACTS.get(fact)
    about, unit = (known.about, known.unit) if known else ("", "ratio")
    return Figure(fact, about, unit, value)
