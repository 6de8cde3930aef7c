"""The time zones that people may choose."""

from functools import cache
from zoneinfo import available_timezones


@cache
def time_zones() -> frozenset[str]:
    """Return the name of each: hundreds of files are looked into, so once."""
    return frozenset(available_timezones())
