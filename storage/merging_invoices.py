"""Merges staged invoices, and what their rows say of payments.

A row may say that so much of its invoice is paid (a settlement date, an open amount, a
status) without naming a payment. That makes one *derived* payment, named after the
invoice, for what the payments known by name do not explain already.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Date,
    String,
    Table,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
)

from storage.columns import BigKey
from storage.merging import (
    CHANGED,
    NEW,
    REFUSED,
    Counts,
    Plan,
    Refusal,
    Stamp,
    count,
    facts_that_go_in,
    is_waiting,
    make_temporary,
    match_facts,
    number_on,
    supersede,
    temporary,
)
from storage.merging_derived import derive_payments, derived_day, derived_kind
from storage.settling import INVOICE, PAYMENT, replace_payments
from storage.staging import STAGED

PLAN = Plan(
    kind="invoices",
    table=INVOICE,
    keys=("number",),
    values=(
        "kind",
        "currency",
        "amount",
        "issued_on",
        "due_on",
        "terms",
        "disputed",
    ),
    dated="issued_on",
    defaults={"kind": "invoice", "currency": "", "disputed": False},
)
_STAGED = STAGED["invoices"]
_KEPT = ("customer_id", *PLAN.keys, *PLAN.values, "assumed", "paid", "settled_on")
_FRESH = temporary(
    "fresh_invoices",
    Column("id", BigKey, primary_key=True, autoincrement=False),
    *(Column(name, INVOICE.c[name].type) for name in _KEPT),
    Column("implied", BigInteger),
    Column("implied_on", Date),
    Column("implied_kind", String),
)
"""The invoices that go in, with their new ids."""


def merge_invoices(
    connection: Connection, stamp: Stamp
) -> tuple[Counts, Counts, list[Refusal]]:
    """Merge invoices; return their counts, those of derived payments, and refusals."""
    if not is_waiting(connection, "invoices"):
        return Counts(), Counts(), []
    matched, refused = match_facts(connection, PLAN)
    supersede(connection, PLAN, matched, stamp)
    fresh = _insert(connection, matched, stamp)
    _move_payments(connection, matched, stamp)
    _stage_repeated(connection, matched)
    payments = derive_payments(connection, matched, fresh, stamp)
    return count(connection, matched), payments, refused


def _insert(connection: Connection, matched: Table, stamp: Stamp) -> Table:
    """Insert what is new or corrects; return it, with what its rows imply of payments.

    It is put in order once, for invoices and payments alike: to find the invoice of
    each payment again would take longer than all else.
    """
    fresh = make_temporary(connection, _FRESH)
    chosen = facts_that_go_in(PLAN, matched, stamp, _standing(matched, stamp))
    number_on(connection, fresh, INVOICE, chosen)
    names = [column.name for column in fresh.c if column.name in INVOICE.c]
    said = {name: fresh.c[name] for name in names} | stamp.facts
    rows = select(*said.values()).order_by(fresh.c.id)
    connection.execute(insert(INVOICE).from_select(list(said), rows))
    return fresh


def _standing(matched: Table, stamp: Stamp) -> dict[str, ColumnElement[Any]]:
    """Return what is paid of a new invoice, as its own row says, and by which payment.

    Of an invoice with several rows the payments say it; a corrected one is summed anew.
    """
    alone = and_(matched.c.state == NEW, matched.c.times == 1)
    stated, day = _STAGED.c.stated_paid, derived_day(stamp)
    paid = case((alone, func.coalesce(stated, 0)), else_=0)
    covered = or_(
        and_(_STAGED.c.amount > 0, paid >= _STAGED.c.amount),
        and_(_STAGED.c.amount < 0, paid <= _STAGED.c.amount),
    )
    settled = case((_STAGED.c.amount == 0, _STAGED.c.issued_on), (covered, day))
    return {
        "paid": paid,
        "settled_on": settled,
        "implied": case((and_(alone, stated != 0), stated)),
        "implied_on": day,
        "implied_kind": derived_kind(),
    }


def _move_payments(connection: Connection, matched: Table, stamp: Stamp) -> None:
    """Tie the payments of corrected invoices to the rows that now stand."""
    corrected = select(matched.c.existing_id).where(matched.c.state == CHANGED)
    if connection.execute(corrected.limit(1)).first() is None:
        return
    before = INVOICE.alias("before")
    stands = and_(
        INVOICE.c.customer_id == before.c.customer_id,
        INVOICE.c.number == before.c.number,
        INVOICE.c.superseded_at.is_(None),
    )
    moving = (
        select(PAYMENT.c.id, INVOICE.c.id, PAYMENT.c.amount)
        .select_from(
            PAYMENT.join(before, before.c.id == PAYMENT.c.invoice_id).join(
                INVOICE, stands
            )
        )
        .where(before.c.id.in_(corrected), PAYMENT.c.superseded_at.is_(None))
    )
    replace_payments(connection, moving, stamp)


def _stage_repeated(connection: Connection, matched: Table) -> None:
    """Stage as payments the rows that repeat an invoice, once for each payment."""
    staged = STAGED["payments"]
    said = {
        "place": _STAGED.c.place,
        "customer": _STAGED.c.customer,
        "invoice": _STAGED.c.number,
        "kind": literal("payment"),
        "currency": _STAGED.c.currency,
        "amount": _STAGED.c.stated_paid,
        "paid_on": _STAGED.c.paid_on,
    }
    rows = (
        select(*said.values())
        .select_from(matched.join(_STAGED, _STAGED.c.place == matched.c.place))
        .where(
            matched.c.times > 1,
            matched.c.state != REFUSED,
            _STAGED.c.stated_paid != 0,
            _STAGED.c.paid_on.is_not(None),
        )
    )
    connection.execute(insert(staged).from_select(list(said), rows))
