"""A digest that cannot reach its channel: it stops, and its creator is told once."""

import logging

from sqlmodel import Session

from storage import outbox, schedules
from storage.tables import Schedule
from templates.messages.digest import DigestStopped
from workflows.services import Services

log = logging.getLogger(__name__)

LOST = frozenset(
    {
        "is_archived",
        "channel_not_found",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "channel_type_not_supported",
    }
)
"""Slack's names for a channel that does not take our messages."""

OUTSIDERS = "outsiders"
"""Ours: guests, or people of another company, read the channel."""


def report_lost_channel(
    services: Services, session: Session, channel: str, reason: str
) -> bool:
    """Stop the digest of a channel that is lost; return whether one was stopped."""
    if reason not in LOST:
        return False
    schedule = schedules.schedule_of(session, channel)
    if schedule is None:
        return False
    return stop(services, session, schedule, reason)


def stop(services: Services, session: Session, schedule: Schedule, reason: str) -> bool:
    """Break a digest off for `reason` and owe its creator a word; False if it was off.

    The session is a writing one; nothing else of the schedule changes.
    """
    runs = schedule.state == "on" or schedule.asked is not None
    if schedule.id is None or not runs:
        return False
    version = schedule.version
    stopped = schedules.change(
        session,
        schedule.id,
        version,
        state="broken",
        trouble=reason,
        asked=None,
        changed_at=services.now(),
    )
    if stopped:
        _tell(services, session, schedule, reason)
        log.warning("digest.stopped", extra={"schedule": schedule.id, "why": reason})
    return stopped


def _tell(
    services: Services, session: Session, schedule: Schedule, reason: str
) -> None:
    language = schedules.language_of(session, schedule.created_by)
    words = services.render(DigestStopped(schedule.channel, reason), language)
    outbox.put(
        session,
        key=f"digest-stopped:{schedule.id}:{schedule.version}",
        channel=schedule.created_by,
        text=words.text,
        blocks=words.blocks,
        at=services.now(),
    )
