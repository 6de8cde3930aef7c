"""Questions about files that were dropped in Slack and wait to be imported."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from storage.outbox import insert_once
from storage.tables import ImportJob

STRANDED = timedelta(minutes=15)
"""After this long the replica that claimed a file is taken for dead."""


def add(session: Session, row: dict[str, Any]) -> bool:
    """Ask for a file's import; return False if it is asked for already."""
    return insert_once(session, ImportJob, row, ["key"])


def claim(session: Session, at: datetime) -> ImportJob | None:
    """Return the next file to import, now ours alone; None if none is due."""
    statement = (
        select(ImportJob)
        .where(
            col(ImportJob.not_before) <= at,
            or_(
                col(ImportJob.state) == "waiting",
                (col(ImportJob.state) == "working")
                & (col(ImportJob.claimed_at) < at - STRANDED),
            ),
        )
        .order_by(col(ImportJob.not_before), col(ImportJob.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    job = session.exec(statement).first()
    if job is not None:
        job.state, job.claimed_at = "working", at
        job.attempts += 1
        session.add(job)
    return job


def settle(session: Session, job: ImportJob, state: str) -> bool:
    """Say how a file fared; return False if another replica has it by now."""
    statement = (
        update(ImportJob)
        .where(
            col(ImportJob.id) == job.id,
            col(ImportJob.state) == "working",
            col(ImportJob.attempts) == job.attempts,
        )
        .values(state=state)
    )
    return session.connection().execute(statement).rowcount == 1


def retry(session: Session, job: ImportJob, at: datetime) -> None:
    """Try a file again at `at`."""
    statement = (
        update(ImportJob)
        .where(col(ImportJob.id) == job.id, col(ImportJob.attempts) == job.attempts)
        .values(state="waiting", not_before=at)
    )
    session.connection().execute(statement)


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
