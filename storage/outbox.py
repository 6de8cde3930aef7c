"""What we owe Slack: put once by key; claimed, sent and settled by delivery.

A channel has a row of its own that says when it may be posted to again. A claim locks
that row with the message, so replicas share one pace a channel.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, or_, update
from sqlalchemy import text as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.prepared import Prepared
from storage.tables import OutboxChannel, OutboxMessage

PACE = timedelta(seconds=1)
"""How far apart Slack wants a channel's messages."""

_UNSETTLED = sql("outbox.state IN ('pending', 'sending')")
"""Written as in the index that answers it."""


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
    not_before: datetime | None = None,
) -> bool:
    """Owe `channel` a message named `key`; return False if it is owed already.

    `method` is post, broadcast (into a thread, and shown in its channel too), update
    or ephemeral. It leaves no sooner than `not_before`, where that is given.
    """
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
        "in_doubt": False,
        "queued_at": at,
        "not_before": max(at, not_before) if not_before else at,
    }
    pace = {"channel": channel, "next_at": at}
    insert_once(session, OutboxChannel, pace, ["channel"])
    return insert_once(session, OutboxMessage, row, ["key"])


def insert_once(
    session: Session, table: Any, row: dict[str, Any], unique: Sequence[str]
) -> bool:
    """Insert `row` unless one with the same `unique` stands; return whether it went in.

    The database decides, so that of two replicas one wins and neither fails.
    """
    connection = session.connection()
    statement = _inserting(table, tuple(unique), connection.dialect.name)
    return connection.execute(statement, row).first() is not None


@cache
def _inserting(table: Any, unique: tuple[str, ...], dialect: str) -> Any:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(table).on_conflict_do_nothing(index_elements=unique)
    # The row itself says that it went in; drivers do not agree on counting inserts.
    return statement.returning(getattr(table, unique[0]))


def edit(
    session: Session,
    *,
    of: str,
    key: str,
    text: str,
    blocks: Sequence[dict[str, Any]],
    at: datetime,
) -> bool:
    """Let the message named `of` read otherwise; return False if there is none to edit.

    While it waits to be sent it is changed in place, and so is an edit of it that
    waits; else the edit is owed, as `key`. So many changes at once are one edit.
    """
    first = named(session, of)
    if first is None or first.state == "failed":
        return False
    edits = and_(
        col(OutboxMessage.thread_key) == of, col(OutboxMessage.method) == "update"
    )
    itself = and_(col(OutboxMessage.key) == of, ~col(OutboxMessage.in_doubt))
    if not any(_reword(session, which, text, blocks) for which in (itself, edits)):
        put(
            session,
            key=key,
            channel=first.channel,
            text=text,
            blocks=blocks,
            at=at,
            method="update",
            thread_key=of,
        )
    return True


def _reword(
    session: Session, which: Any, text: str, blocks: Sequence[dict[str, Any]]
) -> bool:
    """Change what a message says if it is still to be claimed; return whether it was.

    A message in doubt may be in Slack as it was, so it is not changed but edited.
    """
    statement = (
        update(OutboxMessage)
        .where(_UNSETTLED, col(OutboxMessage.state) == "pending", which)
        .values(text=text, blocks=list(blocks))
    )
    return session.connection().execute(statement).rowcount > 0


def named(session: Session, key: str) -> OutboxMessage | None:
    """Return the message named `key` as it stands in the database now."""
    wanted = select(OutboxMessage).where(OutboxMessage.key == key)
    return session.exec(wanted.execution_options(populate_existing=True)).first()


def _waits_for_another() -> Any:
    """Return whether the thread's first message, or an earlier one, is not settled.

    Edits of the first message wait for earlier edits, replies for earlier replies.
    """
    parent, earlier = aliased(OutboxMessage), aliased(OutboxMessage)
    thread = col(OutboxMessage.thread_key)
    unsettled = ("pending", "sending")
    edits = col(OutboxMessage.method) == "update"
    return or_(
        select(parent.id)
        .where(col(parent.key) == thread, col(parent.state).in_(unsettled))
        .exists(),
        select(earlier.id)
        .where(
            and_(
                col(earlier.thread_key) == thread,
                col(earlier.id) < col(OutboxMessage.id),
                (col(earlier.method) == "update") == edits,
            ),
            col(earlier.state).in_(unsettled),
        )
        .exists(),
    )


