"""Days off: weekends and holidays of a country, make-up workdays being no days off."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import holidays
from babel import Locale

from risk.monitor.quiet import never

WEEKENDS = "weekend"
"""Saturdays and Sundays, and no holidays."""
MOST = 100

_SATURDAY = 6


def is_known(code: str) -> bool:
    """Return whether `code` names days off: none, weekends, `CN`, `DE-BY`."""
    return code in {"", WEEKENDS} or code in _codes()


def days_off(code: str) -> Callable[[date], bool]:
    """Return which days are off by a calendar; none, if nobody knows it."""
    if code == WEEKENDS:
        return lambda day: day.isoweekday() >= _SATURDAY
    if code not in _codes():
        return never
    return lambda day: day in _off_in(code, day.year)


def banking_days(country: str | None) -> Callable[[date], bool]:
    """Return what tells whether banks are open on a day, in a country (ISO 3166).

    Without a country, or a calendar of it, only weekends are closed. Banks are closed
    on weekends though offices make up for a holiday: nobody is wronged by a day more.
    """
    off = days_off(country or WEEKENDS)
    return lambda day: day.isoweekday() < _SATURDAY and not off(day)


@cache
def _off_in(code: str, year: int) -> frozenset[date]:
    """Return every day of a year that is off.

    The years around it are read too: some workdays belong to a holiday of the next.
    """
    country, _, part = code.partition("-")
    calendar = holidays.country_holidays(
        country, subdiv=part or None, years=(year - 1, year, year + 1)
    )
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range(366))
    return frozenset(day for day in days if not calendar.is_working_day(day))


def calendar_name(code: str, language: str) -> str:
    """Return what a country's calendar is called, e.g. `Germany (BY)`; code if none."""
    country, _, part = code.partition("-")
    named = _countries(language).get(country, country)
    return f"{named} ({part})" if part else named


def calendars_like(text: str, language: str) -> list[tuple[str, str]]:
    """Return (code, name) of calendars called like `text`, in either language."""
    wanted = text.strip().casefold()
    names = {code: calendar_name(code, language) for code in _codes()}
    found = [
        (code, name)
        for code, name in names.items()
        if wanted in name.casefold()
        or code.casefold().startswith(wanted)
        or wanted in _countries("en").get(code.partition("-")[0], "").casefold()
    ]
    return sorted(found, key=lambda pair: (len(pair[0]) > 2, pair[1]))[:MOST]  # noqa: PLR2004 - countries come before their parts


@cache
def _codes() -> frozenset[str]:
    """Return every calendar there is, as ISO 3166 writes countries and their parts."""
    known = holidays.list_supported_countries(include_aliases=False)
    parts = {f"{country}-{part}" for country in known for part in known[country]}
    return frozenset({*known, *parts})


@cache
def _countries(language: str) -> dict[str, str]:
    """Return countries' names in a language, by code."""
    locale = Locale.parse(language, sep="-")
    return {str(code): str(name) for code, name in locale.territories.items()}
