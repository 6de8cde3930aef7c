"""What we owe Slack: put once by key; claimed, sent and settled by delivery."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from storage.tables import OutboxMessage


def put(
    session: Session,
    *,
    key: str,
    channel: str,
    text: str,
    blocks: Sequence[dict[str, Any]],
    at: datetime,
    method: str = "post",
    user: str | None = None,
    thread_key: str | None = None,
    thread_ts: str | None = None,
) -> bool:
    """Owe `channel` a message named `key`; return False if it is owed already."""
    row = {
        "key": key,
        "channel": channel,
        "method": method,
        "user": user,
        "thread_key": thread_key,
        "thread_ts": thread_ts,
        "text": text,
        "blocks": list(blocks),
        "state": "pending",
        "attempts": 0,
        "queued_at": at,
        "not_before": at,
    }
    return insert_once(session, OutboxMessage, row, ["key"])


def insert_once(
    session: Session, table: type[Any], row: dict[str, Any], unique: Sequence[str]
) -> bool:
    """Insert `row` unless one with the same `unique` stands; return whether it went in.

    The database decides, so that of two replicas one wins and neither fails.
    """
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if on_sqlite else postgresql.insert
    statement = insert(table).values(row).on_conflict_do_nothing(index_elements=unique)
    return session.connection().execute(statement).rowcount == 1
