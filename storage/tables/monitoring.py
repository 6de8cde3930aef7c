"""What watching customers keeps: sweeps, signals, and the problems they feed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.columns import BigKey, Instant, Money


class Touched(SQLModel, table=True):
    """That something about a customer changed, and no sweep has looked at it yet.

    Written in the transaction of the change, dropped in that of the sweep: a row that
    is there is work, whoever was killed meanwhile.
    """

    __tablename__ = "touched"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    customer_id: int = Field(sa_type=BigKey, index=True)
    at: datetime = Field(sa_type=Instant)


class Sweep(SQLModel, table=True):
    """A look at every customer, in order of id; it goes on where it was stopped."""

    __tablename__ = "sweep"
    __table_args__ = (UniqueConstraint("as_of", "policy_version"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    as_of: date
    policy_version: str
    started_at: datetime = Field(sa_type=Instant)
    seen_to: int = Field(default=0, sa_type=BigKey)
    """The highest customer id that is done."""
    last_id: int = Field(default=0, sa_type=BigKey)
    """The highest there was at the start."""
    customers: int = 0
    signals: int = 0
    finished_at: datetime | None = Field(default=None, sa_type=Instant)


class Signal(SQLModel, table=True):
    """That a rule fired for a subject: on while it holds, kept when it is over."""

    __tablename__ = "signal"
    __table_args__ = (
        Index(
            "ux_signal_on",
            "subject",
            "rule",
            unique=True,
            sqlite_where=text("state = 'on'"),
            postgresql_where=text("state = 'on'"),
        ),
        Index("ix_signal_problem", "problem_id"),
        Index("ix_signal_rule", "rule", "began_on"),
        Index(
            "ix_signal_customer_on",
            "customer_id",
            sqlite_where=text("state = 'on'"),
            postgresql_where=text("state = 'on'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    subject: str
    """`customer:<id>`, or what is not about one: `industry:textiles`, `feed:…`."""
    customer_id: int | None = Field(
        default=None, foreign_key="customer.id", sa_type=BigKey
    )
    rule: str
    cause: str
    severity: int
    """1 (worth knowing) to 3 (act today)."""
    state: str = "on"
    """on, or over."""
    shadow: bool = False
    """That the rule is only being tried: its test channel alone hears of it."""
    strength: float = 1.0
    """How far beyond the rule's threshold, 1 just at it."""
    evidence: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """The figures the rule fired on, by the name of the fact."""
    began_on: date
    seen_on: date
    """The last day it was seen to hold."""
    known_at: datetime = Field(sa_type=Instant)
    over_at: datetime | None = Field(default=None, sa_type=Instant)
    policy_version: str
    problem_id: int | None = Field(
        default=None, foreign_key="problem.id", sa_type=BigKey
    )


