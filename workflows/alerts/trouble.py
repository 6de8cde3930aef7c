"""A place that cannot be alerted any more: it stops, and whoever set it up is told."""

import logging

from sqlmodel import Session

from storage import alerts, outbox, schedules
from storage.tables import AlertChannel
from templates.messages.alerts import AlertsStopped
from workflows.digest_trouble import LOST
from workflows.services import Services

log = logging.getLogger(__name__)


def report_lost_places(
    services: Services, session: Session, channel: str, reason: str
) -> int:
    """Stop the alerts of a lost channel and its threads; return how many stopped."""
    if reason not in LOST:
        return 0
    found = alerts.within(session, channel)
    return sum(stop(services, session, one, reason) for one in found)


def stop(
    services: Services, session: Session, channel: AlertChannel, reason: str
) -> bool:
    """Break a place's alerts off and owe a word of it; False if they were off."""
    if channel.id is None or channel.state not in {"on", "test"}:
        return False
    version = channel.version
    stopped = alerts.change(
        session,
        channel.id,
        version,
        state="broken",
        trouble=reason,
        changed_at=services.now(),
    )
    if stopped:
        _tell(services, session, channel, reason, version)
        log.warning("alerts.stopped", extra={"place": channel.place, "why": reason})
    return stopped


def _tell(
    services: Services,
    session: Session,
    channel: AlertChannel,
    reason: str,
    version: int,
) -> None:
    language = schedules.language_of(session, channel.created_by)
    words = services.render(AlertsStopped(channel.place, reason), language)
    outbox.put(
        session,
        key=f"alerts-stopped:{channel.id}:{version}",
        channel=channel.created_by,
        text=words.text,
        blocks=words.blocks,
        at=services.now(),
    )
