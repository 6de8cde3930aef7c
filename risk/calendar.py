"""When something that recurs by the week is due, in a zone that changes its clocks.

Source: RFC 5545's and zoneinfo's (PEP 495) reading of gaps and folds, with one rule of
our own: an hour that a clock change skips is held at the next minute that exists.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_WEEK = 8
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Due:
    """One occurrence: what the wall clock should say, and the moment it is."""

    nominal: datetime
    """Local and naive on purpose: it names the occurrence, once, whatever clocks do."""
    moment: datetime
    """Aware, in UTC."""

    @property
    def period(self) -> str:
        """Return the occurrence's name, e.g. `2026-03-29T02:30`."""
        return self.nominal.isoformat(timespec="minutes")


@dataclass(frozen=True, slots=True)
class Weekly:
    """On `days` (ISO weekdays, 1 = Monday) at `at`, as the clocks of `zone` show."""

    days: Collection[int]
    at: time
    zone: ZoneInfo

    def last(self, now: datetime) -> Due | None:
        """Return the latest occurrence at or before `now`; None if it has no days."""
        today = now.astimezone(self.zone).date()
        for back in range(-1, _WEEK):
            due = self._on(today - timedelta(days=back))
            if due and due.moment <= now:
                return due
        return None

    def next(self, now: datetime) -> Due | None:
        """Return the first occurrence after `now`; None if it has no days."""
        today = now.astimezone(self.zone).date()
        for ahead in range(-1, _WEEK):
            due = self._on(today + timedelta(days=ahead))
            if due and due.moment > now:
                return due
        return None

    def _on(self, day: date) -> Due | None:
        if day.isoweekday() not in self.days:
            return None
        nominal = datetime.combine(day, self.at)
        return Due(nominal, moment_of(nominal, self.zone))


def moment_of(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, at which the clocks of `zone` show `local`.

    Where they show it twice, the first; where they skip it, the next minute they show.
    """
    while True:
        moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == local:
            return moment
        local += _MINUTE
