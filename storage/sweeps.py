"""Sweeps: how far a look at everybody has come, so that it goes on where it stopped."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from sqlmodel import Session, col

from storage.evidence import id_span
from storage.outbox import insert_once
from storage.tables import Sweep

ALL, TOUCHED = 7481, 7482
"""Name, on PostgreSQL, the locks by which one replica sweeps at a time."""


def alone(session: Session, lock: int) -> bool:
    """Return whether no other replica sweeps; until the session ends none will.

    SQLite has one process that sweeps; what else writes is seen when it is kept.
    """
    if session.get_bind().dialect.name == "sqlite":
        return True
    got = session.connection().execute(select(func.pg_try_advisory_xact_lock(lock)))
    return bool(got.scalar())


def sweep_of(session: Session, on: date, policy_version: str) -> Sweep | None:
    """Return the look at everybody as of a day under a policy, if it was begun."""
    asked = select(Sweep).where(
        col(Sweep.as_of) == on, col(Sweep.policy_version) == policy_version
    )
    return session.execute(asked).scalars().first()


def begin(session: Session, on: date, policy_version: str, at: datetime) -> Sweep:
    """Begin the look at everybody as of a day, or return the one that is under way."""
    _, last = id_span(session)
    row = {
        "as_of": on,
        "policy_version": policy_version,
        "started_at": at,
        "seen_to": 0,
        "last_id": last,
        "customers": 0,
        "signals": 0,
        "finished_at": None,
    }
    insert_once(session, Sweep, row, ["as_of", "policy_version"])
    found = sweep_of(session, on, policy_version)
    assert found is not None  # noqa: S101 - it was just put there
    return found


def advance(session: Session, sweep: Sweep, to: int, customers: int, on: int) -> bool:
    """Say that all up to the customer `to` are done; False if another did it before.

    `on` signals are on among these `customers`.
    """
    done = (
        update(Sweep)
        .where(col(Sweep.id) == sweep.id, col(Sweep.seen_to) == sweep.seen_to)
        .values(
            seen_to=to,
            customers=col(Sweep.customers) + customers,
            signals=col(Sweep.signals) + on,
        )
        .returning(col(Sweep.id))
    )
    return session.connection().execute(done).first() is not None


def finish(session: Session, sweep: Sweep, at: datetime) -> None:
    """Say that everybody was looked at."""
    session.connection().execute(
        update(Sweep).where(col(Sweep.id) == sweep.id).values(finished_at=at)
    )


def sweep_again(connection: Connection, on: date) -> None:
    """Forget what was done of a day: what everybody's facts rest on has changed."""
    connection.execute(delete(Sweep).where(col(Sweep.as_of) >= on))


def last_finished(session: Session) -> Sweep | None:
    """Return the last look at everybody that was finished."""
    asked = select(Sweep).where(col(Sweep.finished_at).is_not(None))
    newest = asked.order_by(col(Sweep.as_of).desc(), col(Sweep.id).desc()).limit(1)
    return session.execute(newest).scalars().first()


def recent(session: Session, most: int) -> Sequence[Any]:
    """Return the last sweeps, newest first."""
    asked = select(Sweep).order_by(col(Sweep.as_of).desc(), col(Sweep.id).desc())
    return session.execute(asked.limit(most)).scalars().all()
