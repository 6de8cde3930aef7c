"""Questions about how rules did: how often they fired, what people said, the cost."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import distinct, func, select
from sqlmodel import Session, col

from storage.tables import ProblemCard, RuleLabel, Signal


def fired_since(session: Session, since: date) -> dict[str, int]:
    """Return how many signals of each rule began on or after a day."""
    rule: Any = Signal.rule
    counted = (
        select(rule, func.count())
        .where(col(Signal.began_on) >= since)
        .group_by(col(Signal.rule))
    )
    return _by_rule(session, counted)


def labels_since(session: Session, since: datetime) -> dict[str, Mapping[str, int]]:
    """Return how often people gave each label to each rule since a moment."""
    columns: list[Any] = [RuleLabel.rule, RuleLabel.label]
    counted = (
        select(*columns, func.count())
        .where(col(RuleLabel.at) >= since)
        .group_by(*columns)
    )
    found: dict[str, dict[str, int]] = {}
    rows: Sequence[Any] = session.connection().execute(counted).all()
    for rule, label, count in rows:
        found.setdefault(rule, {})[label] = count
    return {**found}


def interruptions_since(session: Session, since: datetime) -> dict[str, int]:
    """Return how many cards were posted since a moment for each rule's problems.

    A card of a problem that several rules feed counts for each of them.
    """
    rule: Any = Signal.rule
    counted = (
        select(rule, func.count(distinct(col(ProblemCard.id))))
        .join(ProblemCard, col(ProblemCard.problem_id) == col(Signal.problem_id))
        .where(col(ProblemCard.state) == "posted", col(ProblemCard.decided_at) >= since)
        .group_by(col(Signal.rule))
    )
    return _by_rule(session, counted)


def _by_rule(session: Session, question: Any) -> dict[str, int]:
    rows: Sequence[Any] = session.connection().execute(question).all()
    return {rule: int(count) for rule, count in rows}
