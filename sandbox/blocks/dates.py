"""Moments as Slack writes them, in the reader's language and time zone."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta

_TOKEN = re.compile(r"\{(\w+)\}")
_NEAR = {
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
    "zh": {-1: "昨天", 0: "今天", 1: "明天"},
}
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}
_TEENS = range(11, 14)


@dataclass(frozen=True)
class Reader:
    """In which words and where a moment is read."""

    locale: str
    """`en` or `zh`."""
    zone: ZoneInfo
    now: datetime

    def local(self, timestamp: float) -> datetime:
        """Return the moment (seconds since 1970) on the reader's clock."""
        return datetime.fromtimestamp(timestamp, UTC).astimezone(self.zone)


def written(timestamp: int, pattern: str, reader: Reader) -> str:
    """Return `pattern` with its tokens, as `{date_short}`, replaced.

    A token that Slack does not know stays as it is.
    """
    try:
        moment = reader.local(timestamp)
    except (OverflowError, ValueError, OSError):
        return ""

    def token(found: re.Match[str]) -> str:
        write = _TOKENS.get(found.group(1))
        return write(moment, reader) if write else found.group()

    return _TOKEN.sub(token, pattern)


def clock(moment: datetime, reader: Reader, *, seconds: bool = False) -> str:
    """Return the time of day: `2:05 PM`, in Chinese `14:05`."""
    tail = f":{moment:%S}" if seconds else ""
    if reader.locale == "zh":
        return f"{moment:%H:%M}{tail}"
    return f"{moment.hour % 12 or 12}:{moment:%M}{tail} {moment:%p}"


def day(moment: datetime, reader: Reader) -> str:
    """Return the day as on the line between two days' messages."""
    near = _near(moment, reader)
    return near[:1].upper() + near[1:] if near else _date(moment, reader, long=True)


def _near(moment: datetime, reader: Reader) -> str:
    today = reader.now.astimezone(reader.zone).date()
    return _NEAR[reader.locale].get((moment.date() - today).days, "")


def _date(moment: datetime, reader: Reader, *, long: bool = False) -> str:
    """Return `February 18th, 2014`; long, with its day of the week."""
    if reader.locale == "zh":
        pattern = "y年M月d日 EEEE" if long else "y年M月d日"
        return format_date(moment, pattern, locale="zh")
    ending = "th" if moment.day in _TEENS else _ORDINALS.get(moment.day % 10, "th")
    weekday = f"{moment:%A}, " if long else ""
    return f"{weekday}{moment:%B} {moment.day}{ending}, {moment.year}"


def _short(moment: datetime, reader: Reader) -> str:
    if reader.locale == "zh":
        return format_date(moment, "y年M月d日", locale="zh")
    return f"{moment:%b} {moment.day}, {moment.year}"


def _ago(moment: datetime, reader: Reader) -> str:
    passed: timedelta = moment - reader.now
    return format_timedelta(passed, add_direction=True, locale=reader.locale)


_TOKENS: dict[str, Callable[[datetime, Reader], str]] = {
    "date_num": lambda m, _: f"{m:%Y-%m-%d}",
    "date_slash": lambda m, _: f"{m:%Y/%m/%d}",
    "date": _date,
    "date_short": _short,
    "date_long": lambda m, r: _date(m, r, long=True),
    "date_pretty": lambda m, r: _near(m, r) or _date(m, r),
    "date_short_pretty": lambda m, r: _near(m, r) or _short(m, r),
    "date_long_pretty": lambda m, r: _near(m, r) or _date(m, r, long=True),
    "day_divider_pretty": day,
    "time": clock,
    "time_secs": lambda m, r: clock(m, r, seconds=True),
    "ago": _ago,
}
