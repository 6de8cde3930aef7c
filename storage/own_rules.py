"""Questions about the rules that people wrote, and about where they failed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from storage.outbox import insert_once
from storage.prepared import Prepared
from storage.tables import OwnRule, RuleFailure

PREFIX = "own:"
"""Before the name of a rule that people wrote, wherever rules are named."""

RUNNING = ("shadow", "live")


def all_rules(session: Session) -> Sequence[OwnRule]:
    """Return every rule that people wrote, the latest changed first."""
    newest = col(OwnRule.changed_at).desc(), col(OwnRule.id).desc()
    return session.exec(select(OwnRule).order_by(*newest)).all()


_PREVIEWS = Prepared(select(col(OwnRule.preview)))


def is_any_asked(session: Session, key: str) -> bool:
    """Return whether the preview of any rule says `key`: it is looked up often."""
    return any(key in row[0] for row in _PREVIEWS.rows(session))


def running(session: Session) -> Sequence[OwnRule]:
    """Return those that look at customers: live, or being tried."""
    wanted = select(OwnRule).where(col(OwnRule.state).in_(RUNNING))
    return session.exec(wanted.order_by(col(OwnRule.id))).all()


def by_id(session: Session, rule_id: int, *, lock: bool = False) -> OwnRule | None:
    """Return one rule; `lock` it against others who change it at the same time."""
    wanted = select(OwnRule).where(OwnRule.id == rule_id)
    return session.exec(wanted.with_for_update() if lock else wanted).first()


def called(session: Session, name: str) -> OwnRule | None:
    """Return the rule of a name, with or without PREFIX."""
    wanted = select(OwnRule).where(OwnRule.name == name.removeprefix(PREFIX))
    return session.exec(wanted).first()


def add(session: Session, row: dict[str, Any]) -> OwnRule | None:
    """Add a rule and return it; None if its name was taken meanwhile."""
    if not insert_once(session, OwnRule, row, ["name"]):
        return None
    return called(session, row["name"])


def remove(session: Session, rule: OwnRule) -> None:
    """Drop a rule, and what is known of its failures."""
    forget_failures(session, PREFIX + rule.name)
    session.delete(rule)


def note_failure(session: Session, failure: RuleFailure) -> bool:
    """Remember that a rule failed for a reason; return whether that is new."""
    row = failure.model_dump(exclude={"id"})
    return insert_once(session, RuleFailure, row, ["rule", "reason"])


def failures_of(session: Session, rule: str) -> Sequence[RuleFailure]:
    """Return why a rule failed, the newest first."""
    wanted = select(RuleFailure).where(RuleFailure.rule == rule)
    newest = col(RuleFailure.at).desc(), col(RuleFailure.id).desc()
    return session.exec(wanted.order_by(*newest)).all()


def mark_told(
    session: Session, rule: str, reasons: Sequence[str], at: datetime
) -> None:
    """Remember that a rule's failures were told."""
    mine = (col(RuleFailure.rule) == rule) & col(RuleFailure.reason).in_(reasons)
    session.connection().execute(update(RuleFailure).where(mine).values(told_at=at))


def forget_failures(session: Session, rule: str) -> None:
    """Forget a rule's failures: it was mended, so that the next is told again."""
    whose = col(RuleFailure.rule) == rule
    session.connection().execute(delete(RuleFailure).where(whose))
