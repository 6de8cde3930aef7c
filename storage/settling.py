"""Keeps an invoice's `paid` and `settled_on` what its standing payments add up to."""

from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Date,
    Select,
    Table,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from storage.columns import BigKey
from storage.merging import Stamp, analyze, make_temporary, temporary
from storage.tables import Invoice, Payment

INVOICE: Table = Invoice.__table__  # type: ignore[attr-defined] # SQLModel sets it
PAYMENT: Table = Payment.__table__  # type: ignore[attr-defined] # SQLModel sets it
NONE = Decimal(0)
"""No money, as a money column takes it."""

DERIVED = "row:"
"""How the reference of a payment begins that only an invoice's row implies."""

_REPLACED = temporary(
    "replaced_payments",
    Column("payment_id", BigKey, primary_key=True, autoincrement=False),
    Column("invoice_id", BigInteger),
    Column("amount", BigInteger),
)
_TOUCHED = temporary(
    "touched_invoices",
    Column("invoice_id", BigKey, primary_key=True, autoincrement=False),
    Column("settled_on", Date),
)
_COVERED = temporary(
    "covered_invoices",
    Column("invoice_id", BigKey, primary_key=True, autoincrement=False),
    Column("settled_on", Date),
)


def utc_day(connection: Connection, moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the UTC date of a moment, as SQL."""
    if connection.dialect.name == "postgresql":
        return func.date(func.timezone("UTC", moment))
    return func.date(moment)


def replace_payments(
    connection: Connection, replaced: Select[Any], stamp: Stamp
) -> None:
    """End payments; put in their place ones with another invoice or amount.

    `replaced` asks for (payment id, invoice id, amount); an amount of 0 ends one only.
    """
    changing = make_temporary(connection, _REPLACED)
    connection.execute(insert(changing).from_select(list(changing.c.keys()), replaced))
    connection.execute(
        update(PAYMENT)
        .where(PAYMENT.c.id.in_(select(changing.c.payment_id)))
        .values(superseded_at=stamp.moment)
    )
    kept: dict[str, ColumnElement[Any]] = {
        column.name: column
        for column in PAYMENT.columns
        if column.name not in {"id", "superseded_at"}
    }
    said = kept | {
        "invoice_id": changing.c.invoice_id,
        "amount": changing.c.amount,
        "known_at": stamp.moment,
        "assumed": literal(value=False),
    }
    copies = (
        select(*said.values())
        .join(changing, changing.c.payment_id == PAYMENT.c.id)
        .where(changing.c.amount != 0)
    )
    connection.execute(insert(PAYMENT).from_select(list(said), copies))


def sum_up(connection: Connection, invoices: Any) -> None:
    """Set what is paid, and when it was settled, of the `invoices` asked for by id."""
    touched = make_temporary(connection, _TOUCHED)
    ids = invoices.subquery()
    found = select(next(iter(ids.c))).distinct()
    connection.execute(insert(touched).from_select(["invoice_id"], found))
    analyze(connection, touched)
    total = select(func.coalesce(func.sum(PAYMENT.c.amount), NONE)).where(
        PAYMENT.c.invoice_id == INVOICE.c.id, PAYMENT.c.superseded_at.is_(None)
    )
    mine = INVOICE.c.id.in_(select(touched.c.invoice_id))
    connection.execute(update(INVOICE).where(mine).values(paid=total.scalar_subquery()))
    _settle(connection, touched)
    day = (
        select(touched.c.settled_on)
        .where(touched.c.invoice_id == INVOICE.c.id)
        .scalar_subquery()
    )
    settled = case(
        (INVOICE.c.amount == NONE, INVOICE.c.issued_on), (_covers(INVOICE.c.paid), day)
    )
    connection.execute(update(INVOICE).where(mine).values(settled_on=settled))


def _settle(connection: Connection, touched: Table) -> None:
    """Find the day on which the payments of each invoice first covered it."""
    running = (
        select(
            PAYMENT.c.invoice_id,
            PAYMENT.c.paid_on,
            func.sum(PAYMENT.c.amount)
            .over(
                partition_by=PAYMENT.c.invoice_id,
                order_by=[PAYMENT.c.paid_on, PAYMENT.c.id],
            )
            .label("so_far"),
        )
        .join(touched, touched.c.invoice_id == PAYMENT.c.invoice_id)
        .where(PAYMENT.c.superseded_at.is_(None))
        .subquery()
    )
    covered = make_temporary(connection, _COVERED)
    days = (
        select(running.c.invoice_id, func.min(running.c.paid_on))
        .join(INVOICE, INVOICE.c.id == running.c.invoice_id)
        .where(_covers(running.c.so_far))
        .group_by(running.c.invoice_id)
    )
    connection.execute(insert(covered).from_select(list(covered.c.keys()), days))
    day = (
        select(covered.c.settled_on)
        .where(covered.c.invoice_id == touched.c.invoice_id)
        .scalar_subquery()
    )
    connection.execute(update(touched).values(settled_on=day))


def _covers(paid: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that `paid` is all of an invoice, or of a credit note."""
    amount = INVOICE.c.amount
    return or_(and_(amount > NONE, paid >= amount), and_(amount < NONE, paid <= amount))
