"""Merges staged payments: each finds its customer and invoice, and settles it."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    String,
    Table,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from risk.errors import N_
from storage.columns import BigKey
from storage.merging import (
    CHANGED,
    CUSTOMER,
    NEW,
    SAME,
    Counts,
    Refusal,
    Stamp,
    analyze,
    count,
    differs,
    is_waiting,
    make_temporary,
    refuse,
    temporary,
)
from storage.settling import (
    DERIVED,
    INVOICE,
    NONE,
    PAYMENT,
    replace_payments,
    sum_up,
    utc_day,
)
from storage.staging import SHEET_ROWS, STAGED

NO_INVOICE = N_("No invoice has this number; import the invoices first.")
OTHER_CURRENCY = N_("The invoice is in %(currency)s; a payment of it must be too.")
NO_CUSTOMER = N_("It names neither a customer nor an invoice that only one has.")
SAID_TWICE = N_("Line %(line)s says otherwise about the same thing.")

_STAGED = STAGED["payments"]
_VALUES = ("kind", "currency", "amount", "paid_on")


_MATCHED = temporary(
    "matched_payments",
    Column("place", BigKey, primary_key=True, autoincrement=False),
    Column("customer_id", BigInteger),
    Column("invoice_id", BigInteger),
    Column("reference", String),
    Column("turn", Integer),
    Column("existing_id", BigInteger),
    Column("state", Integer),
)
"""What each staged payment is about."""

_PAID = temporary("paid_invoices", Column("invoice_id", BigInteger))


def merge_payments(
    connection: Connection, stamp: Stamp
) -> tuple[Counts, list[Refusal]]:
    """Merge the staged payments; return what became of them."""
    if not is_waiting(connection, "payments"):
        return Counts(), []
    matched = make_temporary(connection, _MATCHED)
    _find_invoices(connection)
    _match(connection, matched)
    refused = _refuse(connection, matched)
    _compare(connection, matched)
    touched = _invoices_touched(connection, matched)
    _absorb(connection, matched, stamp)
    _store(connection, matched, stamp)
    sum_up(connection, select(touched.c.invoice_id))
    return count(connection, matched), refused


def _find_invoices(connection: Connection) -> None:
    """Give a payment that names only an invoice the customer who alone has it."""
    nameless = select(_STAGED.c.invoice).where(_STAGED.c.customer.is_(None))
    if connection.execute(nameless.limit(1)).first() is None:
        return
    only = (
        select(func.min(CUSTOMER.c.number))
        .join(INVOICE, INVOICE.c.customer_id == CUSTOMER.c.id)
        .where(INVOICE.c.number == _STAGED.c.invoice, INVOICE.c.superseded_at.is_(None))
        .having(func.count() == 1)
        .scalar_subquery()
    )
    connection.execute(
        update(_STAGED).where(_STAGED.c.customer.is_(None)).values(customer=only)
    )


def _match(connection: Connection, matched: Table) -> None:
    """Tie each staged payment to its customer and invoice, and name it."""
    alike = func.row_number().over(
        partition_by=[
            _STAGED.c.customer,
            _STAGED.c.invoice,
            _STAGED.c.paid_on,
            _STAGED.c.amount,
            _STAGED.c.reference,
        ],
        order_by=_STAGED.c.place,
    )
    nth = select(_STAGED.c.place, alike.label("nth")).subquery()
    stands = and_(
        INVOICE.c.customer_id == CUSTOMER.c.id,
        INVOICE.c.number == _STAGED.c.invoice,
        INVOICE.c.superseded_at.is_(None),
    )
    rows = select(
        _STAGED.c.place, CUSTOMER.c.id, INVOICE.c.id, _reference(nth.c.nth)
    ).select_from(
        _STAGED.join(nth, nth.c.place == _STAGED.c.place)
        .outerjoin(CUSTOMER, CUSTOMER.c.number == _STAGED.c.customer)
        .outerjoin(INVOICE, stands)
    )
    keys = ["place", "customer_id", "invoice_id", "reference"]
    connection.execute(insert(matched).from_select(keys, rows))
    turns = select(
        matched.c.place,
        func.row_number()
        .over(
            partition_by=[matched.c.customer_id, matched.c.reference],
            order_by=matched.c.place,
        )
        .label("turn"),
    ).subquery()
    repeated = select(turns.c.place).where(turns.c.turn > 1)
    connection.execute(
        update(matched).values(
            turn=case((matched.c.place.in_(repeated), 2), else_=1), state=NEW
        )
    )
    analyze(connection, matched)


def _reference(nth: ColumnElement[Any]) -> ColumnElement[Any]:
    """Name a payment within its customer: as given, or made of what the row says.

    One transfer may pay several invoices, so a given name is that of a part.
    """
    part = case(
        (_STAGED.c.invoice.is_(None), literal("")),
        else_=literal("/") + _STAGED.c.invoice,
    )
    made = (
        func.coalesce(_STAGED.c.invoice, literal("account"))
        + literal(" ")
        + cast(_STAGED.c.paid_on, String)
        + literal(" ")
        + cast(_STAGED.c.amount, String)
        + case((nth > 1, literal(" #") + cast(nth, String)), else_=literal(""))
    )
    return func.coalesce(_STAGED.c.reference + part, made)


def _refuse(connection: Connection, matched: Table) -> list[Refusal]:
    """Refuse payments of nobody, of no invoice, or in another currency than it."""
    rows = connection.execute(
        select(
            _STAGED.c.place,
            matched.c.customer_id,
            matched.c.invoice_id,
            _STAGED.c.invoice,
            _STAGED.c.currency,
            INVOICE.c.currency.label("expected"),
        )
        .select_from(
            matched.join(_STAGED, _STAGED.c.place == matched.c.place).outerjoin(
                INVOICE, INVOICE.c.id == matched.c.invoice_id
            )
        )
        .where(
            or_(
                matched.c.customer_id.is_(None),
                and_(_STAGED.c.invoice.is_not(None), matched.c.invoice_id.is_(None)),
                _STAGED.c.currency != INVOICE.c.currency,
            )
        )
    )
    refused = [_refusal(row) for row in rows.mappings()]
    refused += _contradictions(connection, matched)
    connection.execute(update(matched).where(matched.c.turn > 1).values(state=SAME))
    refuse(connection, matched, refused)
    return refused


def _refusal(row: Any) -> Refusal:
    if row["invoice"] is not None and row["invoice_id"] is None:
        return Refusal(row["place"], "invoice", row["invoice"], NO_INVOICE)
    if row["customer_id"] is None:
        return Refusal(row["place"], "customer", "", NO_CUSTOMER)
    details = {"currency": row["expected"]}
    return Refusal(row["place"], "currency", row["currency"], OTHER_CURRENCY, details)


def _contradictions(connection: Connection, matched: Table) -> list[Refusal]:
    first, again = matched.alias("first"), matched.alias("again")
    one, two = _STAGED.alias("one"), _STAGED.alias("two")
    told = [one.c[name] != two.c[name] for name in _VALUES]
    rows = connection.execute(
        select(again.c.place, first.c.place, two.c.reference)
        .select_from(
            again.join(two, two.c.place == again.c.place)
            .join(
                first,
                and_(
                    first.c.customer_id == again.c.customer_id,
                    first.c.reference == again.c.reference,
                    first.c.turn == 1,
                ),
            )
            .join(one, one.c.place == first.c.place)
        )
        .where(again.c.turn > 1, or_(*told))
    )
    return [
        Refusal(
            place, "reference", name or "", SAID_TWICE, {"line": before % SHEET_ROWS}
        )
        for place, before, name in rows
    ]


def _compare(connection: Connection, matched: Table) -> None:
    """Find which payments are known, and whether they say something else now."""
    known = (
        select(PAYMENT.c.id)
        .where(
            PAYMENT.c.customer_id == matched.c.customer_id,
            PAYMENT.c.reference == matched.c.reference,
            PAYMENT.c.superseded_at.is_(None),
        )
        .scalar_subquery()
    )
    connection.execute(
        update(matched).where(matched.c.state == NEW).values(existing_id=known)
    )
    other = or_(
        differs(_STAGED, PAYMENT, _VALUES),
        and_(matched.c.invoice_id.is_not(None), PAYMENT.c.invoice_id.is_(None)),
        PAYMENT.c.invoice_id != matched.c.invoice_id,
    )
    changed = (
        select(_STAGED.c.place)
        .select_from(
            matched.join(_STAGED, _STAGED.c.place == matched.c.place).join(
                PAYMENT, PAYMENT.c.id == matched.c.existing_id
            )
        )
        .where(other)
    )
    state = case((matched.c.place.in_(changed), CHANGED), else_=SAME)
    connection.execute(
        update(matched)
        .where(matched.c.existing_id.is_not(None), matched.c.state == NEW)
        .values(state=state)
    )


def _invoices_touched(connection: Connection, matched: Table) -> Table:
    """Return the invoices that the payments pay, or paid until now."""
    touched = make_temporary(connection, _PAID)
    active = matched.c.state.in_([NEW, CHANGED])
    before = (
        select(PAYMENT.c.invoice_id)
        .join(matched, matched.c.existing_id == PAYMENT.c.id)
        .where(active, PAYMENT.c.invoice_id.is_not(None))
    )
    now = select(matched.c.invoice_id).where(active, matched.c.invoice_id.is_not(None))
    connection.execute(insert(touched).from_select(["invoice_id"], now.union(before)))
    return touched


def _absorb(connection: Connection, matched: Table, stamp: Stamp) -> None:
    """Lessen what invoices' rows only implied by the payments that now have a name."""
    day = case(
        (PAYMENT.c.kind == "opening", utc_day(connection, PAYMENT.c.known_at)),
        else_=PAYMENT.c.paid_on,
    )
    named, implied = func.sum(_STAGED.c.amount), PAYMENT.c.amount
    left = case(
        (and_(implied > NONE, named < 0), implied),
        (and_(implied > NONE, named < implied), implied - named),
        (and_(implied < NONE, named > implied), implied - named),
        else_=0,
    )
    replaced = (
        select(PAYMENT.c.id, PAYMENT.c.invoice_id, left)
        .join(matched, matched.c.invoice_id == PAYMENT.c.invoice_id)
        .join(_STAGED, _STAGED.c.place == matched.c.place)
        .where(
            matched.c.state == NEW,
            PAYMENT.c.superseded_at.is_(None),
            PAYMENT.c.reference == literal(DERIVED) + INVOICE.c.number,
            INVOICE.c.id == PAYMENT.c.invoice_id,
            _STAGED.c.paid_on <= day,
        )
        .group_by(PAYMENT.c.id, PAYMENT.c.invoice_id, PAYMENT.c.amount)
    )
    replace_payments(connection, replaced, stamp)


