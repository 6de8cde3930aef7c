"""Jobs that wait in a table until one replica takes them."""

from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import and_, bindparam, or_, update
from sqlmodel import Session, col, select

from storage.database import Database
from storage.prepared import Prepared
from storage.tables import ImportJob, ReportJob

Job = TypeVar("Job", ImportJob, ReportJob)


class Queue(Generic[Job]):
    """The jobs of a table, next first.

    A job that was taken and not settled for a time is taken again: who took it is dead.
    """

    def __init__(
        self, table: type[Job], stranded: timedelta, order: Any, *also: Any
    ) -> None:
        """Let jobs wait in `table` until what `also` says of them holds too.

        Those conditions may ask for values by `bindparam`; `at` is now.
        """
        self._table: Any = table
        self._stranded = stranded
        left = (col(table.state) == "working") & (
            col(table.claimed_at) < bindparam("stranded")
        )
        due = and_(*also, or_(col(table.state) == "waiting", left))
        self._any: Any = Prepared(select(col(table.id)).where(due).limit(1))
        self._next: Any = (
            select(table)
            .where(due)
            .order_by(*order)
            .limit(1)
            .with_for_update(skip_locked=True)
        )

    def take(self, database: Database, at: datetime, **given: object) -> Job | None:
        """Return the next job, now ours alone; None if none is due.

        Who finds none has waited for nobody who writes.
        """
        values = {"at": at, "stranded": at - self._stranded} | given
        with database.read() as session:
            if not self._any.rows(session, **values):
                return None
        with database.write() as session:
            job: Job | None = session.exec(self._next, params=values).first()
            if job is not None:
                job.state, job.claimed_at = "working", at
                job.attempts += 1
                session.add(job)
            return job

    def settle(self, session: Session, job: Job, **values: object) -> bool:
        """Say how a job fared; return False if another replica has it by now."""
        table = self._table
        statement = (
            update(table)
            .where(
                col(table.id) == job.id,
                col(table.state) == "working",
                col(table.attempts) == job.attempts,
            )
            .values(**values)
        )
        return session.connection().execute(statement).rowcount == 1
