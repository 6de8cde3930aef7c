"""Questions with long lists of ids or keys, put to the driver as they are.

SQLAlchemy writes such a question anew each time it is asked, which takes longer than
many an answer.
"""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from storage.driver import fetch


def rows_with(session: Session, question: str, *lists: Sequence[Any]) -> list[Any]:
    """Return the rows that answer SQL with `{}` for each list, as in `key {}`."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        marks = [f"IN ({', '.join('?' * len(some))})" for some in lists]
        values = [value for some in lists for value in some]
        return fetch(connection, question.format(*marks), values)[0]
    marks = ["= ANY(%s)" for _ in lists]
    asked = [list(some) for some in lists]
    # Bytes come as they are, not spelt out as text.
    return fetch(connection, question.format(*marks), asked, binary=True)[0]
