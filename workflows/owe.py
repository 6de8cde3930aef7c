"""Puts a message into the outbox, once, in its reader's language."""

from storage import events, outbox
from templates.messages.base import Message
from workflows.services import Services


def owe_reply(
    services: Services,
    message: Message,
    *,
    event_id: str,
    language: str,
    channel: str,
    thread_ts: str | None = None,
    only_for: str | None = None,
) -> bool:
    """Owe the answer to one of Slack's events; return False if it is owed already.

    `only_for` makes it visible to that person alone. The event counts as handled from
    the same transaction on, so a retry of Slack's neither repeats nor loses it.
    """
    rendered = services.render(message, language)
    with services.database.write() as session:
        owed = outbox.put(
            session,
            key=f"event:{event_id}",
            channel=channel,
            text=rendered.text,
            blocks=rendered.blocks,
            at=services.now(),
            method="ephemeral" if only_for else "post",
            user=only_for,
            thread_ts=thread_ts,
        )
        events.mark_processed(session, event_id, services.now())
    services.wake_delivery()
    return owed


def is_handled(services: Services, event_id: str) -> bool:
    """Return whether the event was handled already."""
    with services.database.read() as session:
        return events.is_processed(session, event_id)
