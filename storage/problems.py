"""Questions about problems: which are open, what they rest on, what became of them.

Sweeps ask for many subjects at once, so these are asked in chunks, never one by one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, update
from sqlalchemy import select as choose
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, and_, col, select, text

from storage.bulk import insert_rows
from storage.tables import Problem, ProblemCard, ProblemEntry, Signal

AT_ONCE = 500
"""Values in one question; engines take some thousands at most."""

_OPEN = and_(text("problem.state = 'open'"), text("NOT problem.shadow"))
"""Written as in the index that answers it."""

_ONCE = "ON CONFLICT (subject, cause) WHERE state = 'open' AND NOT shadow DO NOTHING"


def open_at(session: Session, subjects: Collection[str]) -> list[Problem]:
    """Return the open problems of these subjects, locked; those being tried are not."""
    wanted = select(Problem).where(_OPEN)
    return list(_of(session, wanted, col(Problem.subject), subjects, lock=True))


def being_tried_at(
    session: Session, subjects: Collection[str]
) -> dict[tuple[str, str], Problem]:
    """Return the open problems of rules that are being tried, by subject and rule."""
    wanted = (
        select(Problem, Signal.rule)
        .join(Signal, col(Signal.problem_id) == col(Problem.id))
        .where(col(Problem.state) == "open", col(Problem.shadow))
        .distinct()
    )
    found: dict[tuple[str, str], Problem] = {}
    for some in _chunks(subjects):
        asked = wanted.where(col(Signal.subject).in_(some))
        for problem, rule in session.exec(asked):
            found[problem.subject, rule] = problem
    return found


def solved_since(
    session: Session, subjects: Collection[str], since: datetime
) -> list[Problem]:
    """Return problems of these subjects solved since, locked, latest last."""
    wanted = select(Problem).where(
        col(Problem.state) == "solved",
        ~col(Problem.shadow),
        col(Problem.solved_at) >= since,
    )
    found = _of(session, wanted, col(Problem.subject), subjects, lock=True)
    return sorted(found, key=lambda p: (p.solved_at or since, p.id or 0))


def with_ids(session: Session, ids: Collection[int]) -> list[Problem]:
    """Return these problems, locked."""
    return list(_of(session, select(Problem), col(Problem.id), ids, lock=True))


def open_new(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Open problems; return those that went in.

    One that a sweep elsewhere has opened meanwhile is left out: ask `open_at` for it.
    Call `scores.one_at_a_time` first: what is newest then is what this call put there.
    """
    tried = [Problem(**row) for row in rows if row["shadow"]]
    session.add_all(tried)
    session.flush()
    live = [row for row in rows if not row["shadow"]]
    newest = session.execute(choose(func.max(Problem.id))).scalar() or 0
    insert_rows(session, Problem, live, but=_ONCE)
    mine = {(row["subject"], row["cause"]) for row in live}
    went_in = session.exec(select(Problem).where(_OPEN, col(Problem.id) > newest))
    return tried + [one for one in went_in if (one.subject, one.cause) in mine]


def by_id(session: Session, problem_id: int) -> Problem | None:
    """Return one problem."""
    return session.get(Problem, problem_id)


def locked(session: Session, problem_id: int) -> Problem | None:
    """Return one problem, which nobody else acts on until the transaction ends."""
    return next(iter(with_ids(session, [problem_id])), None)


def attach(session: Session, problem_of: Mapping[int, int], signals: Any) -> None:
    """Let signals feed problems: `problem_of` is a problem's id by a signal's."""
    changed = [s for s in signals if s.problem_id != problem_of.get(s.id)]
    if not changed:
        return
    statement = (
        update(Signal)
        .where(col(Signal.id) == bindparam("which"))
        .values(problem_id=bindparam("feeds"))
    )
    rows = [{"which": s.id, "feeds": problem_of[s.id]} for s in changed]
    session.connection().execute(statement, rows)
    for signal in changed:
        set_committed_value(signal, "problem_id", problem_of[signal.id])


@dataclass(frozen=True, slots=True)
class Holding:
    """A signal that holds: how grave and how strong, on which figures."""

    rule: str
    severity: int
    strength: float
    evidence: dict[str, Any]


def signals_on(
    session: Session, ids: Collection[int], *, evidence: bool = True
) -> dict[int, list[Holding]]:
    """Return the signals that hold, by problem, the gravest first."""
    session.flush()
    found: dict[int, list[Holding]] = {id_: [] for id_ in ids}
    columns: list[Any] = [
        col(Signal.problem_id),
        col(Signal.rule),
        col(Signal.severity),
    ]
    columns += [col(Signal.strength), *([col(Signal.evidence)] if evidence else ())]
    wanted = choose(*columns).where(col(Signal.state) == "on")
    for some in _chunks(ids):
        asked = wanted.where(col(Signal.problem_id).in_(some))
        for whose, rule, severity, strength, *told in session.connection().execute(
            asked
        ):
            known = Holding(rule, severity, strength, told[0] if told else {})
            found[whose].append(known)
    for signals in found.values():
        signals.sort(key=lambda s: (-s.severity, -s.strength, s.rule))
    return found


def note(session: Session, entries: Sequence[Mapping[str, Any]]) -> None:
    """Add steps to the lives of problems, in this order."""
    insert_rows(session, ProblemEntry, entries)


def entries_of(session: Session, ids: Collection[int]) -> dict[int, list[ProblemEntry]]:
    """Return the lives of problems, each oldest first."""
    found: dict[int, list[ProblemEntry]] = {id_: [] for id_ in ids}
    wanted = select(ProblemEntry)
    for entry in _of(session, wanted, col(ProblemEntry.problem_id), ids):
        found[entry.problem_id].append(entry)
    for life in found.values():
        life.sort(key=lambda e: e.id or 0)
    return found


def cards_of(session: Session, ids: Collection[int]) -> list[ProblemCard]:
    """Return where these problems are shown, in order."""
    posted = select(ProblemCard).where(ProblemCard.state == "posted")
    found = _of(session, posted, col(ProblemCard.problem_id), ids)
    return sorted(found, key=lambda card: card.id or 0)


def card_at(session: Session, problem_id: int, place: str) -> ProblemCard | None:
    """Return a problem's card in a place, shown or held back."""
    wanted = select(ProblemCard).where(
        ProblemCard.problem_id == problem_id, ProblemCard.place == place
    )
    return session.exec(wanted).first()


def _of(
    session: Session,
    wanted: Any,
    column: Any,
    values: Collection[Any],
    *,
    lock: bool = False,
) -> Iterator[Any]:
    """Yield the rows of `wanted` whose `column` is among `values`, as they are now."""
    for some in _chunks(values):
        asked = wanted.where(column.in_(some))
        if lock:
            asked = asked.order_by(col(Problem.id)).with_for_update()
        yield from session.exec(asked.execution_options(populate_existing=lock))


def _chunks(values: Collection[Any]) -> Iterator[list[Any]]:
    ordered = sorted(set(values))
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