def _store(connection: Connection, matched: Table, stamp: Stamp) -> None:
    """End the payments that are corrected; insert what stands now."""
    corrected = select(matched.c.existing_id).where(matched.c.state == CHANGED)
    connection.execute(
        update(PAYMENT)
        .where(PAYMENT.c.id.in_(corrected))
        .values(superseded_at=stamp.moment)
    )
    said = {
        "customer_id": matched.c.customer_id,
        "invoice_id": matched.c.invoice_id,
        "reference": matched.c.reference,
        "kind": func.coalesce(_STAGED.c.kind, "payment"),
        "currency": func.coalesce(
            _STAGED.c.currency, INVOICE.c.currency, literal(stamp.currency)
        ),
        "amount": _STAGED.c.amount,
        "paid_on": _STAGED.c.paid_on,
        "assumed": and_(matched.c.state == NEW, _STAGED.c.paid_on < stamp.day),
    } | stamp.facts
    rows = (
        select(*said.values())
        .select_from(
            matched.join(_STAGED, _STAGED.c.place == matched.c.place).outerjoin(
                INVOICE, INVOICE.c.id == matched.c.invoice_id
            )
        )
        .where(matched.c.state.in_([NEW, CHANGED]))
        .order_by(matched.c.customer_id, matched.c.reference)
    )
    connection.execute(insert(PAYMENT).from_select(list(said), rows))