class Problem(SQLModel, table=True):
    """A root cause at a subject: signals of the same cause feed one problem."""

    __tablename__ = "problem"
    __table_args__ = (
        Index(
            "ux_problem_open",
            "subject",
            "cause",
            unique=True,
            sqlite_where=text("state = 'open' AND NOT shadow"),
            postgresql_where=text("state = 'open' AND NOT shadow"),
        ),
        Index("ix_problem_customer", "customer_id", "state"),
        Index("ix_problem_changed", "changed_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    subject: str
    customer_id: int | None = Field(
        default=None, foreign_key="customer.id", sa_type=BigKey
    )
    cause: str
    shadow: bool = False
    state: str = "open"
    """open, or solved: a solved one that comes back soon is opened again."""
    severity: int = 1
    value: Decimal = Field(default=Decimal(0), sa_type=Money)
    """Expected loss × what can still be done, in base currency: what an alert is
    worth."""
    exposure: Decimal | None = Field(default=None, sa_type=Money)
    risk_class: str | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = Field(default=None, sa_type=Instant)
    assignee: str | None = None
    snoozed_until: datetime | None = Field(default=None, sa_type=Instant)
    handed_by: str | None = None
    """Who handed it to the credit team."""
    handed_at: datetime | None = Field(default=None, sa_type=Instant)
    opened_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
    solved_at: datetime | None = Field(default=None, sa_type=Instant)
    times_opened: int = 1
    version: int = 1


class ProblemEntry(SQLModel, table=True):
    """A step in the life of a problem: what happened or who did what, and when."""

    __tablename__ = "problem_entry"
    __table_args__ = (Index("ix_problem_entry", "problem_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    problem_id: int = Field(foreign_key="problem.id", sa_type=BigKey)
    at: datetime = Field(sa_type=Instant, index=True)
    actor: str = ""
    """A Slack id; empty: the desk itself."""
    kind: str
    """opened, signal, stronger, over, solved, reopened, acknowledged, assigned,
    snoozed, woken, labelled, handed, …"""
    text: str = ""
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class ProblemCard(SQLModel, table=True):
    """A problem's place in a channel: its one live card there, or that it waits."""

    __tablename__ = "problem_card"
    __table_args__ = (
        UniqueConstraint("problem_id", "place"),
        Index("ix_problem_card_place", "place", "state", "decided_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    problem_id: int = Field(foreign_key="problem.id", sa_type=BigKey)
    place: str
    """A channel's or a person's Slack id, with `/<ts>` for a thread of it."""
    alert_channel_id: int | None = Field(default=None, sa_type=BigKey)
    state: str = "held"
    """posted (owed to Slack); waiting, to be decided on when the place opens or it is
    known who reads there; or held back: then the digest tells of it."""
    reason: str = ""
    """Why it was posted: value, class_e, watched, assigned, handed, shadow; why it
    waits: quiet, readers; why it is held: budget, worth_less, digest_only, snoozed,
    over."""
    outbox_key: str | None = Field(default=None, unique=True)
    value: Decimal = Field(default=Decimal(0), sa_type=Money)
    """What the alert was worth when it was decided on."""
    version: int = 0
    """The version of the problem that the card shows."""
    decided_at: datetime = Field(sa_type=Instant)
    told_at: datetime | None = Field(default=None, sa_type=Instant)
    """When a digest told of it, if it was held back."""


class Snooze(SQLModel, table=True):
    """That a rule is not to be heard of for a customer, until when and why."""

    __tablename__ = "snooze"
    __table_args__ = (Index("ix_snooze", "customer_id", "rule"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    subject: str
    customer_id: int | None = Field(
        default=None, foreign_key="customer.id", sa_type=BigKey
    )
    rule: str
    problem_id: int | None = Field(
        default=None, foreign_key="problem.id", sa_type=BigKey
    )
    until: datetime = Field(sa_type=Instant)
    reason: str
    by: str
    at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it was lifted, or ran out and was noticed."""


class RuleLabel(SQLModel, table=True):
    """What a person says of an alert: useful, known already, or wrong, and why."""

    __tablename__ = "rule_label"
    __table_args__ = (UniqueConstraint("problem_id", "rule", "by"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    problem_id: int = Field(foreign_key="problem.id", sa_type=BigKey)
    rule: str = Field(index=True)
    customer_id: int | None = Field(default=None, sa_type=BigKey)
    by: str
    label: str
    """useful, known or wrong."""
    code: str = ""
    """Why, as one of the reasons to choose from."""
    reason: str = ""
    """Why, in the person's own words."""
    at: datetime = Field(sa_type=Instant)


class OwnRule(SQLModel, table=True):
    """A rule that people wrote themselves: an expression over documented facts."""

    __tablename__ = "own_rule"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    name: str = Field(unique=True)
    """What signals carry as their rule, as `own:<name>`."""
    title: str
    expression: str
    cause: str = "own"
    severity: int = 2
    state: str = "draft"
    """draft, shadow (only its test channel hears), live, off, or broken."""
    test_channel: str | None = None
    author: str
    preview: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """What it would have done, when it was last looked at."""
    trouble: str | None = None
    version: int = 1
    created_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
    changed_by: str


class RuleFailure(SQLModel, table=True):
    """That a rule could not be evaluated for a customer, and whether it was told."""

    __tablename__ = "rule_failure"
    __table_args__ = (UniqueConstraint("rule", "reason"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    rule: str
    reason: str
    customer_id: int | None = Field(default=None, sa_type=BigKey)
    """The first of those for whom it failed."""
    customers: int = 1
    at: datetime = Field(sa_type=Instant)
    told_at: datetime | None = Field(default=None, sa_type=Instant)


class RuleTuning(SQLModel, table=True):
    """A rule's parameter or mode as people set it, over what the policy says."""

    __tablename__ = "rule_tuning"
    __table_args__ = (
        Index(
            "ux_rule_tuning_now",
            "rule",
            "parameter",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    rule: str
    parameter: str
    """A parameter's name, or `mode`."""
    value: str
    reason: str
    by: str
    at: datetime = Field(sa_type=Instant)
    superseded_at: datetime | None = Field(default=None, sa_type=Instant)