def _due(*asked: Any) -> Any:
    """Return the question for what may leave at `at`, made once: it is asked often."""
    statement: Any = select(*asked).join(
        OutboxChannel, col(OutboxChannel.channel) == col(OutboxMessage.channel)
    )
    return statement.where(
        _UNSETTLED,
        col(OutboxMessage.state) == "pending",
        col(OutboxMessage.not_before) <= bindparam("at"),
        col(OutboxChannel.next_at) <= bindparam("at"),
        ~_waits_for_another(),
    ).limit(1)


_ANY_DUE = Prepared(_due(col(OutboxMessage.id)))
# On SQLite the transaction is the only one that writes, so it needs no lock.
_NEXT = (
    _due(OutboxMessage, OutboxChannel)
    .order_by(col(OutboxMessage.not_before), col(OutboxMessage.id))
    .with_for_update(skip_locked=True, of=[OutboxMessage, OutboxChannel])
)


def is_any_due(session: Session, *, at: datetime) -> bool:
    """Return whether there is a message that may leave, without holding anybody up."""
    return bool(_ANY_DUE.rows(session, at=at))


def claim(session: Session, *, at: datetime, by: str) -> OutboxMessage | None:
    """Return the next message to send, now `by`'s alone; None if none is due.

    Its channel may be posted to, and what it follows in a thread is settled.
    """
    found = session.exec(_NEXT, params={"at": at}).first()
    if found is None:
        return None
    message: OutboxMessage = found[0]
    channel: OutboxChannel = found[1]
    message.state, message.claimed_at, message.claimed_by = "sending", at, by
    message.attempts += 1
    channel.next_at = at + PACE
    return message


def slack_ts_of(session: Session, key: str) -> str | None:
    """Return the Slack timestamp of the message named `key`, once it is sent."""
    statement = select(OutboxMessage.slack_ts).where(OutboxMessage.key == key)
    return session.exec(statement).first()


def renew(session: Session, message: OutboxMessage, *, at: datetime) -> bool:
    """Hold a claim for longer; return False if it is another's by now."""
    return _settle(session, message, claimed_at=at)


def mark(session: Session, message: OutboxMessage, *, channel: str, ts: str) -> None:
    """Remember that Slack has `message` in `channel` at `ts`, whoever claims it now."""
    statement = (
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == message.id)
        .values(state="sent", slack_channel=channel, slack_ts=ts, error=None)
    )
    session.connection().execute(statement)


def reschedule(
    session: Session,
    message: OutboxMessage,
    *,
    at: datetime,
    error: str,
    in_doubt: bool,
) -> bool:
    """Send `message` again at `at`; return False if it is another's by now."""
    return _settle(
        session,
        message,
        state="pending",
        not_before=at,
        error=error,
        in_doubt=in_doubt,
    )


def hold_channel(session: Session, channel: str, *, until: datetime) -> None:
    """Post nothing to `channel` before `until`, as Slack asked."""
    statement = (
        update(OutboxChannel)
        .where(col(OutboxChannel.channel) == channel)
        .values(next_at=until)
    )
    session.connection().execute(statement)


def fail(session: Session, message: OutboxMessage, *, error: str) -> bool:
    """Give `message` up, with its reason; return False if it is another's by now."""
    return _settle(session, message, state="failed", error=error)


def release_stranded(session: Session, *, before: datetime, at: datetime) -> list[str]:
    """Free what was claimed before `before` and never settled; return its keys.

    Whether Slack has it is not known, so it is looked up before it is sent again.
    """
    statement = (
        update(OutboxMessage)
        .where(
            _UNSETTLED,
            col(OutboxMessage.state) == "sending",
            col(OutboxMessage.claimed_at) < before,
        )
        .values(state="pending", not_before=at, in_doubt=True)
        .returning(col(OutboxMessage.key))
    )
    return list(session.connection().execute(statement).scalars())


def _settle(session: Session, message: OutboxMessage, **values: Any) -> bool:
    statement = (
        update(OutboxMessage)
        .where(
            col(OutboxMessage.id) == message.id,
            col(OutboxMessage.state) == "sending",
            col(OutboxMessage.claimed_by) == message.claimed_by,
        )
        .values(**values)
    )
    return session.connection().execute(statement).rowcount == 1
