"""What invoices' own rows say of payments: a settlement date, an open amount, a status.

A row may say that so much of its invoice is paid without naming a payment. That makes
one *derived* payment, named after the invoice, for what the payments known by name do
not explain already.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Date,
    Integer,
    String,
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
from storage.merging import (
    CHANGED,
    NEW,
    SAME,
    Counts,
    Stamp,
    analyze,
    count,
    make_temporary,
    temporary,
)
from storage.settling import DERIVED, INVOICE, NONE, PAYMENT, sum_up, utc_day
from storage.staging import STAGED

_STAGED = STAGED["invoices"]

_DERIVED = temporary(
    "derived_payments",
    Column("place", BigKey, primary_key=True, autoincrement=False),
    Column("customer_id", BigInteger),
    Column("invoice_id", BigInteger),
    Column("existing_id", BigInteger),
    Column("kind", String),
    Column("amount", BigInteger),
    Column("paid_on", Date),
    Column("state", Integer),
)


def derived_day(stamp: Stamp) -> ColumnElement[Any]:
    """Return the day of a derived payment; undated, it counts as paid when due."""
    due, issued = _STAGED.c.due_on, _STAGED.c.issued_on
    undated = case(
        (due < issued, issued), (due > stamp.day, _latest(issued, stamp)), else_=due
    )
    return func.coalesce(_STAGED.c.paid_on, undated)


def _latest(issued: ColumnElement[Any], stamp: Stamp) -> ColumnElement[Any]:
    return case((issued > stamp.day, issued), else_=stamp.day)


def derive_payments(
    connection: Connection, matched: Table, fresh: Table, stamp: Stamp
) -> Counts:
    """Make, correct or drop the payments that rows only imply; return the counts."""
    counts = _derive_new(connection, fresh, stamp)
    derived = _weigh(connection, matched, stamp)
    analyze(connection, derived)
    connection.execute(
        update(PAYMENT)
        .where(
            PAYMENT.c.id.in_(
                select(derived.c.existing_id).where(derived.c.state == CHANGED)
            )
        )
        .values(superseded_at=stamp.moment)
    )
    said = {
        "customer_id": derived.c.customer_id,
        "invoice_id": derived.c.invoice_id,
        "reference": literal(DERIVED) + INVOICE.c.number,
        "kind": derived.c.kind,
        "currency": INVOICE.c.currency,
        "amount": derived.c.amount,
        "paid_on": derived.c.paid_on,
        "assumed": and_(derived.c.existing_id.is_(None), derived.c.paid_on < stamp.day),
    } | stamp.facts
    rows = (
        select(*said.values())
        .join(INVOICE, INVOICE.c.id == derived.c.invoice_id)
        .where(derived.c.state.in_([NEW, CHANGED]), derived.c.amount != 0)
    )
    connection.execute(insert(PAYMENT).from_select(list(said), rows))
    touched = select(derived.c.invoice_id).where(derived.c.state != SAME)
    corrected = (
        select(INVOICE.c.id)
        .join(_STAGED, _STAGED.c.number == INVOICE.c.number)
        .join(matched, matched.c.place == _STAGED.c.place)
        .where(
            matched.c.state == CHANGED,
            INVOICE.c.customer_id == matched.c.customer_id,
            INVOICE.c.superseded_at.is_(None),
        )
    )
    sum_up(connection, touched.union(corrected))
    counts.add(count(connection, derived))
    return counts


def _derive_new(connection: Connection, fresh: Table, stamp: Stamp) -> Counts:
    """Add the derived payments of invoices that were not known before."""
    said = {
        "customer_id": fresh.c.customer_id,
        "invoice_id": fresh.c.id,
        "reference": literal(DERIVED) + fresh.c.number,
        "kind": fresh.c.implied_kind,
        "currency": fresh.c.currency,
        "amount": fresh.c.implied,
        "paid_on": fresh.c.implied_on,
        "assumed": fresh.c.implied_on < stamp.day,
    } | stamp.facts
    rows = select(*said.values()).where(fresh.c.implied.is_not(None))
    done = connection.execute(
        insert(PAYMENT).from_select(list(said), rows.order_by(fresh.c.id)),
        execution_options={"preserve_rowcount": True},
    )
    return Counts(new=done.rowcount)


def derived_kind() -> ColumnElement[Any]:
    """Return the kind of a derived payment: undated, it is called paid and no more."""
    return case((_STAGED.c.paid_on.is_(None), "opening"), else_="payment")


def _with_invoice(matched: Table) -> Any:
    """Join matched rows to what they say and to the invoice that now stands."""
    return matched.join(_STAGED, _STAGED.c.place == matched.c.place).join(
        INVOICE,
        and_(
            INVOICE.c.customer_id == matched.c.customer_id,
            INVOICE.c.number == _STAGED.c.number,
            INVOICE.c.superseded_at.is_(None),
        ),
    )


def _weigh(connection: Connection, matched: Table, stamp: Stamp) -> Table:
    """Find what known invoices' rows imply beyond the payments known by name."""
    derived = make_temporary(connection, _DERIVED)
    now = PAYMENT.alias("now")
    known = _with_invoice(matched).outerjoin(
        now,
        and_(
            now.c.customer_id == matched.c.customer_id,
            now.c.reference == literal(DERIVED) + _STAGED.c.number,
            now.c.superseded_at.is_(None),
        ),
    )
    day = derived_day(stamp)
    cutoff = case(
        (_STAGED.c.paid_on.is_not(None), _STAGED.c.paid_on),
        (now.c.id.is_not(None), utc_day(connection, now.c.known_at)),
        else_=stamp.day,
    )
    amount = _beyond(_STAGED.c.stated_paid, _named(INVOICE.c.id, cutoff))
    latest = _beyond(_STAGED.c.stated_paid, _named(INVOICE.c.id, stamp.day))
    before = func.coalesce(now.c.amount, NONE)
    undated = _STAGED.c.paid_on.is_(None)
    same_day = or_(undated, now.c.id.is_(None), now.c.paid_on == _STAGED.c.paid_on)
    same = and_(same_day, or_(before == amount, and_(undated, before == latest)))
    state = case((same, SAME), (now.c.id.is_(None), NEW), else_=CHANGED)
    rows = (
        select(
            matched.c.place,
            matched.c.customer_id,
            INVOICE.c.id,
            now.c.id,
            derived_kind(),
            case((undated, latest), else_=amount),
            day,
            state,
        )
        .select_from(known)
        .where(
            matched.c.times == 1,
            _STAGED.c.stated_paid.is_not(None),
            matched.c.state.in_([CHANGED, SAME]),
            or_(_STAGED.c.stated_paid != 0, now.c.id.is_not(None)),
        )
    )
    connection.execute(insert(derived).from_select(list(derived.c.keys()), rows))
    return derived


def _named(
    invoice_id: ColumnElement[Any], through: ColumnElement[Any]
) -> ColumnElement[Any]:
    """Return the sum of the payments known by name, up to a day."""
    payment = PAYMENT.alias()
    return (
        select(func.coalesce(func.sum(payment.c.amount), NONE))
        .where(
            payment.c.invoice_id == invoice_id,
            payment.c.superseded_at.is_(None),
            payment.c.reference.not_like(DERIVED + "%"),
            payment.c.paid_on <= through,
        )
        .scalar_subquery()
    )


def _beyond(stated: ColumnElement[Any], named: ColumnElement[Any]) -> Any:
    """Return what `stated` exceeds `named` by, or nothing; both may be negative."""
    return case(
        (and_(stated > 0, stated > named), stated - named),
        (and_(stated < 0, stated < named), stated - named),
        else_=0,
    )
