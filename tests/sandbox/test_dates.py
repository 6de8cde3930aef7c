"""Moments in the reader's words, on the reader's clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox.blocks.dates import clock, day, written
from tests.sandbox.drawn import NOW, reader


@pytest.mark.parametrize(
    ("days", "english", "chinese"),
    [
        (0, "Today", "今天"),
        (-1, "Yesterday", "昨天"),
        (1, "Tomorrow", "明天"),
        (-12, "Friday, February 20th, 2026", "2026年2月20日 星期五"),
    ],
)
def test_the_line_between_days(days: int, english: str, chinese: str) -> None:
    moment = NOW + timedelta(days=days)
    assert day(moment, reader()) == english
    assert day(moment, reader("zh")) == chinese


def test_the_hour_is_that_of_the_reader() -> None:
    at = int(datetime(2026, 7, 1, 22, 5, 9, tzinfo=UTC).timestamp())
    assert written(at, "{date_num} {time}", reader()) == "2026-07-01 11:05 PM"
    shanghai = reader("zh", "Asia/Shanghai")
    assert written(at, "{date_num} {time}", shanghai) == "2026-07-02 06:05"
    assert clock(shanghai.local(at), shanghai, seconds=True) == "06:05:09"


@pytest.mark.parametrize(("number", "said"), [(1, "1st"), (2, "2nd"), (11, "11th")])
def test_days_have_their_endings(number: int, said: str) -> None:
    moment = datetime(2025, 6, number, 12, tzinfo=ZoneInfo("Europe/London"))
    assert written(int(moment.timestamp()), "{date}", reader()) == f"June {said}, 2025"
