"""Questions about channels' digests: when each is due, what was owed, what it said."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from storage.outbox import insert_once
from storage.tables import DigestRun, DigestState, Schedule, User


def schedule_of(session: Session, channel: str) -> Schedule | None:
    """Return the channel's digest as it is set."""
    statement = select(Schedule).where(Schedule.channel == channel)
    return session.exec(statement).first()


def set_up_by(session: Session, slack_id: str) -> list[Schedule]:
    """Return the digests a person set up and has not ended, in order of channel."""
    statement = (
        select(Schedule)
        .where(Schedule.created_by == slack_id, Schedule.state != "off")
        .order_by(col(Schedule.channel))
    )
    return list(session.exec(statement))


def all_of_them(session: Session) -> list[Schedule]:
    """Return the digests of all channels, in order of channel."""
    return list(session.exec(select(Schedule).order_by(col(Schedule.channel))))


def at_work(session: Session) -> list[Schedule]:
    """Return the digests that run by the clock, or that somebody asked for now."""
    statement = (
        select(Schedule)
        .where((col(Schedule.state) == "on") | col(Schedule.asked).is_not(None))
        .order_by(col(Schedule.id))
    )
    return list(session.exec(statement))


def add(session: Session, row: dict[str, Any]) -> bool:
    """Set a channel's digest up; return False if somebody did so meanwhile."""
    return insert_once(session, Schedule, row, ["channel"])


def change(session: Session, schedule_id: int, version: int, **values: Any) -> bool:
    """Change a digest's settings; return False if `version` is not the newest."""
    statement = (
        update(Schedule)
        .where(col(Schedule.id) == schedule_id, col(Schedule.version) == version)
        .values(version=version + 1, **values)
    )
    return session.connection().execute(statement).rowcount == 1


def note_readers(session: Session, schedule_id: int, at: datetime) -> None:
    """Remember that only our own people read the channel, as seen at `at`."""
    statement = (
        update(Schedule)
        .where(col(Schedule.id) == schedule_id)
        .values(readers_checked_at=at)
    )
    session.connection().execute(statement)


def answer_asked(session: Session, schedule_id: int, asked: str) -> None:
    """Take note that the digest somebody wanted is owed now."""
    statement = (
        update(Schedule)
        .where(col(Schedule.id) == schedule_id, col(Schedule.asked) == asked)
        .values(asked=None)
    )
    session.connection().execute(statement)


def last_runs(session: Session, schedule_ids: Collection[int]) -> dict[int, DigestRun]:
    """Return the latest digest owed by each schedule that has one."""
    latest = (
        select(func.max(col(DigestRun.id)))
        .where(col(DigestRun.schedule_id).in_(schedule_ids))
        .group_by(col(DigestRun.schedule_id))
    )
    statement = select(DigestRun).where(col(DigestRun.id).in_(latest))
    return {run.schedule_id: run for run in session.exec(statement)}


def owed_periods(session: Session, periods: Collection[str]) -> set[tuple[int, str]]:
    """Return which (schedule, period) of these periods are owed already."""
    statement = select(DigestRun.schedule_id, DigestRun.period).where(
        col(DigestRun.period).in_(periods)
    )
    return set(session.exec(statement).all())


def claim_run(session: Session, row: dict[str, Any]) -> bool:
    """Owe a schedule's digest for a period; return False if it is owed already."""
    return insert_once(session, DigestRun, row, ["schedule_id", "period"])


def state_data(session: Session, state_id: int) -> bytes | None:
    """Return how every customer stood at an earlier sweep, as it was kept."""
    statement = select(DigestState.data).where(DigestState.id == state_id)
    return session.exec(statement).first()


def keep_state(session: Session, *, at: datetime, through: date, data: bytes) -> int:
    """Keep how every customer stands; return its id."""
    state = DigestState(known_at=at, through=through, data=data)
    session.add(state)
    session.flush()
    if state.id is None:
        raise ValueError("the database gave no id")
    return state.id


def drop_states(session: Session, *, before: datetime) -> int:
    """Drop the states that no next digest compares itself with; return how many."""
    latest = select(func.max(col(DigestRun.id))).group_by(col(DigestRun.schedule_id))
    needed = select(DigestRun.state_id).where(
        col(DigestRun.id).in_(latest), col(DigestRun.state_id).is_not(None)
    )
    old = select(DigestState.id).where(
        col(DigestState.known_at) < before, col(DigestState.id).not_in(needed)
    )
    connection = session.connection()
    connection.execute(
        update(DigestRun).where(col(DigestRun.state_id).in_(old)).values(state_id=None)
    )
    dropped = delete(DigestState).where(
        col(DigestState.known_at) < before, col(DigestState.id).not_in(needed)
    )
    return connection.execute(dropped).rowcount


def language_of(session: Session, slack_id: str) -> str:
    """Return the language a person reads, English where we do not know."""
    statement = select(User.language).where(User.slack_id == slack_id)
    return session.exec(statement).first() or "en"


def names_of(session: Session, slack_ids: Collection[str]) -> set[str]:
    """Return all that an owner field may call these people."""
    statement = select(User.slack_id, User.name, User.email).where(
        col(User.slack_id).in_(slack_ids)
    )
    found = {name for row in session.exec(statement) for name in row if name}
    return found | set(slack_ids)
