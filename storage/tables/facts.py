"""What is known about customers. Every fact is bitemporal.

A fact held on its own date (`issued_on`, `paid_on`, `period_end`, …), was learnt at
`known_at` and stood until `superseded_at`, when a newer fact corrected it; a fact that
stands has none. `assumed` marks history imported in bulk: to a replay it counts as
known on its own date.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from storage.columns import BigKey, Instant, Money

STANDS = text("superseded_at IS NULL")
STOOD = text("superseded_at IS NOT NULL")
NEWS = text("superseded_at IS NULL AND NOT assumed")


def _now_unique(name: str, *columns: str) -> Index:
    """Return the index by which at most one such fact stands at a time."""
    return Index(
        name, *columns, unique=True, sqlite_where=STANDS, postgresql_where=STANDS
    )


def _corrected(name: str) -> Index:
    """Return the index that finds what a customer's facts were before: few are."""
    return Index(name, "customer_id", sqlite_where=STOOD, postgresql_where=STOOD)


class Fact(SQLModel):
    """What every fact carries; a base, not a table."""

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    customer_id: int = Field(foreign_key="customer.id", sa_type=BigKey)
    known_at: datetime = Field(sa_type=Instant)
    superseded_at: datetime | None = Field(default=None, sa_type=Instant)
    assumed: bool = False
    source: str
    """Where it came from: `file:<first digits of its SHA-256>`, `slack:<permalink>`,
    `form:<user>`, …"""


class Invoice(Fact, table=True):
    """A claim on a customer. A credit note is one with a negative amount.

    `paid` and `settled_on` repeat what its standing payments add up to, so that what is
    open can be asked without reading them; storage keeps them in step.
    """

    __tablename__ = "invoice"
    __table_args__ = (
        _now_unique("ux_invoice_now", "customer_id", "number"),
        _corrected("ix_invoice_corrected"),
        Index(
            "ix_invoice_open",
            "due_on",
            "customer_id",
            sqlite_where=text("settled_on IS NULL AND superseded_at IS NULL"),
            postgresql_where=text("settled_on IS NULL AND superseded_at IS NULL"),
        ),
    )

    number: str
    kind: str = "invoice"
    """invoice or credit_note."""
    currency: str
    amount: Decimal = Field(sa_type=Money)
    issued_on: date
    due_on: date
    terms: str | None = None
    disputed: bool = False
    paid: Decimal = Field(default=Decimal(0), sa_type=Money)
    settled_on: date | None = None


class Payment(Fact, table=True):
    """Money, or a credit, that came in for an invoice, or on account (no invoice)."""

    __tablename__ = "payment"
    __table_args__ = (
        _now_unique("ux_payment_now", "customer_id", "reference"),
        _corrected("ix_payment_corrected"),
        Index("ix_payment_invoice", "invoice_id"),
        Index("ix_payment_news", "known_at", sqlite_where=NEWS, postgresql_where=NEWS),
    )

    invoice_id: int | None = Field(
        default=None, foreign_key="invoice.id", sa_type=BigKey
    )
    reference: str
    """Names the payment within its customer; made from the row where none is given."""
    kind: str = "payment"
    """payment, credit_note, write_off or opening (called paid, undated)."""
    currency: str
    amount: Decimal = Field(sa_type=Money)
    paid_on: date


class Order(Fact, table=True):
    """An order not yet invoiced: exposure while `state` is open or delivered."""

    __tablename__ = "sales_order"
    __table_args__ = (
        _now_unique("ux_order_now", "customer_id", "number"),
        _corrected("ix_order_corrected"),
    )

    number: str
    currency: str
    amount: Decimal = Field(sa_type=Money)
    ordered_on: date
    deliver_on: date | None = None
    state: str = "open"
    """open, delivered, invoiced or cancelled."""


class CreditLimit(Fact, table=True):
    """The most exposure we accept. No row is *unknown*; 0 is *cash only*."""

    __tablename__ = "credit_limit"
    __table_args__ = (
        _now_unique("ux_limit_now", "customer_id"),
        _corrected("ix_limit_corrected"),
    )

    currency: str
    amount: Decimal = Field(sa_type=Money)
    valid_from: date
    valid_until: date | None = None
    method: str = "given"
    reason: str | None = None
    set_by: str
    approved_by: str | None = None


class Cover(Fact, table=True):
    """What pays if the customer does not; counts `amount` × (1 − `haircut`)."""

    __tablename__ = "cover"
    __table_args__ = (
        _now_unique("ux_cover_now", "customer_id", "reference"),
        _corrected("ix_cover_corrected"),
    )

    reference: str
    kind: str
    """guarantee, insurance, deposit or letter_of_credit."""
    provider: str | None = None
    currency: str
    amount: Decimal = Field(sa_type=Money)
    haircut: Decimal = Decimal(0)
    valid_from: date
    valid_until: date | None = None


