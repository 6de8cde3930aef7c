"""Questions with long lists of ids or keys, put to the driver as they are.

SQLAlchemy writes such a question anew each time it is asked, which takes longer than
many an answer.
"""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session


def rows_with(session: Session, question: str, *lists: Sequence[Any]) -> list[Any]:
    """Return the rows that answer SQL with `{}` for each list, as in `key {}`."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        marks = [f"IN ({', '.join('?' * len(some))})" for some in lists]
        values: list[Any] = [value for some in lists for value in some]
    else:
        marks = ["= ANY(%s)" for _ in lists]
        values = [list(some) for some in lists]
    cursor: Any = connection.exec_driver_sql(
        question.format(*marks), tuple(values)
    ).cursor
    found: list[Any] = cursor.fetchall()
    return found
