"""Whether only our own people read a place: Slack is asked beforehand, not in a sweep.

A place is looked at again before the last look is too old to count, so that an alert
need not wait for Slack's answer. While nobody has looked, alerts wait.
"""

import logging
from datetime import timedelta

from storage import alerts
from storage.tables import AlertChannel
from workflows.alerts.trouble import stop
from workflows.digest import OURS, READERS_HOLD, ReadersOf
from workflows.digest_trouble import LOST, OUTSIDERS
from workflows.services import Services

log = logging.getLogger(__name__)

AHEAD = timedelta(hours=1)


def readers_known(services: Services, channel: AlertChannel) -> bool:
    """Return whether we know that only our own people read a place."""
    checked = channel.readers_checked_at
    return checked is not None and services.now() - checked < READERS_HOLD


def check_readers(services: Services, readers_of: ReadersOf) -> int:
    """Look at who reads the places that were not looked at lately; stop what must.

    Return how many were looked at.
    """
    since = services.now() - READERS_HOLD + AHEAD
    with services.database.read() as session:
        due = alerts.readers_unchecked(session, since)
    for channel in due:
        readers = readers_of(channel.place.partition("/")[0])
        with services.database.write() as session:
            if readers == OURS and channel.id is not None:
                alerts.note_readers(session, channel.id, services.now())
            elif readers == OUTSIDERS or readers in LOST:
                stop(services, session, channel, readers)
            else:
                log.warning("alerts.readers_unsure", extra={"place": channel.place})
    return len(due)
