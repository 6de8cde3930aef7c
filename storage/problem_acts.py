"""What people say of problems: snoozes of a rule for a while, labels of its alerts."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.tables import Problem, RuleLabel, Signal, Snooze


def snoozes_at(
    session: Session, subjects: Collection[str], now: datetime
) -> dict[tuple[str, str], Snooze]:
    """Return the snoozes in force, by subject and rule; the longest of each."""
    asked = (
        select(Snooze)
        .where(col(Snooze.ended_at).is_(None), col(Snooze.until) > now)
        .order_by(col(Snooze.until), col(Snooze.id))
    )
    few = len(subjects) == 1
    wanted = asked.where(Snooze.subject == next(iter(subjects))) if few else asked
    among = set(subjects)
    return {
        (one.subject, one.rule): one
        for one in session.exec(wanted)
        if one.subject in among
    }


def snooze(session: Session, rows: Sequence[Snooze]) -> None:
    """Let rules not be heard of for a subject; earlier snoozes of them end with it."""
    for row in rows:
        for old in _standing(session, row.subject, row.rule):
            old.ended_at = row.at
            session.add(old)
        session.add(row)
    session.flush()


def end_snoozes(
    session: Session, subject: str, rules: Collection[str], at: datetime
) -> None:
    """Let these rules be heard of again for a subject."""
    for rule in rules:
        for old in _standing(session, subject, rule):
            old.ended_at = at
            session.add(old)
    session.flush()


def run_out(session: Session, now: datetime, most: int) -> Sequence[Snooze]:
    """Return snoozes whose time is over and that nobody has noticed yet, locked."""
    asked = (
        select(Snooze)
        .where(col(Snooze.ended_at).is_(None), col(Snooze.until) <= now)
        .order_by(col(Snooze.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return session.exec(asked).all()


def open_of(session: Session, subject: str, cause: str | None = None) -> list[Problem]:
    """Return the open problems of a subject, the most valuable first."""
    asked = select(Problem).where(Problem.subject == subject, Problem.state == "open")
    if cause:
        asked = asked.where(Problem.cause == cause)
    return list(
        session.exec(asked.order_by(col(Problem.value).desc(), col(Problem.id)))
    )


def fired_since(
    session: Session, subject: str, rules: Collection[str], since: date
) -> dict[str, int]:
    """Return how many signals each rule gave for a subject since a day."""
    asked = (
        select(Signal.rule, func.count())
        .where(
            Signal.subject == subject,
            col(Signal.rule).in_(rules),
            col(Signal.began_on) >= since,
        )
        .group_by(col(Signal.rule))
    )
    return {rule: int(times) for rule, times in session.exec(asked)}


def label(session: Session, row: RuleLabel) -> None:
    """Keep what a person says of a rule's alert; what they said before is replaced."""
    asked = select(RuleLabel).where(
        RuleLabel.problem_id == row.problem_id,
        RuleLabel.rule == row.rule,
        RuleLabel.by == row.by,
    )
    old = session.exec(asked).first()
    if old is None:
        session.add(row)
        return
    old.label, old.code, old.reason, old.at = row.label, row.code, row.reason, row.at
    session.add(old)


def _standing(session: Session, subject: str, rule: str) -> Sequence[Snooze]:
    asked = select(Snooze).where(
        Snooze.subject == subject, Snooze.rule == rule, col(Snooze.ended_at).is_(None)
    )
    return session.exec(asked).all()
