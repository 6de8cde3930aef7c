"""Who hears of what: channels with their alert budgets, and people who watch."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from storage.columns import BigKey, Instant


class AlertChannel(SQLModel, table=True):
    """A place that hears of problems: which, how often, when not, in what language."""

    __tablename__ = "alert_channel"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    place: str = Field(unique=True)
    """A channel's or a person's Slack id, with `/<ts>` for a thread of it."""
    scope: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """Of whom to hear: owners, regions, classes, causes, minimum (exposure)."""
    budget: int = 10
    """Interruptions a week it accepts; what is worth less goes into the digest."""
    quiet_from: str = "19:00"
    quiet_to: str = "08:00"
    """Hours, in `timezone`, in which it hears nothing; equal: there are none."""
    holidays: str = ""
    """Days that are quiet: none (empty), `weekend`, or a country's (ISO 3166, `DE-BY`)
    weekends and holidays, but not its make-up workdays."""
    timezone: str
    language: str
    verbosity: str = "changes"
    """card (its card alone), changes (threads tell what moved) or all (each signal)."""
    state: str = "on"
    """on, paused, off, broken (the channel was archived, left or has outsiders), or
    test (it hears of rules that are being tried, and of nothing else)."""
    trouble: str | None = None
    readers_checked_at: datetime | None = Field(default=None, sa_type=Instant)
    created_by: str
    changed_at: datetime = Field(sa_type=Instant)
    version: int = 1


class Watch(SQLModel, table=True):
    """That a person wants to hear of a customer, and of what."""

    __tablename__ = "watch"
    __table_args__ = (Index("ix_watch_customer", "customer_id"),)

    slack_id: str = Field(primary_key=True)
    customer_id: int = Field(
        primary_key=True, foreign_key="customer.id", sa_type=BigKey
    )
    causes: list[str] = Field(default_factory=list, sa_type=JSON)
    """Causes to hear of; empty: all."""
    language: str = "en"
    created_at: datetime = Field(sa_type=Instant)
