"""Merges the other kinds: statements, ratings, limits, covers, orders, events, …."""

from typing import Any

from sqlalchemy import Connection, Table, and_, case, func, insert, or_, select, update

from storage.merging import (
    CHANGED,
    CUSTOMER,
    NEW,
    SAME,
    Counts,
    Plan,
    Stamp,
    count,
    is_waiting,
    make_temporary,
    matched_table,
)
from storage.staging import ITEMS, STAGED
from storage.tables import (
    Clause,
    Cover,
    CreditEvent,
    CreditLimit,
    ExchangeRate,
    Order,
    PaymentPromise,
    Rating,
    Relation,
    Statement,
)


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


RELATION, RATE = _table(Relation), _table(ExchangeRate)

PLANS = (
    Plan(
        "statements",
        _table(Statement),
        ("period_end",),
        ("period_days", "currency", "audited", *ITEMS),
        "period_end",
        {"period_days": 365, "currency": "", "audited": False},
    ),
    Plan(
        "ratings",
        _table(Rating),
        ("scale", "rated_on"),
        ("agency", "value"),
        "rated_on",
    ),
    Plan(
        "limits",
        _table(CreditLimit),
        (),
        (
            "currency",
            "amount",
            "valid_from",
            "valid_until",
            "reason",
            "set_by",
            "method",
        ),
        "valid_from",
        {"currency": "", "valid_from": "today", "method": "given"},
        newest="valid_from",
    ),
    Plan(
        "covers",
        _table(Cover),
        ("reference",),
        (
            "kind",
            "provider",
            "currency",
            "amount",
            "haircut",
            "valid_from",
            "valid_until",
        ),
        "valid_from",
        {"currency": "", "haircut": 0, "valid_from": "today"},
    ),
    Plan(
        "orders",
        _table(Order),
        ("number",),
        ("currency", "amount", "ordered_on", "deliver_on", "state"),
        "ordered_on",
        {"currency": "", "state": "open"},
    ),
    Plan(
        "events",
        _table(CreditEvent),
        ("kind", "happened_on"),
        ("currency", "amount", "detail"),
        "happened_on",
    ),
    Plan(
        "promises",
        _table(PaymentPromise),
        ("reference",),
        ("currency", "amount", "promised_on", "due_on", "text", "author"),
        "promised_on",
        {"currency": "", "text": ""},
    ),
    Plan(
        "clauses",
        _table(Clause),
        ("kind", "reference"),
        ("ends_on", "detail"),
        "ends_on",
    ),
)
"""How each kind becomes a fact that has no way of its own."""


def merge_relations(connection: Connection, stamp: Stamp) -> Counts:
    """Merge who is tied to whom; return the counts."""
    if not is_waiting(connection, "relations"):
        return Counts()
    staged, other = STAGED["relations"], CUSTOMER.alias("other")
    matched = make_temporary(connection, matched_table("relations"))
    stands = and_(
        RELATION.c.customer_id == CUSTOMER.c.id,
        RELATION.c.other_id == other.c.id,
        RELATION.c.kind == staged.c.kind,
        RELATION.c.superseded_at.is_(None),
    )
    differs = and_(
        staged.c.share.is_not(None),
        or_(RELATION.c.share.is_(None), RELATION.c.share != staged.c.share),
    )
    turn = func.row_number().over(
        partition_by=[CUSTOMER.c.id, other.c.id, staged.c.kind],
        order_by=staged.c.place,
    )
    state = case((RELATION.c.id.is_(None), NEW), (differs, CHANGED), else_=SAME)
    tied = staged.join(CUSTOMER, CUSTOMER.c.number == staged.c.customer).join(
        other, other.c.number == staged.c.other
    )
    rows = select(
        staged.c.place, CUSTOMER.c.id, RELATION.c.id, turn, other.c.id, state
    ).select_from(tied.outerjoin(RELATION, stands))
    connection.execute(insert(matched).from_select(list(matched.c.keys()), rows))
    connection.execute(update(matched).where(matched.c.turn > 1).values(state=SAME))
    _store_relations(connection, matched, stamp)
    return count(connection, matched)


def _store_relations(connection: Connection, matched: Table, stamp: Stamp) -> None:
    """End corrected relations and insert what stands; `times` holds the other's id."""
    staged = STAGED["relations"]
    corrected = select(matched.c.existing_id).where(matched.c.state == CHANGED)
    connection.execute(
        update(RELATION)
        .where(RELATION.c.id.in_(corrected))
        .values(superseded_at=stamp.moment)
    )
    said = {
        "customer_id": matched.c.customer_id,
        "other_id": matched.c.times,
        "kind": staged.c.kind,
        "share": staged.c.share,
    } | stamp.facts
    rows = (
        select(*said.values())
        .join(matched, matched.c.place == staged.c.place)
        .where(matched.c.state.in_([NEW, CHANGED]))
    )
    connection.execute(insert(RELATION).from_select(list(said), rows))


def merge_rates(connection: Connection, stamp: Stamp) -> Counts:
    """Merge what currencies are worth; the last row of a day stands."""
    staged = STAGED["rates"]
    counts = Counts()
    rows = connection.execute(
        select(staged.c.currency, staged.c.valid_from, staged.c.rate).order_by(
            staged.c.place
        )
    ).all()
    for currency, valid_from, rate in rows:
        mine = and_(RATE.c.currency == currency, RATE.c.valid_from == valid_from)
        before = connection.execute(select(RATE.c.rate).where(mine)).scalar()
        if before == rate:
            counts.same += 1
            continue
        values = {"rate": rate, "known_at": stamp.at, "source": stamp.source}
        if before is None:
            key = {"currency": currency, "valid_from": valid_from}
            connection.execute(insert(RATE).values(**key, **values))
            counts.new += 1
        else:
            connection.execute(update(RATE).where(mine).values(**values))
            counts.changed += 1
    return counts
