"""Quiet hours and days off end when they should, whatever clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.monitor.quiet import QuietTimes, never

NIGHT = (time(19), time(8))


def quiet(
    zone: str, hours: tuple[time, time] = NIGHT, *days_off: date, weekend: bool = False
) -> QuietTimes:
    def off(day: date) -> bool:
        return day in days_off or (weekend and day.isoweekday() > 5)

    return QuietTimes(ZoneInfo(zone), *hours, off)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-03-04T12:00", "2026-03-04T12:00"),  # open
        ("2026-03-04T18:00", "2026-03-05T07:00"),  # 19:00 in Berlin: it has begun
        ("2026-03-04T17:59", "2026-03-04T17:59"),
        ("2026-03-04T02:00", "2026-03-04T07:00"),  # after midnight
        ("2026-03-04T07:00", "2026-03-04T07:00"),  # its end is open
    ],
)
def test_the_night_ends_in_the_places_zone(now: str, opens: str) -> None:
    assert quiet("Europe/Berlin").open_from(at(now)) == at(opens)


def test_hours_within_a_day_are_quiet_too() -> None:
    lunch = quiet("Asia/Shanghai", (time(12), time(13, 30)))
    assert lunch.open_from(at("2026-03-04T04:10")) == at("2026-03-04T05:30")
    assert lunch.is_open(at("2026-03-04T05:30"))


def test_equal_hours_mean_none() -> None:
    assert quiet("UTC", (time(8), time(8))).is_open(at("2026-03-04T08:00"))


def test_a_friday_night_lasts_until_monday_where_weekends_are_off() -> None:
    place = quiet("Europe/Berlin", NIGHT, weekend=True)
    assert place.open_from(at("2026-03-06T20:00")) == at("2026-03-09T07:00")


def test_days_off_join_to_one_stretch() -> None:
    place = quiet("UTC", NIGHT, date(2026, 12, 25), date(2026, 12, 26), weekend=True)
    assert place.open_from(at("2026-12-24T21:00")) == at("2026-12-28T08:00")


def test_a_calendar_that_never_opens_does_not_hold_for_ever() -> None:
    place = QuietTimes(ZoneInfo("UTC"), *NIGHT, lambda _: True)
    assert place.is_open(at("2026-03-04T12:00"))


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        # Berlin skips 02:00–03:00 on 29 March: an end at 02:30 comes at 03:00.
        ((time(22), time(2, 30)), "2026-03-28T23:00", "2026-03-29T01:00"),
        # A beginning at 02:30 comes at 03:00 too.
        ((time(2, 30), time(6)), "2026-03-29T00:59", "2026-03-29T00:59"),
        ((time(2, 30), time(6)), "2026-03-29T01:00", "2026-03-29T04:00"),
        # Hours that lie within what is skipped do not come.
        ((time(2, 10), time(2, 50)), "2026-03-29T01:00", "2026-03-29T01:00"),
    ],
)
def test_hours_that_clocks_skip(hours: tuple[time, time], now: str, opens: str) -> None:
    assert quiet("Europe/Berlin", hours).open_from(at(now)) == at(opens)


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        # New York has 01:00–02:00 twice on 1 November: an end at 01:30 is the first,
        ((time(22), time(1, 30)), "2026-11-01T05:10", "2026-11-01T05:30"),
        # and what was over does not begin again when the clock shows 01:10 once more.
        ((time(22), time(1, 30)), "2026-11-01T06:10", "2026-11-01T06:10"),
        # A beginning at 01:30 is the first too, so 01:10 is quiet the second time.
        ((time(1, 30), time(6)), "2026-11-01T05:20", "2026-11-01T05:20"),
        ((time(1, 30), time(6)), "2026-11-01T06:10", "2026-11-01T11:00"),
    ],
)
def test_hours_that_clocks_show_twice(
    hours: tuple[time, time], now: str, opens: str
) -> None:
    assert quiet("America/New_York", hours).open_from(at(now)) == at(opens)


START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=700)).map(lambda t: START + t)
ZONES = st.sampled_from(
    (
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/St_Johns",
        "Asia/Shanghai",
        "Australia/Lord_Howe",
        "Pacific/Apia",
    )
)


@given(ZONES, st.times(), st.times(), st.sets(st.integers(1, 7), max_size=5), MOMENTS)
def test_the_moment_it_opens_is_open_and_the_one_before_is_not(
    zone: str, starts: time, ends: time, off: set[int], now: datetime
) -> None:
    place = QuietTimes(
        ZoneInfo(zone),
        starts.replace(second=0, microsecond=0),
        ends.replace(second=0, microsecond=0),
        (lambda day: day.isoweekday() in off) if off else never,
    )
    opens = place.open_from(now)
    assert opens >= now
    assert place.is_open(opens)
    if opens > now:
        assert not place.is_open(opens - timedelta(microseconds=1))
        assert place.open_from(now + (opens - now) / 2) == opens
