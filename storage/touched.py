"""Customers about whom something changed that no sweep has looked at yet."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    column,
    delete,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy import table as named
from sqlmodel import Session, col

from storage.columns import Instant
from storage.merging import CHANGED, NEW, Stamp, is_waiting
from storage.reading import is_listed
from storage.tables import Touched

FACTS = (
    "invoices",
    "payments",
    "statements",
    "ratings",
    "limits",
    "covers",
    "orders",
    "events",
    "promises",
    "clauses",
    "relations",
)
"""Kinds of staged rows of which a change touches the customer."""


def touch(session: Session, customer_ids: Iterable[int], at: datetime) -> None:
    """Say, in the transaction of a change, that these customers are to be looked at."""
    rows = [{"customer_id": id_, "at": at} for id_ in sorted(set(customer_ids))]
    if rows:
        session.connection().execute(insert(Touched), rows)


def touch_of_import(
    connection: Connection, kinds: Collection[str], stamp: Stamp
) -> None:
    """Say that everybody of whom an import brought something new is to be looked at.

    `kinds` are those that can be staged; to be called when they are merged.
    """
    changed = [_of_folded()]
    for kind in FACTS:
        if kind in kinds and is_waiting(connection, kind):
            changed += _of_matched(kind)
    if is_waiting(connection, "invoices"):
        changed.append(_of_derived())
    whose = union_all(*changed).subquery()
    told = select(whose.c.customer_id, literal(stamp.at, Instant())).where(
        whose.c.customer_id.is_not(None)
    )
    connection.execute(
        insert(Touched).from_select(["customer_id", "at"], told.distinct())
    )


def _of_matched(kind: str) -> list[Select[Any]]:
    """Ask whose staged rows of a kind said something new; of relations, both sides."""
    matched = named(
        f"matched_{kind}", column("customer_id"), column("state"), column("times")
    )
    new = matched.c.state.in_([NEW, CHANGED])
    whose = [select(matched.c.customer_id).where(new)]
    if kind == "relations":
        whose.append(select(matched.c.times.label("customer_id")).where(new))
    return whose


def _of_derived() -> Select[Any]:
    """Ask whose invoices' own rows said something new of what is paid of them."""
    derived = named("derived_payments", column("customer_id"), column("state"))
    return select(derived.c.customer_id).where(derived.c.state.in_([NEW, CHANGED]))


def _of_folded() -> Select[Any]:
    folded = named(
        "folded_customers", column("customer_id"), column("known"), column("changed")
    )
    new_or_changed = ~folded.c.known | folded.c.changed
    return select(folded.c.customer_id).where(new_or_changed)


def waiting(session: Session, most: int) -> list[tuple[int, int]]:
    """Return (id, customer id) of what waits longest, `most` rows at most."""
    columns: list[Any] = [Touched.id, Touched.customer_id]
    asked = select(*columns).order_by(col(Touched.id))
    rows = session.connection().execute(asked.limit(most))
    return [(row[0], row[1]) for row in rows]


def is_any(session: Session) -> bool:
    """Return whether anybody waits to be looked at."""
    one = session.connection().execute(select(col(Touched.id)).limit(1)).first()
    return one is not None


def of_customers(session: Session, customer_ids: Collection[int]) -> list[int]:
    """Return the ids of what waits about these customers."""
    columns: list[Any] = [Touched.id]
    asked = select(*columns).where(is_listed(Touched.customer_id, customer_ids))
    return [row[0] for row in session.connection().execute(asked)]


def of_range(session: Session, first: int, last: int) -> list[tuple[int, int]]:
    """Return (id, customer id) of what waits about customers `first` to `last`."""
    between = col(Touched.customer_id).between(first, last)
    columns: list[Any] = [Touched.id, Touched.customer_id]
    asked = select(*columns).where(between)
    return [(row[0], row[1]) for row in session.connection().execute(asked)]


def seen(session: Session, touched_ids: Collection[int]) -> None:
    """Drop what a sweep has looked at, in the transaction of what it found."""
    if touched_ids:
        gone = is_listed(Touched.id, touched_ids)
        session.connection().execute(delete(Touched).where(gone))
