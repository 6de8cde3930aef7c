"""What people set of rules, over what the policy says."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.tables import RuleTuning


def tunings(session: Session) -> list[tuple[str, str, str]]:
    """Return (rule, parameter or `mode`, value) of what stands."""
    asked: list[Any] = [RuleTuning.rule, RuleTuning.parameter, RuleTuning.value]
    rows = session.connection().execute(
        select(*asked)
        .where(col(RuleTuning.superseded_at).is_(None))
        .order_by(col(RuleTuning.id))
    )
    return [(row[0], row[1], row[2]) for row in rows]
