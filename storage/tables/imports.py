"""Files dropped in Slack that wait to be imported."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from storage.columns import BigKey, Instant


class ImportJob(SQLModel, table=True):
    """A file to fetch and import; `key` names it, so it is asked for only once."""

    __tablename__ = "import_job"
    __table_args__ = (
        Index(
            "ix_import_job_due",
            "not_before",
            "id",
            sqlite_where=text("state IN ('waiting', 'working')"),
            postgresql_where=text("state IN ('waiting', 'working')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    key: str = Field(unique=True)
    slack_id: str
    """Who dropped it, and reads the answer."""
    language: str
    channel: str
    thread_ts: str | None = None
    file_id: str
    name: str
    url: str
    size: int
    mapping: dict[str, Any] = Field(sa_type=JSON)
    """What the person said about columns, as `--map` takes it."""
    state: str = "waiting"
    """waiting, working, asked (a column is ambiguous), done or failed."""
    attempts: int = 0
    asked_at: datetime = Field(sa_type=Instant)
    not_before: datetime = Field(sa_type=Instant)
    claimed_at: datetime | None = Field(default=None, sa_type=Instant)
