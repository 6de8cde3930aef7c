"""Owes a message to a person or a channel, in the language that is read there."""

from sqlmodel import Session

from storage import outbox, schedules
from templates.messages.base import Message
from workflows.naming import is_person
from workflows.services import Services


def owe(
    services: Services,
    session: Session,
    where: str,
    message: Message,
    *,
    key: str,
    instead_of: str | None = None,
    thread_key: str | None = None,
    thread_ts: str | None = None,
    reader: str | None = None,
) -> None:
    """Owe `where` a message, once by `key`; in the language of `reader` if given.

    It is a new text for the one with the key `instead_of`, or goes into the thread of
    the one with the key `thread_key`, or of Slack's own `thread_ts`.
    """
    said = services.render(message, language_read(session, reader or where))
    outbox.put(
        session,
        key=key,
        channel=where,
        text=said.text,
        blocks=said.blocks,
        at=services.now(),
        method="update" if instead_of else "post",
        thread_key=instead_of or thread_key,
        thread_ts=thread_ts,
    )


def language_read(session: Session, where: str) -> str:
    """Return the language of a person, or of a channel's digest."""
    if is_person(where):
        return schedules.language_of(session, where)
    set_up = schedules.schedule_of(session, where)
    return set_up.language if set_up else "en"
