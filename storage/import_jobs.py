"""Questions about files that were dropped in Slack and wait to be imported."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col

from storage.jobs import Queue
from storage.outbox import insert_once
from storage.tables import ImportJob

STRANDED = timedelta(minutes=15)
"""After this long the replica that took a file is held to be dead."""

QUEUE = Queue(
    ImportJob,
    STRANDED,
    [col(ImportJob.not_before), col(ImportJob.id)],
    col(ImportJob.not_before) <= bindparam("at"),
)


def add(session: Session, row: dict[str, Any]) -> bool:
    """Ask for a file's import; return False if it is asked for already."""
    return insert_once(session, ImportJob, row, ["key"])


def answer(
    session: Session, job_id: int, slack_id: str, form: str, at: datetime
) -> ImportJob | None:
    """Go on with a file whose reader said how to read it; None if it does not wait.

    Only who dropped the file may say.
    """
    job = session.get(ImportJob, job_id, with_for_update=True)
    if job is None or job.state != "asked" or job.slack_id != slack_id:
        return None
    told = f"{job.mapping.get('*', '')} {form}".strip()
    job.mapping = {**job.mapping, "*": told}
    job.state, job.not_before, job.attempts = "waiting", at, 0
    session.add(job)
    return job
