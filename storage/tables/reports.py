"""Reports that take a while: asked for in Slack, worked off one after another."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from storage.columns import BigKey, Instant


class ReportJob(SQLModel, table=True):
    """A report to make; `key` names the request, so it is asked for only once."""

    __tablename__ = "report_job"
    __table_args__ = (
        Index(
            "ix_report_job_open",
            "id",
            sqlite_where=text("state IN ('waiting', 'working')"),
            postgresql_where=text("state IN ('waiting', 'working')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    key: str = Field(unique=True)
    kind: str
    """What is to be made; `backtest`."""
    slack_id: str
    """Who asked, and reads the answer."""
    language: str
    channel: str
    """Where the answer goes: a channel, or a person."""
    asked: dict[str, Any] = Field(sa_type=JSON)
    state: str = "waiting"
    """waiting, working or done."""
    attempts: int = 0
    asked_at: datetime = Field(sa_type=Instant)
    claimed_at: datetime | None = Field(default=None, sa_type=Instant)
