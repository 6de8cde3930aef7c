"""Which of Slack's events were handled: Slack sends one again when in doubt."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from storage.outbox import insert_once
from storage.tables import ProcessedEvent


def is_processed(session: Session, event_id: str) -> bool:
    """Return whether the event was handled already."""
    return session.get(ProcessedEvent, event_id) is not None


def mark_processed(session: Session, event_id: str, at: datetime) -> None:
    """Remember that the event was handled."""
    insert_once(session, ProcessedEvent, {"event_id": event_id, "at": at}, ["event_id"])


def forget(session: Session, before: datetime) -> int:
    """Drop the events handled before `before`; return how many. Slack sends none again.

    A retry comes within an hour of the event; a replayed request is refused by its age.
    """
    statement = delete(ProcessedEvent).where(col(ProcessedEvent.at) < before)
    return session.connection().execute(statement).rowcount
