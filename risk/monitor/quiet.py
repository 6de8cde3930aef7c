"""When a place may be interrupted: outside its quiet hours, not on its days off.

Quiet times are spans between moments, not readings of a clock: where clocks are put
back, an hour that was over does not begin again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from risk.calendar import moment_of

_DAY = timedelta(days=1)
_LONGEST = 400
"""A calendar closed for longer is wrong: better to interrupt than to be mute."""


def never(_day: date) -> bool:
    """Return that a day is no day off, whatever day it is."""
    return False


@dataclass(frozen=True, slots=True)
class QuietTimes:
    """When a place is not to be interrupted, as the clocks of `zone` show."""

    zone: ZoneInfo
    starts: time
    """From here to `ends`, over midnight where that is earlier; the same: no hours."""
    ends: time
    is_off: Callable[[date], bool] = never
    """Whether a day is quiet from midnight to midnight."""

    def open_from(self, now: datetime) -> datetime:
        """Return the first moment from `now` on that is not quiet; UTC, or `now`."""
        moment = now
        for _ in range(_LONGEST):
            ends = [end for start, end in self._around(moment) if start <= moment < end]
            if not ends:
                return moment
            moment = max(ends)
        return now

    def is_open(self, now: datetime) -> bool:
        """Return whether the place may be interrupted now."""
        return self.open_from(now) == now

    def _around(self, moment: datetime) -> list[tuple[datetime, datetime]]:
        """Return the quiet spans that may hold `moment`: of its day and its nearest."""
        today = moment.astimezone(self.zone).date()
        days = [today + n * _DAY for n in (-1, 0, 1)]
        hours = [self._hours(day) for day in days] if self.starts != self.ends else []
        return hours + [self._whole(day) for day in days if self.is_off(day)]

    def _hours(self, day: date) -> tuple[datetime, datetime]:
        """Return the quiet hours that begin on a day."""
        last = day + _DAY if self.ends < self.starts else day
        return self._moment(day, self.starts), self._moment(last, self.ends)

    def _whole(self, day: date) -> tuple[datetime, datetime]:
        return self._moment(day, time()), self._moment(day + _DAY, time())

    def _moment(self, day: date, at: time) -> datetime:
        return moment_of(datetime.combine(day, at), self.zone)
