"""Many rows at once, without an object each, and without SQLAlchemy's way for each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import Session, SQLModel

Bind = Callable[[Any], Any]


def insert_rows(
    session: Session,
    table: type[SQLModel],
    rows: Sequence[Mapping[str, Any]],
    *,
    but: str = "",
) -> None:
    """Insert `rows`, all of the same columns; what they leave out has its default.

    `but` are words for the end of the statement, such as `ON CONFLICT DO NOTHING`.
    """
    session.flush()
    if not rows:
        return
    connection: Connection = session.connection()
    columns: dict[str, Iterable[Any]] = {
        name: _bound([row[name] for row in rows], _binder(table, name, connection))
        for name in rows[0]
    }
    usual = _usual(table, rows[0], connection)
    columns |= {name: repeat(value, len(rows)) for name, value in usual.items()}
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    connection.exec_driver_sql(
        f"INSERT INTO {table.__tablename__} ({', '.join(columns)})"  # noqa: S608 - our own names
        f" VALUES ({', '.join(mark for _ in columns)}) {but}",
        list(zip(*columns.values(), strict=True)),
    )


def _bound(values: list[Any], bind: Bind | None) -> list[Any]:
    """Return a column as the driver takes it; what many rows share is made once."""
    if bind is None:
        return values
    made: dict[int, Any] = {}
    bound = []
    for value in values:
        key = id(value)  # `values` keeps each alive, so that no two have the same
        if key not in made:
            made[key] = bind(value)
        bound.append(made[key])
    return bound


def _binder(table: type[SQLModel], name: str, connection: Connection) -> Bind | None:
    """Return what makes a column's value what the driver takes; None: it is already."""
    kind = _columns(table)[name].type.dialect_impl(connection.dialect)
    found: Bind | None = kind.bind_processor(connection.dialect)
    return found


def _usual(
    table: type[SQLModel], row: Mapping[str, Any], connection: Connection
) -> dict[str, Any]:
    """Return the defaults of the columns that `row` leaves out, as the driver does."""
    found = {}
    for name, column in _columns(table).items():
        default: Any = column.default
        if name in row or default is None:
            continue
        value = default.arg(None) if default.is_callable else default.arg
        bind = _binder(table, name, connection)
        found[name] = value if bind is None else bind(value)
    return found


def keys_by(session: Session, table: type[SQLModel], column: str) -> dict[str, int]:
    """Return the id of each row by its value of `column`, which must be unique."""
    columns = _columns(table)
    found = session.connection().execute(select(columns[column], columns["id"]))
    return {row[0]: row[1] for row in found}


def _columns(table: type[SQLModel]) -> Any:
    return SQLModel.metadata.tables[str(table.__tablename__)].c