class Statement(Fact, table=True):
    """A customer's accounts for the period that ends on `period_end`."""

    __tablename__ = "statement"
    __table_args__ = (
        _now_unique("ux_statement_now", "customer_id", "period_end"),
        _corrected("ix_statement_corrected"),
    )

    period_end: date
    period_days: int = 365
    currency: str
    audited: bool = False
    total_assets: Decimal | None = Field(default=None, sa_type=Money)
    current_assets: Decimal | None = Field(default=None, sa_type=Money)
    cash: Decimal | None = Field(default=None, sa_type=Money)
    inventory: Decimal | None = Field(default=None, sa_type=Money)
    receivables: Decimal | None = Field(default=None, sa_type=Money)
    current_liabilities: Decimal | None = Field(default=None, sa_type=Money)
    total_liabilities: Decimal | None = Field(default=None, sa_type=Money)
    long_term_debt: Decimal | None = Field(default=None, sa_type=Money)
    retained_earnings: Decimal | None = Field(default=None, sa_type=Money)
    equity: Decimal | None = Field(default=None, sa_type=Money)
    market_value: Decimal | None = Field(default=None, sa_type=Money)
    sales: Decimal | None = Field(default=None, sa_type=Money)
    gross_profit: Decimal | None = Field(default=None, sa_type=Money)
    ebit: Decimal | None = Field(default=None, sa_type=Money)
    depreciation: Decimal | None = Field(default=None, sa_type=Money)
    interest: Decimal | None = Field(default=None, sa_type=Money)
    net_income: Decimal | None = Field(default=None, sa_type=Money)
    operating_cash_flow: Decimal | None = Field(default=None, sa_type=Money)


class Rating(Fact, table=True):
    """What an agency says: the raw value on its own scale, never averaged."""

    __tablename__ = "rating"
    __table_args__ = (
        _now_unique("ux_rating_now", "customer_id", "scale", "rated_on"),
        _corrected("ix_rating_corrected"),
    )

    agency: str
    scale: str
    value: str
    rated_on: date


class CreditEvent(Fact, table=True):
    """A default, write_off, suit, insolvency or hold, on its date."""

    __tablename__ = "credit_event"
    __table_args__ = (
        _now_unique("ux_event_now", "customer_id", "kind", "happened_on"),
        _corrected("ix_event_corrected"),
    )

    kind: str
    happened_on: date
    currency: str | None = None
    amount: Decimal | None = Field(default=None, sa_type=Money)
    detail: str | None = None


class Note(Fact, table=True):
    """What somebody wrote about a customer, as evidence with a weight that fades."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_customer", "customer_id"),)

    kind: str = "note"
    text: str
    author: str
    link: str | None = None
    noted_on: date
    weight: int = 0
    half_life_days: int = 180


class PaymentPromise(Fact, table=True):
    """That a customer promised to pay so much by a day, and what came of it.

    `state` and `paid` repeat what the payments since then add up to; storage keeps them
    in step.
    """

    __tablename__ = "payment_promise"
    __table_args__ = (
        _now_unique("ux_promise_now", "customer_id", "reference"),
        _corrected("ix_promise_corrected"),
        Index(
            "ix_promise_open",
            "due_on",
            sqlite_where=text("state = 'open' AND superseded_at IS NULL"),
            postgresql_where=text("state = 'open' AND superseded_at IS NULL"),
        ),
    )

    reference: str
    currency: str
    amount: Decimal = Field(sa_type=Money)
    promised_on: date
    due_on: date
    author: str
    text: str = ""
    link: str | None = None
    state: str = "open"
    """open, kept, partly (kept in part) or broken."""
    paid: Decimal = Field(default=Decimal(0), sa_type=Money)
    judged_on: date | None = None


class Clause(Fact, table=True):
    """A contract clause or a review date that runs out on a day."""

    __tablename__ = "clause"
    __table_args__ = (
        _now_unique("ux_clause_now", "customer_id", "kind", "reference"),
        _corrected("ix_clause_corrected"),
    )

    kind: str
    """clause or review."""
    reference: str
    ends_on: date
    detail: str | None = None


class ExchangeRate(SQLModel, table=True):
    """What a unit of `currency` is worth in the base currency from `valid_from` on."""

    __tablename__ = "exchange_rate"

    currency: str = Field(primary_key=True)
    valid_from: date = Field(primary_key=True)
    rate: Decimal = Field(max_digits=18, decimal_places=8)
    known_at: datetime = Field(sa_type=Instant)
    source: str
