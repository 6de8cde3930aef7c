"""Who we sell to: customers, their names, groups and relations."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from storage.columns import BigKey, Instant


class CustomerGroup(SQLModel, table=True):
    """Companies under one control, whose exposure counts together."""

    __tablename__ = "customer_group"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    name: str = Field(unique=True)


class Customer(SQLModel, table=True):
    """A company we sell to on credit, as known now; `number` is its CRM id."""

    __tablename__ = "customer"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    number: str = Field(unique=True)
    name: str
    """The name it is shown by: the legal one where known."""
    owner: str | None = Field(default=None, index=True)
    """Who sells to it: a Slack id, an e-mail address or a name, as the CRM has it."""
    region: str | None = None
    country: str | None = None
    """ISO 3166 alpha-2."""
    industry: str | None = None
    company_type: str | None = None
    """manufacturer, private_manufacturer, service or emerging, for Altman's family."""
    group_id: int | None = Field(
        default=None, foreign_key="customer_group.id", index=True, sa_type=BigKey
    )
    terms_days: int | None = None
    hold: bool = False
    source: str
    known_at: datetime = Field(sa_type=Instant)


class CustomerName(SQLModel, table=True):
    """A name a customer has or had; kinds: legal, short, chinese, former, other."""

    __tablename__ = "customer_name"
    __table_args__ = (
        Index("ux_customer_name", "customer_id", "kind", "name", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    customer_id: int = Field(foreign_key="customer.id", sa_type=BigKey)
    kind: str
    name: str
    known_at: datetime = Field(sa_type=Instant)
    superseded_at: datetime | None = Field(default=None, sa_type=Instant)


class CustomerChange(SQLModel, table=True):
    """What a field of a customer said until `superseded_at`: nothing is overwritten."""

    __tablename__ = "customer_change"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    customer_id: int = Field(foreign_key="customer.id", index=True, sa_type=BigKey)
    field: str
    value: str | None
    known_at: datetime = Field(sa_type=Instant)
    superseded_at: datetime = Field(sa_type=Instant)
    source: str


class Relation(SQLModel, table=True):
    """That `customer_id` is tied to `other_id`, as parent, sister, guarantor, …."""

    __tablename__ = "relation"
    __table_args__ = (
        Index(
            "ux_relation_now",
            "customer_id",
            "other_id",
            "kind",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(
            "ix_relation_corrected",
            "customer_id",
            sqlite_where=text("superseded_at IS NOT NULL"),
            postgresql_where=text("superseded_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    customer_id: int = Field(foreign_key="customer.id", sa_type=BigKey)
    other_id: int = Field(foreign_key="customer.id", index=True, sa_type=BigKey)
    kind: str
    share: Decimal | None = None
    source: str
    known_at: datetime = Field(sa_type=Instant)
    superseded_at: datetime | None = Field(default=None, sa_type=Instant)
