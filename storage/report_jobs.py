"""Questions about reports that were asked for and wait to be made."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from storage.outbox import insert_once
from storage.tables import ReportJob

STRANDED = timedelta(hours=1)
"""After this long the replica that claimed a report is taken for dead."""


def add(session: Session, row: dict[str, Any]) -> bool:
    """Ask for a report; return False if it is asked for already."""
    return insert_once(session, ReportJob, row, ["key"])


def waits(session: Session, kind: str, slack_id: str, since: datetime) -> bool:
    """Return whether a person waits for a report of a kind, asked for since then."""
    asked = select(ReportJob.id).where(
        ReportJob.kind == kind,
        ReportJob.slack_id == slack_id,
        col(ReportJob.state) != "done",
        col(ReportJob.asked_at) >= since,
    )
    return session.exec(asked).first() is not None


def claim(session: Session, kind: str, at: datetime) -> ReportJob | None:
    """Return the next report of a kind to make, now ours alone; None if none is due."""
    statement = (
        select(ReportJob)
        .where(
            ReportJob.kind == kind,
            or_(
                col(ReportJob.state) == "waiting",
                (col(ReportJob.state) == "working")
                & (col(ReportJob.claimed_at) < at - STRANDED),
            ),
        )
        .order_by(col(ReportJob.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    job = session.exec(statement).first()
    if job is not None:
        job.state, job.claimed_at = "working", at
        job.attempts += 1
        session.add(job)
    return job


def settle(session: Session, job: ReportJob, state: str) -> bool:
    """Say how a report fared; return False if another replica has it by now."""
    statement = (
        update(ReportJob)
        .where(
            col(ReportJob.id) == job.id,
            col(ReportJob.state) == "working",
            col(ReportJob.attempts) == job.attempts,
        )
        .values(state=state)
    )
    return session.connection().execute(statement).rowcount == 1
