"""Working days, by country: weekends, holidays, and make-up workdays where they are."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

import holidays

SATURDAY = 5


@lru_cache(maxsize=256)
def holidays_of(country: str) -> holidays.HolidayBase | None:
    """Return the calendar of a country (ISO 3166); None if nobody keeps one."""
    try:
        return holidays.country_holidays(country.upper())
    except NotImplementedError:
        return None


def banking_days(country: str | None) -> Callable[[date], bool]:
    """Return what tells whether banks are open on a day, in a country.

    Without a country, or a calendar of it, only weekends are closed. Banks keep to
    weekends where offices make up for a holiday; a make-up Saturday is no banking day
    for money to arrive on, but nobody is wronged by a day more.
    """
    known = holidays_of(country) if country else None

    def is_open(day: date) -> bool:
        return day.weekday() < SATURDAY and (known is None or day not in known)

    return is_open
