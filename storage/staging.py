"""Where rows of a file wait, as typed columns, before they are merged.

One temporary table a kind, filled in bulk and seen by one connection alone.

Values wait as the database keeps them: amounts as whole ten-thousandths, dates as ISO
text. None means that the file does not say, which leaves what is known as it is.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
)

from storage.columns import BigKey
from storage.tables import Statement

SHEET_ROWS = 100_000_000
"""`place` is a row's sheet × this + its line: one number orders a whole file."""

Row = tuple[Any, ...]

_METADATA = MetaData()
_TYPES: dict[str, Any] = {
    "text": String,
    "date": Date,
    "money": BigInteger,
    "whole": Integer,
    "flag": Boolean,
    "share": Numeric(18, 8),
}
ITEMS = tuple(
    name
    for name in Statement.model_fields
    if name
    not in {"id", "customer_id", "known_at", "superseded_at", "assumed", "source"}
    and name not in {"period_end", "period_days", "currency", "audited"}
)
"""The lines of a statement that may be given."""


def _staged(kind: str, /, **columns: str) -> Table:
    made = [Column(name, _TYPES[form]) for name, form in columns.items()]
    place = Column("place", BigKey, primary_key=True, autoincrement=False)
    return Table(f"staged_{kind}", _METADATA, place, *made, prefixes=["TEMPORARY"])


STAGED: dict[str, Table] = {
    "customers": _staged(
        "customers",
        customer="text",
        name="text",
        short="text",
        chinese="text",
        former="text",
        english="text",
        owner="text",
        region="text",
        country="text",
        industry="text",
        company_type="text",
        group_name="text",
        terms_days="whole",
        hold="flag",
    ),
    "mentions": _staged("mentions", customer="text", name="text", by_name="flag"),
    "invoices": _staged(
        "invoices",
        customer="text",
        number="text",
        kind="text",
        currency="text",
        amount="money",
        issued_on="date",
        due_on="date",
        terms="text",
        disputed="flag",
        stated_paid="money",
        paid_on="date",
    ),
    "payments": _staged(
        "payments",
        customer="text",
        invoice="text",
        reference="text",
        kind="text",
        currency="text",
        amount="money",
        paid_on="date",
    ),
    "statements": _staged(
        "statements",
        customer="text",
        period_end="date",
        period_days="whole",
        currency="text",
        audited="flag",
        **dict.fromkeys(ITEMS, "money"),
    ),
    "ratings": _staged(
        "ratings",
        customer="text",
        agency="text",
        scale="text",
        value="text",
        rated_on="date",
    ),
    "limits": _staged(
        "limits",
        customer="text",
        currency="text",
        amount="money",
        valid_from="date",
        valid_until="date",
        reason="text",
        set_by="text",
        method="text",
    ),
    "covers": _staged(
        "covers",
        customer="text",
        reference="text",
        kind="text",
        provider="text",
        currency="text",
        amount="money",
        haircut="share",
        valid_from="date",
        valid_until="date",
    ),
    "orders": _staged(
        "orders",
        customer="text",
        number="text",
        currency="text",
        amount="money",
        ordered_on="date",
        deliver_on="date",
        state="text",
    ),
    "relations": _staged(
        "relations", customer="text", other="text", kind="text", share="share"
    ),
    "rates": _staged("rates", currency="text", valid_from="date", rate="share"),
    "promises": _staged(
        "promises",
        customer="text",
        reference="text",
        currency="text",
        amount="money",
        promised_on="date",
        due_on="date",
        text="text",
        author="text",
    ),
    "clauses": _staged(
        "clauses",
        customer="text",
        kind="text",
        reference="text",
        ends_on="date",
        detail="text",
    ),
    "events": _staged(
        "events",
        customer="text",
        kind="text",
        happened_on="date",
        currency="text",
        amount="money",
        detail="text",
    ),
}


def columns(kind: str) -> tuple[str, ...]:
    """Return what a staged row of `kind` holds, in order; `place` comes first."""
    return tuple(STAGED[kind].columns.keys())


def create(connection: Connection) -> None:
    """Make the waiting room, empty, for this connection alone."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size = -24576")
    drop(connection)
    _METADATA.create_all(connection, checkfirst=False)


def drop(connection: Connection) -> None:
    """Empty and close the waiting room."""
    for table in STAGED.values():
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table.name}")


def put(connection: Connection, kind: str, rows: Sequence[Row]) -> None:
    """Let `rows` of `kind` wait; each has the values of `columns(kind)`, in order."""
    if not rows:
        return
    table = STAGED[kind]
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
        return
    marks = ",".join("?" * len(table.columns))
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} VALUES ({marks})",  # noqa: S608 - our own name
        list(rows),
    )


def _copy(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {table.name} FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
