"""What the desk itself keeps: people, schedules, what is owed to Slack."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.columns import BigKey, Instant


class User(SQLModel, table=True):
    """A person as Slack knows them; refreshed when older than a day."""

    __tablename__ = "desk_user"

    slack_id: str = Field(primary_key=True)
    name: str
    email: str | None = Field(default=None, index=True)
    language: str = "en"
    timezone: str = "UTC"
    guest: bool = False
    stranger: bool = False
    """Of another company, met through Slack Connect."""
    seen_at: datetime = Field(sa_type=Instant)


class RoleGrant(SQLModel, table=True):
    """That a person holds a role, in an area (a region) or everywhere (none)."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index(
            "ux_role_now",
            "slack_id",
            "role",
            "area",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    slack_id: str
    role: str
    area: str = ""
    granted_by: str
    granted_at: datetime = Field(sa_type=Instant)
    revoked_by: str | None = None
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class Viewing(SQLModel, table=True):
    """What a reader saw when they last looked at a customer."""

    __tablename__ = "viewing"

    slack_id: str = Field(primary_key=True)
    customer_id: int = Field(
        primary_key=True, foreign_key="customer.id", sa_type=BigKey
    )
    seen_at: datetime = Field(sa_type=Instant)
    seen: dict[str, Any] = Field(sa_type=JSON)


class Schedule(SQLModel, table=True):
    """A channel's digest: when, in whose time, about whom, in what language."""

    __tablename__ = "schedule"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    channel: str = Field(unique=True)
    days: str
    """ISO weekdays, e.g. `12345`."""
    hour: int
    minute: int = 0
    timezone: str
    language: str
    scope: dict[str, Any] = Field(sa_type=JSON)
    """What to include: owners, regions, classes, minimum exposure."""
    state: str = "on"
    """on, paused, off or broken (the channel was archived, left or has outsiders)."""
    trouble: str | None = None
    """Why it is broken, as Slack names it, or `outsiders`."""
    created_by: str
    changed_at: datetime = Field(sa_type=Instant)
    active_from: datetime = Field(sa_type=Instant)
    """Hours before this moment are not made up for: it was off, or set otherwise."""
    readers_checked_at: datetime | None = Field(default=None, sa_type=Instant)
    """When we last saw that only our own people read the channel."""
    asked: str | None = None
    """Names a digest that somebody wants now, and has not been owed yet."""
    version: int = 1


class DigestRun(SQLModel, table=True):
    """That a schedule's digest for a period is owed: claimed once, by this row."""

    __tablename__ = "digest_run"
    __table_args__ = (UniqueConstraint("schedule_id", "period"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    schedule_id: int = Field(foreign_key="schedule.id", sa_type=BigKey)
    period: str
    """The local date and time it was due, or `now:<id>` when somebody asked."""
    through: date
    late: bool = False
    owed_at: datetime = Field(sa_type=Instant)
    snapshot: dict[str, Any] = Field(sa_type=JSON)
    """The totals it told."""
    state_id: int | None = Field(
        default=None, foreign_key="digest_state.id", index=True, sa_type=BigKey
    )
    """How every customer stood, so that the next one can tell what changed."""


class DigestState(SQLModel, table=True):
    """How every customer stood when a sweep owed its digests: numbers, compressed."""

    __tablename__ = "digest_state"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    known_at: datetime = Field(sa_type=Instant)
    through: date
    data: bytes = Field(sa_type=LargeBinary)


class OutboxMessage(SQLModel, table=True):
    """A call we owe Slack; `key` names it, so it is owed only once."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due",
            "not_before",
            "id",
            sqlite_where=text("state IN ('pending', 'sending')"),
            postgresql_where=text("state IN ('pending', 'sending')"),
        ),
        Index(
            "ix_outbox_thread",
            "thread_key",
            "id",
            sqlite_where=text("state IN ('pending', 'sending')"),
            postgresql_where=text("state IN ('pending', 'sending')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    key: str = Field(unique=True)
    channel: str
    """A channel's id, or a person's: then it is a direct message."""
    method: str = "post"
    """post, ephemeral or update."""
    user: str | None = None
    """Who alone sees an ephemeral message."""
    thread_key: str | None = None
    """The key of the message whose thread this one belongs to, or that it updates."""
    thread_ts: str | None = None
    """Or that message's timestamp, where it is somebody else's."""
    text: str
    blocks: list[dict[str, Any]] = Field(sa_type=JSON)
    state: str = "pending"
    """pending, sending, sent or failed."""
    attempts: int = 0
    in_doubt: bool = False
    """That an attempt was cut short: Slack is asked before it is sent again."""
    queued_at: datetime = Field(sa_type=Instant)
    not_before: datetime = Field(sa_type=Instant)
    claimed_at: datetime | None = Field(default=None, sa_type=Instant)
    claimed_by: str | None = None
    slack_channel: str | None = None
    slack_ts: str | None = None
    error: str | None = None
    """Why the last attempt failed, as Slack names it."""


class OutboxChannel(SQLModel, table=True):
    """When a channel may be posted to again: a message a second, or as Slack says."""

    __tablename__ = "outbox_channel"

    channel: str = Field(primary_key=True)
    next_at: datetime = Field(sa_type=Instant)


class ProcessedEvent(SQLModel, table=True):
    """An event of Slack's that has been handled: its retries are not handled again."""

    __tablename__ = "processed_event"

    event_id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Instant, index=True)


class ImportedFile(SQLModel, table=True):
    """A file that was imported: the same bytes with the same mapping load once."""

    __tablename__ = "imported_file"

    digest: str = Field(primary_key=True)
    """SHA-256 of the file's bytes and of the mapping."""
    name: str
    imported_by: str
    imported_at: datetime = Field(sa_type=Instant)
    result: dict[str, Any] = Field(sa_type=JSON)
