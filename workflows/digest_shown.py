"""Shows the digests there are, and what one would say now; owes nothing."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from storage import schedules
from storage.tables import DigestRun, Schedule
from templates.messages.base import Message
from workflows.digest import preview, weekly
from workflows.digest_settings import NoDigest
from workflows.services import Services


@dataclass(frozen=True, slots=True)
class Standing:
    """A channel's digest, its next run in its own zone, and when it was last owed."""

    schedule: Schedule
    next_run: datetime | None
    last_run: datetime | None


def all_digests(services: Services) -> list[Standing]:
    """Return every channel's digest, in order of channel."""
    with services.database.read() as session:
        found = schedules.all_of_them(session)
        ids = [schedule.id for schedule in found if schedule.id is not None]
        last = schedules.last_runs(session, ids)
    return [
        Standing(schedule, _next(services, schedule), _last(last.get(schedule.id or 0)))
        for schedule in found
    ]


def digest_as_of_now(services: Services, channel: str) -> tuple[str, list[Message]]:
    """Return the language and the messages of a channel's digest, were it posted now.

    Raises:
        NoDigest: the channel has none.

    """
    with services.database.read() as session:
        schedule = schedules.schedule_of(session, channel)
        if schedule is None:
            raise NoDigest
        content = preview(services, session, schedule)
    return schedule.language, [content.message, *content.parts]


def _next(services: Services, schedule: Schedule) -> datetime | None:
    due = weekly(schedule).next(services.now()) if schedule.state == "on" else None
    return due.moment.astimezone(ZoneInfo(schedule.timezone)) if due else None


def _last(run: DigestRun | None) -> datetime | None:
    return run.owed_at if run else None
