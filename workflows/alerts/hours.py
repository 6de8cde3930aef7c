"""When places and people may be interrupted."""

from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from risk.monitor.quiet import QuietTimes
from storage.tables import AlertChannel, User
from workflows.calendars import days_off
from workflows.services import Services


def quiet_times(channel: AlertChannel) -> QuietTimes:
    """Return when a place is not to be interrupted."""
    return QuietTimes(
        zone=_zone(channel.timezone),
        starts=time.fromisoformat(channel.quiet_from),
        ends=time.fromisoformat(channel.quiet_to),
        is_off=days_off(channel.holidays),
    )


def open_for(services: Services, person: User | None) -> datetime:
    """Return when a person may be interrupted next: by the policy, in their zone."""
    policy = services.policy.policy.monitor.alerts
    quiet = QuietTimes(
        zone=_zone(person.timezone if person else "UTC"),
        starts=time.fromisoformat(policy.quiet_from),
        ends=time.fromisoformat(policy.quiet_to),
    )
    return quiet.open_from(services.now())


def _zone(name: str) -> ZoneInfo:
    """Return a zone by its name; UTC, where Slack names one that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
