"""Rows as they went in: PostgreSQL promises no order where none is asked for."""

from typing import TypeVar

from sqlmodel import Session, SQLModel, col, select

Row = TypeVar("Row", bound=SQLModel)


def in_order(session: Session, table: type[Row]) -> list[Row]:
    """Return all rows of `table`, which has an `id`, the oldest first."""
    by_id = col(table.id)  # type: ignore[attr-defined] # each of ours has one
    return list(session.exec(select(table).order_by(by_id)))
