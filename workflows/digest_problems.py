"""What a digest tells of problems: opened, moved and closed since the last, held back.

What happened is told once and none is left out. A step that was written before the last
digest may have come to light only after it, from a transaction that took its time; so
each digest looks back a little further than the last, and remembers what it told of
that stretch.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from storage import problem_news
from storage.tables import DigestRun, Problem, ProblemCard, ProblemEntry, Schedule
from templates.messages.digest import DigestProblems, ProblemGroup, ProblemLine
from workflows.alerts.scope import Scope
from workflows.monitor.moves import Subject
from workflows.problems.drawing import Sketches, sketch
from workflows.problems.subjects import subjects_of
from workflows.services import Services

OVERLAP = timedelta(minutes=10)
"""No transaction takes so long."""

OPENED = frozenset({"opened", "reopened"})
MOVED = frozenset(
    {"signal", "stronger", "woken", "acknowledged", "assigned", "snoozed", "handed"}
)
CLOSED = "solved"
KINDS = (*OPENED, *MOVED, CLOSED)

HELD_BACK = frozenset({"budget", "worth_less"})
"""Held back by the budget."""
NOT_POSTED = frozenset({"budget", "worth_less", "digest_only"})

SHOWN, PART, MOST = 5, 40, 80
"""Lines of a kind in the channel; in a message of the thread; in the thread in all."""


@dataclass(frozen=True, slots=True)
class Told:
    """What of the problems a digest has told, to be kept with it."""

    cards: Sequence[int] = ()
    """What was held back, and is told of now."""
    entries: Sequence[int] = ()
    """Steps so late that the next digest looks at their time again."""


NOTHING_TOLD = Told()


@dataclass(frozen=True, slots=True)
class ProblemNews:
    """What a digest says of problems."""

    groups: Sequence[ProblemGroup] = ()
    parts: Sequence[DigestProblems] = ()
    told: Told = NOTHING_TOLD


@dataclass(frozen=True, slots=True)
class Happenings:
    """What happened to problems, read once for all digests of a sweep."""

    steps: Sequence[tuple[ProblemEntry, Problem]]
    held: Mapping[str, Sequence[tuple[ProblemCard, Problem]]]
    """By channel."""
    subjects: Mapping[str, Subject]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which channel's digest is composed, and which was before it."""

    channel: str
    scope: Scope
    last: DigestRun | None


@dataclass(slots=True)
class _Sorted:
    """Problems by what became of them."""

    opened: list[Problem] = field(default_factory=list)
    moved: list[Problem] = field(default_factory=list)
    closed: list[Problem] = field(default_factory=list)
    last: dict[int, ProblemEntry] = field(default_factory=dict)
    """The latest step of each, by problem."""


def read_happenings(
    session: Session, schedules: Sequence[Schedule], since: datetime
) -> Happenings:
    """Return what happened since the earliest of the last digests, and what is held."""
    steps = problem_news.happened_after(session, since - OVERLAP, KINDS)
    held = {
        schedule.channel: problem_news.held_back(session, schedule.channel, NOT_POSTED)
        for schedule in schedules
    }
    everybody = {problem.id: problem for _, problem in steps}
    for rows in held.values():
        everybody |= {problem.id: problem for _, problem in rows}
    return Happenings(steps, held, subjects_of(session, list(everybody.values())))


def kept_of(told: Told) -> dict[str, Any]:
    """Return what the next digest must know of this one."""
    return {"problem_steps": list(told.entries)}


