"""A question put to the driver itself, its faults told as SQLAlchemy tells them."""

from collections.abc import Iterator
from contextlib import contextmanager
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
    with asked(connection, question, values, **cursor_options) as cursor:
        return cursor.fetchall(), cursor.description


@contextmanager
def asked(
    connection: Connection, question: str, values: Any, **cursor_options: Any
) -> Iterator[Any]:
    """Give the driver's cursor of an answer; it is closed with the block.

    Raises:
        DBAPIError: as above, in the block too.

    """
    fault = connection.dialect.loaded_dbapi.Error
    try:
        cursor: Any = connection.connection.cursor(**cursor_options)
        try:
            cursor.execute(question, values)
            yield cursor
        finally:
            cursor.close()
    except fault as error:
        raise DBAPIError.instance(
            question, values, error, fault, dialect=connection.dialect
        ) from error
