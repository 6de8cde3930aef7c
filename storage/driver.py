"""A question put to the driver itself, its faults told as SQLAlchemy tells them."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


def fetch(
    connection: Connection, question: str, values: Any, **cursor_options: Any
) -> tuple[list[tuple[Any, ...]], Any]:
    """Return the rows that answer, and the driver's description of their columns.

    Raises:
        DBAPIError: the database cannot be reached, refuses us, or does not understand.

    """
    fault = connection.dialect.loaded_dbapi.Error
    try:
        cursor: Any = connection.connection.cursor(**cursor_options)
        try:
            cursor.execute(question, values)
            return cursor.fetchall(), cursor.description
        finally:
            cursor.close()
    except fault as error:
        raise DBAPIError.instance(
            question, values, error, fault, dialect=connection.dialect
        ) from error