def compose_problems(
    services: Services, session: Session, found: Happenings, asked: Asked
) -> ProblemNews:
    """Return what a channel's digest says of problems."""
    steps = _in_scope(found, asked)
    sorted_ = _sort(_news(steps, asked.last))
    held = found.held.get(asked.channel, ())
    listed = {p.id for p in (*sorted_.opened, *sorted_.closed)}
    back = _open_once(
        problem
        for card, problem in held
        if card.reason in HELD_BACK or problem.id not in listed
    )
    kept = {problem.id for problem in back}
    groups = {
        "opened": [p for p in sorted_.opened if p.id not in kept],
        "moved": [p for p in sorted_.moved if p.id not in kept],
        "closed": sorted_.closed,
        "held": back,
    }
    shown = [p for some in groups.values() for p in some[:MOST]]
    writer = _Writer(services, sketch(services, session, shown), sorted_.last)
    late = services.now() - OVERLAP
    return ProblemNews(
        groups=[writer.group(kind, some) for kind, some in groups.items() if some],
        parts=[
            part for kind, some in groups.items() for part in writer.parts(kind, some)
        ],
        told=Told(
            cards=[card.id for card, _ in held if card.id is not None],
            entries=[e.id for e, _ in steps if e.id is not None and e.at > late],
        ),
    )


def _in_scope(found: Happenings, asked: Asked) -> list[tuple[ProblemEntry, Problem]]:
    """Return the steps that this channel is to hear of."""
    return [
        (entry, problem)
        for entry, problem in found.steps
        if not entry.data.get("quiet")
        and asked.scope.has(found.subjects[problem.subject], problem.cause)
    ]


def _news(
    steps: Sequence[tuple[ProblemEntry, Problem]], last: DigestRun | None
) -> list[tuple[ProblemEntry, Problem]]:
    """Return the steps that no digest has told of; before the first, there are none."""
    if last is None:
        return []
    told = last.snapshot.get("problem_steps")
    since = last.owed_at if told is None else last.owed_at - OVERLAP
    known = set(told or ())
    return [
        (entry, problem)
        for entry, problem in steps
        if entry.at > since and entry.id not in known
    ]


def _sort(steps: Iterable[tuple[ProblemEntry, Problem]]) -> _Sorted:
    """Sort problems by what became of them; the most valuable first."""
    kinds: dict[int, set[str]] = defaultdict(set)
    problems: dict[int, Problem] = {}
    result = _Sorted()
    for entry, problem in steps:
        kinds[entry.problem_id].add(entry.kind)
        problems[entry.problem_id] = problem
        result.last[entry.problem_id] = entry
    by_value = sorted(problems.values(), key=lambda p: (-p.value, p.id or 0))
    for problem in by_value:
        seen = kinds[problem.id or 0]
        if problem.state == "solved":
            into = result.closed if CLOSED in seen else None
        else:
            into = result.opened if seen & OPENED else result.moved
        if into is not None:
            into.append(problem)
    return result


def _open_once(found: Iterable[Problem]) -> list[Problem]:
    """Return the problems that are open, each once, in order."""
    return list({p.id: p for p in found if p.state == "open"}.values())


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes problems as lines."""

    services: Services
    drawn: Sketches
    last: Mapping[int, ProblemEntry]

    def group(self, kind: str, found: Sequence[Problem]) -> ProblemGroup:
        """Return what became of problems, with the most valuable of them."""
        return ProblemGroup(
            kind=kind,
            count=len(found),
            lines=[self._line(problem) for problem in found[:SHOWN]],
            in_thread=min(len(found), MOST) if len(found) > SHOWN else 0,
        )

    def parts(self, kind: str, found: Sequence[Problem]) -> list[DigestProblems]:
        """Return the thread's messages of a kind; none if the channel has them all."""
        if len(found) <= SHOWN:
            return []
        listed = found[:MOST]
        return [
            DigestProblems(
                kind=kind,
                first=start + 1,
                last=min(start + PART, len(listed)),
                count=len(found),
                unlisted=max(len(found) - MOST, 0) if start + PART >= MOST else 0,
                lines=[self._line(p) for p in listed[start : start + PART]],
                currency=self.services.currency,
            )
            for start in range(0, len(listed), PART)
        ]

    def _line(self, problem: Problem) -> ProblemLine:
        entry = self.last.get(problem.id or 0)
        step = self.drawn.step(entry) if entry else None
        return ProblemLine(
            head=self.drawn.head(problem),
            step=replace(step, findings=step.findings[:2]) if step else None,
            times_opened=problem.times_opened,
        )
