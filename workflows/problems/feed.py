"""Takes what a sweep found to the problems it is about, and those to who must hear.

Signals of one cause at one subject feed one problem: the first opens it, or opens the
one that was solved lately again; others join it; when the last is over it is solved.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import Literal

from sqlmodel import Session

from storage import problem_acts, problems
from storage.problems import Holding
from storage.tables import Problem, Signal, Snooze
from workflows.alerts.routing import place
from workflows.monitor.moves import Move, Subject
from workflows.problems import cards, life
from workflows.problems.kinds import Fresh
from workflows.services import Services

Placer = Callable[[Services, Session, Sequence[Fresh], Mapping[str, Subject]], None]
"""Decides where problems are posted or held back."""

Key = tuple[str, str, str]
"""Subject, cause, and the rule where it is only being tried: that has its own."""

Fate = Literal["opened", "reopened", "standing"]


def take_moves(
    services: Services,
    session: Session,
    moves: Sequence[Move],
    subjects: Mapping[str, Subject],
    tell: Placer = place,
) -> None:
    """Bring problems up to what moved; owe cards, edits and entries of threads.

    In the transaction of the sweep. `moves` are stored; `subjects`, by key, are those
    of all of them.
    """
    if not moves:
        return
    turns = _turns(services, session, moves, subjects)
    feeding = [move.signal for move in moves if move.kind != "over"]
    problem_of = {
        move.signal.id or 0: turn.id for turn in turns.values() for move in turn.moves
    }
    problems.attach(session, problem_of, feeding)
    holding = problems.signals_on(session, list(turns), evidence=False)
    snoozes = problem_acts.snoozes_at(session, subjects.keys(), services.now())
    book = life.Book(services, session)
    fresh = []
    for turn in turns.values():
        told = _settle(book, turn, holding[turn.id], snoozes)
        fresh += [told] if told else []
    book.write()
    tell(services, session, fresh, subjects)
    cards.redraw(services, session, book.changed)


@dataclass(slots=True)
class _Turn:
    """A problem, what moved of it, and how it came to be open."""

    problem: Problem
    subject: Subject
    fate: Fate = "standing"
    moves: list[Move] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.problem.id or 0


def _turns(
    services: Services,
    session: Session,
    moves: Sequence[Move],
    subjects: Mapping[str, Subject],
) -> dict[int, _Turn]:
    """Return the problems of what moved, by id, and all others of these subjects."""
    found = _standing(session, moves)
    missing = {
        _key(m.signal): m
        for m in moves
        if m.kind != "over" and _key(m.signal) not in found
    }
    fates: dict[int, Fate] = {}
    for problem in _solved_lately(services, session, missing):
        found[problem.subject, problem.cause, ""] = problem
        fates[problem.id or 0] = "reopened"
    new = {key: move for key, move in missing.items() if key not in found}
    for key, problem in _open(services, session, new, subjects).items():
        found[key] = problem
        fates.setdefault(problem.id or 0, "opened")
    turns = {
        p.id or 0: _Turn(p, subjects[p.subject], fates.get(p.id or 0, "standing"))
        for p in found.values()
    }
    for move in moves:
        known = found.get(_key(move.signal))
        feeds = known.id if known else move.signal.problem_id
        if feeds in turns:
            turns[feeds].moves.append(move)
    return turns


def _key(signal: Signal) -> Key:
    return signal.subject, signal.cause, signal.rule if signal.shadow else ""


def _standing(session: Session, moves: Sequence[Move]) -> dict[Key, Problem]:
    """Return the open problems of all that moved."""
    everybody = {move.signal.subject for move in moves}
    found: dict[Key, Problem] = {
        (one.subject, one.cause, ""): one
        for one in problems.open_at(session, everybody)
    }
    tried = {move.signal.subject for move in moves if move.signal.shadow}
    for (subject, rule), one in problems.being_tried_at(session, tried).items():
        found[subject, one.cause, rule] = one
    return found


def _solved_lately(
    services: Services, session: Session, missing: Mapping[Key, Move]
) -> list[Problem]:
    """Return problems that were solved not long ago and have come back."""
    days = services.policy.policy.monitor.reopen_days
    since = services.now() - timedelta(days=days)
    again = {subject for subject, _, rule in missing if not rule}
    latest = {
        (one.subject, one.cause): one
        for one in problems.solved_since(session, again, since)
        if (one.subject, one.cause, "") in missing
    }
    return list(latest.values())


def _open(
    services: Services,
    session: Session,
    new: Mapping[Key, Move],
    subjects: Mapping[str, Subject],
) -> dict[Key, Problem]:
    """Open problems; one that another sweep has opened meanwhile is taken as it is."""
    now = services.now()
    rows = [
        {
            "subject": subject,
            "customer_id": subjects[subject].customer_id,
            "cause": cause,
            "shadow": bool(rule),
            "state": "open",
            "severity": move.signal.severity,
            "value": life.worth(services, subjects[subject], cause),
            "risk_class": subjects[subject].risk_class,
            "exposure": subjects[subject].exposure,
            "opened_at": now,
            "changed_at": now,
            "times_opened": 1,
            "version": 1,
        }
        for (subject, cause, rule), move in new.items()
    ]
    tried = [key for key in new if key[2]]
    went_in = problems.open_new(session, rows)
    found = dict(zip(tried, went_in, strict=False))
    lost = {key for key in new if not key[2]}
    for one in went_in[len(tried) :]:
        found[one.subject, one.cause, ""] = one
        lost.discard((one.subject, one.cause, ""))
    for one in problems.open_at(session, {subject for subject, _, _ in lost}):
        if (one.subject, one.cause, "") in lost:
            found[one.subject, one.cause, ""] = one
    return found


def _settle(
    book: life.Book,
    turn: _Turn,
    holding: Sequence[Holding],
    snoozes: Mapping[tuple[str, str], Snooze],
) -> Fresh | None:
    """Bring one problem up to date; return it if somebody may have to hear of it."""
    problem, subject = turn.problem, turn.subject
    heard = [
        m
        for m in turn.moves
        if m.kind != "over" and (m.signal.subject, m.signal.rule) not in snoozes
    ]
    if turn.fate == "opened":
        book.opened(problem)
    grew = book.weigh(problem, subject, holding)
    if turn.fate == "reopened":
        book.reopen(problem)
    if turn.moves:
        _write_down(book, turn, heard)
        book.snooze_if_all_are(problem, holding, snoozes)
    elif not grew:
        return None
    if not holding:
        book.solve(problem)
        return None
    if not (heard or turn.fate != "standing" or grew):
        return None
    return Fresh(
        problem,
        interrupts=any(m.interrupts for m in heard)
        or (grew and book.interrupts(holding)),
        kind="stronger" if turn.fate == "standing" else turn.fate,
        rules=tuple(sorted({m.signal.rule for m in heard})),
    )


def _write_down(book: life.Book, turn: _Turn, heard: Sequence[Move]) -> None:
    """Write what moved into the life of the problem, one entry a kind of move."""
    ordered = sorted(turn.moves, key=lambda m: (m.kind, m.signal.rule))
    for kind, some in groupby(ordered, key=lambda m: m.kind):
        moved = list(some)
        word = (
            turn.fate if kind == "began" and turn.fate != "standing" else _WORDS[kind]
        )
        quiet = kind != "over" and not any(m in heard for m in moved)
        book.moved(turn.problem, word, [m.signal for m in moved], quiet=quiet)


_WORDS = {"began": "signal", "stronger": "stronger", "over": "over"}
"""What a move is called in the life of a problem that was open."""
