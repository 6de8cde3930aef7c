"""How much there is of what the desk itself keeps: for `/metrics`."""

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.tables import DigestRun, ImportedFile, OutboxMessage


def outbox_by_state(session: Session) -> dict[str, int]:
    """Return how many messages are pending, sending, sent, and so on."""
    state = col(OutboxMessage.state)
    return dict(session.exec(select(state, func.count()).group_by(state)).all())


def digests_owed(session: Session) -> int:
    """Return how many digests were ever owed."""
    return session.exec(select(func.count()).select_from(DigestRun)).one()


def files_imported(session: Session) -> int:
    """Return how many files were ever imported."""
    return session.exec(select(func.count()).select_from(ImportedFile)).one()
