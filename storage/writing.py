"""Many rows at once, past what the ORM does to each."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session


def upsert(
    session: Session, model: Any, key: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows, all columns in the table's order, in place of those with their key.

    Values must be as the driver takes them: see `bound`.
    """
    if not rows:
        return
    connection, made = session.connection(), model.__table__
    names = [column.name for column in made.columns]
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    values = ", ".join(mark for _ in names)
    anew = ", ".join(f"{n} = excluded.{n}" for n in names if n != key)
    connection.exec_driver_sql(
        f"INSERT INTO {made.name} ({', '.join(names)}) VALUES ({values})"  # noqa: S608 - our own names
        f" ON CONFLICT ({key}) DO UPDATE SET {anew}",
        list(rows),
    )


def bound(session: Session, model: Any, column: str, value: Any) -> Any:
    """Return a value of a column as the driver takes it."""
    dialect = session.connection().dialect
    kind = model.__table__.c[column].type.dialect_impl(dialect)
    process = kind.bind_processor(dialect)
    return value if process is None else process(value)
