"""What people set of rules, over what the policy says; nothing is overwritten."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.tables import RuleTuning

MODE = "mode"
"""Stands in place of a parameter's name for the rule's mode."""


def standing(session: Session) -> Sequence[RuleTuning]:
    """Return all that people set and that stands."""
    now = select(RuleTuning).where(col(RuleTuning.superseded_at).is_(None))
    return session.exec(now.order_by(col(RuleTuning.id))).all()


def by_id(session: Session, tuning_id: int) -> RuleTuning | None:
    """Return what somebody set, locked; it may stand no more."""
    wanted = select(RuleTuning).where(RuleTuning.id == tuning_id)
    return session.exec(wanted.with_for_update()).first()


def before(session: Session, tuning: RuleTuning) -> RuleTuning | None:
    """Return what was set of the same parameter until `tuning` was."""
    earlier = (
        select(RuleTuning)
        .where(
            RuleTuning.rule == tuning.rule,
            RuleTuning.parameter == tuning.parameter,
            RuleTuning.superseded_at == tuning.at,
            RuleTuning.id != tuning.id,
        )
        .order_by(col(RuleTuning.id).desc())
    )
    return session.exec(earlier).first()


def end(session: Session, rule: str, parameter: str, at: datetime) -> None:
    """Let what was set of a rule's parameter stand no more."""
    session.connection().execute(
        update(RuleTuning)
        .where(
            col(RuleTuning.rule) == rule,
            col(RuleTuning.parameter) == parameter,
            col(RuleTuning.superseded_at).is_(None),
        )
        .values(superseded_at=at)
    )


def put(session: Session, tuning: RuleTuning) -> RuleTuning:
    """Let `tuning` stand from its moment on, in place of what was set before."""
    end(session, tuning.rule, tuning.parameter, tuning.at)
    session.add(tuning)
    session.flush()
    return tuning
