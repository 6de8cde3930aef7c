"""What a digest tells of problems: what happened to them, and what was held back."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.tables import Problem, ProblemCard, ProblemEntry

AT_ONCE = 500
"""Values in one statement; engines take some thousands at most."""


def happened_after(
    session: Session, after: datetime, kinds: Collection[str]
) -> list[tuple[ProblemEntry, Problem]]:
    """Return steps in the lives of problems since, oldest first, with the problems.

    Those of rules that are only being tried are left out.
    """
    wanted = (
        select(ProblemEntry, Problem)
        .join(Problem, col(Problem.id) == col(ProblemEntry.problem_id))
        .where(
            col(ProblemEntry.at) > after,
            col(ProblemEntry.kind).in_(kinds),
            ~col(Problem.shadow),
        )
        .order_by(col(ProblemEntry.id))
    )
    return list(session.exec(wanted))


def held_back(
    session: Session, channel: str, reasons: Collection[str]
) -> list[tuple[ProblemCard, Problem]]:
    """Return what is held back in a channel and its threads and not told of yet.

    The most valuable first.
    """
    wanted = (
        select(ProblemCard, Problem)
        .join(Problem, col(Problem.id) == col(ProblemCard.problem_id))
        .where(
            (col(ProblemCard.place) == channel)
            | col(ProblemCard.place).startswith(f"{channel}/", autoescape=True),
            col(ProblemCard.state) == "held",
            col(ProblemCard.reason).in_(reasons),
            col(ProblemCard.told_at).is_(None),
        )
        .order_by(col(Problem.value).desc(), col(Problem.id))
    )
    return list(session.exec(wanted))


def mark_told(session: Session, card_ids: Sequence[int], at: datetime) -> None:
    """Remember that a digest has told of what is held back."""
    for some in _chunks(card_ids):
        statement = (
            update(ProblemCard)
            .where(
                col(ProblemCard.id).in_(some),
                col(ProblemCard.state) == "held",
                col(ProblemCard.told_at).is_(None),
            )
            .values(told_at=at)
        )
        session.connection().execute(statement)


def _chunks(values: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
