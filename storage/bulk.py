"""Many rows at once, without an object each."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import Session, SQLModel


def insert_rows(
    session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert `rows`, each with every column but `id`."""
    session.flush()
    if rows:
        session.connection().execute(insert(_columns(table)), list(rows))


def keys_by(session: Session, table: type[SQLModel], column: str) -> dict[str, int]:
    """Return the id of each row by its value of `column`, which must be unique."""
    columns = _columns(table).c
    found = session.connection().execute(select(columns[column], columns.id))
    return {row[0]: row[1] for row in found}


def _columns(table: type[SQLModel]) -> Any:
    return SQLModel.metadata.tables[str(table.__tablename__)]
