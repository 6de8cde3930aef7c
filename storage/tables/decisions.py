"""What was decided, by whom, on what grounds: checks, receipts, limits, overrides."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.columns import BigKey, Instant, Money


class Receipt(SQLModel, table=True):
    """The frozen record of a decision; `hash` covers it and the one before."""

    __tablename__ = "receipt"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    kind: str
    """check, release, refusal, limit, override, policy, …"""
    customer_id: int | None = Field(
        default=None, foreign_key="customer.id", index=True, sa_type=BigKey
    )
    actor: str
    made_at: datetime = Field(sa_type=Instant)
    policy_version: str
    inputs: dict[str, Any] = Field(sa_type=JSON)
    outcome: dict[str, Any] = Field(sa_type=JSON)
    words: str
    """What the reader was shown, as text."""
    previous_hash: str = ""
    hash: str = Field(default="", unique=True)


class OrderCheck(SQLModel, table=True):
    """A question “may I ship?”, its answer, and what became of it."""

    __tablename__ = "order_check"
    __table_args__ = (
        Index(
            "ix_order_check_waiting",
            "state",
            "remind_at",
            sqlite_where=text("state IN ('waiting', 'released')"),
            postgresql_where=text("state IN ('waiting', 'released')"),
        ),
        Index("ix_order_check_customer", "customer_id", "asked_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    customer_id: int = Field(foreign_key="customer.id", sa_type=BigKey)
    receipt_id: int | None = Field(
        default=None, foreign_key="receipt.id", sa_type=BigKey
    )
    """The answer's receipt, then that of each decision; none only while it is made."""
    asked_by: str
    asked_at: datetime = Field(sa_type=Instant)
    channel: str | None = None
    thread_ts: str | None = None
    """Where it was asked in words, so that the asker is told there."""
    amount: Decimal = Field(sa_type=Money)
    currency: str
    terms_days: int
    prepaid: Decimal = Field(default=Decimal(0), sa_type=Money)
    secured: Decimal = Field(default=Decimal(0), sa_type=Money)
    collected: Decimal = Field(default=Decimal(0), sa_type=Money)
    """What of the overdue is to come in first, in base currency."""
    worth: Decimal = Field(default=Decimal(0), sa_type=Money)
    """In base currency, at the day's rate: who may decide depends on it."""
    answer: str
    """yes, yes_if or ask."""
    state: str = "answered"
    """answered, waiting, returned (asked back), released, refused, reopened, ended."""
    version: int = 1
    note: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    conditions: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """The way to a yes that a release is bound to; empty: as asked."""
    decision_receipt_id: int | None = Field(
        default=None, foreign_key="receipt.id", sa_type=BigKey
    )
    valid_until: date | None = None
    rests_on: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """The facts a release rests on, to see later whether one has moved."""
    remind_at: datetime | None = Field(default=None, sa_type=Instant)
    reminders: int = 0
    places: list[str] = Field(default_factory=list, sa_type=JSON)
    """The channels and people before whom it was put."""


class CheckEntry(SQLModel, table=True):
    """A step in the life of a check: who did what, when, in what words."""

    __tablename__ = "check_entry"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    check_id: int = Field(foreign_key="order_check.id", index=True, sa_type=BigKey)
    at: datetime = Field(sa_type=Instant)
    actor: str
    kind: str
    text: str = ""


class ScoreRecord(SQLModel, table=True):
    """A customer's score on a day, with the policy that gave it."""

    __tablename__ = "score_record"
    __table_args__ = (UniqueConstraint("customer_id", "as_of", "policy_version"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    customer_id: int = Field(foreign_key="customer.id", sa_type=BigKey)
    as_of: date
    known_at: datetime = Field(sa_type=Instant)
    score: int
    risk_class: str
    confidence: int
    """Per cent."""
    policy_version: str
    points: dict[str, int] = Field(sa_type=JSON)
    """Points by factor; they sum to `score`."""


class ScoreOverride(SQLModel, table=True):
    """A class set by people: proposed by one, approved by another, expiring."""

    __tablename__ = "score_override"
    __table_args__ = (Index("ix_override_customer", "customer_id", "state"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    customer_id: int = Field(foreign_key="customer.id", sa_type=BigKey)
    risk_class: str
    reason: str
    author: str
    made_at: datetime = Field(sa_type=Instant)
    expires_on: date
    approved_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it was approved or refused."""
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it was ended before its day."""
    state: str = "proposed"
    """proposed, approved, refused or ended."""
    version: int = 1
    places: list[str] = Field(default_factory=list, sa_type=JSON)
    """The channels and people before whom it was put."""


class LimitRequest(SQLModel, table=True):
    """A wish for a credit limit, and what was decided."""

    __tablename__ = "limit_request"
    __table_args__ = (Index("ix_limit_request_customer", "customer_id", "state"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    customer_id: int = Field(foreign_key="customer.id", sa_type=BigKey)
    amount: Decimal = Field(sa_type=Money)
    currency: str
    valid_until: date
    reason: str
    method: str
    asked_by: str
    asked_at: datetime = Field(sa_type=Instant)
    state: str = "waiting"
    """waiting, approved, refused or replaced (by another request, or a limit)."""
    version: int = 1
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decision_reason: str | None = None
