"""Questions about reports that were asked for and wait to be made."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from storage.jobs import Queue
from storage.outbox import insert_once
from storage.tables import ReportJob

STRANDED = timedelta(hours=1)
"""After this long the replica that took a report is held to be dead."""

QUEUE = Queue(
    ReportJob,
    STRANDED,
    [col(ReportJob.id)],
    col(ReportJob.kind) == bindparam("kind"),
)
"""Reports of a `kind`, which `take` is given."""


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
