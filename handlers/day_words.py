"""Reads a day out of plain words, as people say when they will pay, in two languages.

“Friday”, “15 Dec”, “end of next month”, “in two weeks”, “下周三”, “12月15日”, “月底”. A
day said without its year is the next one of that name; 5/6 may be two, and is not read.
"""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

_WEEK = 7
_FRIDAY = 4
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905 - reads as a list
_DAYS = "mon tue wed thu fri sat sun".split()  # noqa: SIM905 - reads as a list
_NUMBERS = {
    word: n
    for words in (
        "one two three four five six seven eight nine ten",
        "一 二 三 四 五 六 七 八 九 十",
    )
    for n, word in enumerate(words.split(), 1)
} | {"a": 1, "两": 2, "兩": 2, "a couple of": 2}
_CHINESE_DAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_NTH = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MANY = rf"(?P<n>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_BY = r"(?:\b(?:by|on|before|until|till|in|at|the)\s+)*"

Read = Callable[[re.Match[str], date], date | None]


def read_day(text: str, today: date) -> tuple[str, date | None]:
    """Return `text` without the day it speaks of, and that day; None if it has none."""
    for pattern, read in _PATTERNS:
        for found in pattern.finditer(text):
            day = read(found, today)
            if day is not None:
                rest = f"{text[: found.start()]} {text[found.end() :]}"
                return rest, day
    return text, None


def _numeric(found: re.Match[str], _today: date) -> date | None:
    return _date(int(found["y"]), int(found["m"]), int(found["d"]))


def _dotted(found: re.Match[str], today: date) -> date | None:
    year = found["y"]
    whole = int(year) + (2000 if year and len(year) == 2 else 0) if year else None  # noqa: PLR2004 - 26 is 2026
    return _next_of(int(found["m"]), int(found["d"]), whole, today)


def _slashed(found: re.Match[str], today: date) -> date | None:
    first, second = int(found["a"]), int(found["b"])
    year = int(found["y"]) if found["y"] else None
    if first > 12 >= second:  # noqa: PLR2004 - months
        return _next_of(second, first, year, today)
    if second > 12 >= first:  # noqa: PLR2004 - months
        return _next_of(first, second, year, today)
    return None if first != second else _next_of(first, second, year, today)


def _named_month(found: re.Match[str], today: date) -> date | None:
    month = _MONTHS.index(found["month"].lower()[:3]) + 1
    return _next_of(month, int(found["day"]), _year(found), today)


def _chinese_month(found: re.Match[str], today: date) -> date | None:
    return _next_of(int(found["m"]), int(found["d"]), _year(found), today)


def _year(found: re.Match[str]) -> int | None:
    return int(found["y"]) if found["y"] else None


def _weekday(found: re.Match[str], today: date) -> date:
    wanted = _DAYS.index(found["weekday"].lower()[:3])
    return _this_or_next(wanted, today, following=bool(found["next"]))


def _chinese_weekday(found: re.Match[str], today: date) -> date:
    wanted = _CHINESE_DAYS[found["weekday"]]
    return _this_or_next(wanted, today, following=bool(found["next"]))


def _this_or_next(wanted: int, today: date, *, following: bool) -> date:
    """Return the next such weekday; with `following` that of the week after this."""
    if following:
        monday = today - timedelta(days=today.weekday()) + timedelta(days=_WEEK)
        return monday + timedelta(days=wanted)
    ahead = (wanted - today.weekday()) % _WEEK or _WEEK
    return today + timedelta(days=ahead)


def _ahead(found: re.Match[str], today: date) -> date | None:
    said = found["n"].lower()
    many = int(said) if said.isdigit() else _NUMBERS[said]
    unit = found["unit"].lower()
    if unit.startswith(("month", "月", "个月")):
        return _month_on(today, many)
    return today + timedelta(days=many * (_WEEK if unit[:1] in "w周星礼" else 1))


def _month_on(today: date, months: int) -> date:
    place = today.year * 12 + today.month - 1 + months
    year, month = divmod(place, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(today.day, last))


def _end_of_month(found: re.Match[str], today: date) -> date:
    on = _month_on(today.replace(day=1), 1 if found["next"] else 0)
    return on.replace(day=calendar.monthrange(on.year, on.month)[1])


def _end_of_week(found: re.Match[str], today: date) -> date:
    return _this_or_next(_FRIDAY, today - timedelta(days=1), following=False) + (
        timedelta(days=_WEEK if found["next"] else 0)
    )


def _next_week(_found: re.Match[str], today: date) -> date:
    return _this_or_next(_FRIDAY, today, following=True)


def _near(found: re.Match[str], today: date) -> date:
    return today + timedelta(days=_NEAR[found["near"].lower()])


def _day_of_month(found: re.Match[str], today: date) -> date | None:
    wanted = int(found["day"])
    for months in range(3):
        on = _month_on(today.replace(day=1), months)
        day = _date(on.year, on.month, wanted)
        if day and day > today:
            return day
    return None


def _next_of(month: int, day: int, year: int | None, today: date) -> date | None:
    """Return that day, of the year said or else the next one that has it."""
    if year is not None:
        return _date(year, month, day)
    this = _date(today.year, month, day)
    return this if this and this >= today else _date(today.year + 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_NEAR = {
    "day after tomorrow": 2,
    "tomorrow": 1,
    "today": 0,
    "大后天": 3,
    "后天": 2,
    "後天": 2,
    "明天": 1,
    "明日": 1,
    "今天": 0,
    "今日": 0,
}
_NEARLY = rf"(?P<near>{'|'.join(sorted(_NEAR, key=len, reverse=True))})"
_WEEKDAY = rf"(?P<weekday>{'|'.join(_DAYS)})(?:day|nesday|sday|rsday|urday|s|rs|ur)?"
_NEXT = r"(?P<next>next\s+)?"
_CHINESE_NEXT = r"(?P<next>下个?)?"


def _compiled(*pairs: tuple[str, Read]) -> list[tuple[re.Pattern[str], Read]]:
    return [(re.compile(text, re.IGNORECASE), read) for text, read in pairs]


_PATTERNS = _compiled(
    (rf"{_BY}(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?!\d)", _numeric),
    (
        r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号號]?[前之前]*",
        _chinese_month,
    ),
    (
        rf"{_BY}(?<![\d.])(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?P<y>\d{{4}}|\d{{2}})?(?!\d)",
        _dotted,
    ),
    (
        rf"{_BY}(?<!\d)(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})(?:/(?P<y>\d{{4}}))?(?!\d)",
        _slashed,
    ),
    (rf"{_BY}\b{_NTH}\s+(?:of\s+)?{_MONTH}(?:,?\s+(?P<y>\d{{4}}))?\b", _named_month),
    (rf"{_BY}\b{_MONTH}\s+(?:the\s+)?{_NTH}\b(?:,?\s+(?P<y>\d{{4}}))?", _named_month),
    (
        rf"(?:by|at|before|\s)*(?:the\s+)?end\s+of\s+(?:the\s+|this\s+)?{_NEXT}month",
        _end_of_month,
    ),
    (
        rf"(?:by|at|before|\s)*(?:the\s+)?end\s+of\s+(?:the\s+|this\s+)?{_NEXT}week",
        _end_of_week,
    ),
    (
        r"(?:本月|这个月|這個月)?(?P<next>下个?月)?(?:月底|月末|底)(?<=[月末底])前?",
        _end_of_month,
    ),
    (
        rf"{_BY}\b(?:this\s+)?{_NEXT}{_WEEKDAY}\b",
        _weekday,
    ),
    (
        rf"(?:在|于|本|这|這)?{_CHINESE_NEXT}(?:周|星期|礼拜|週)(?P<weekday>[一二三四五六日天])之?前?",
        _chinese_weekday,
    ),
    (
        rf"\b(?:in|within)\s+{_MANY}\s+(?P<unit>days?|weeks?|months?)(?:'?\s*time)?\b",
        _ahead,
    ),
    (
        rf"{_MANY}\s*个?(?P<unit>天|日|周|星期|礼拜|月|个月)(?:之?内|以?内|之?后|以后|後)",
        _ahead,
    ),
    (r"(?:by\s+|in\s+)?\bnext\s+week\b|下个?(?:周|星期|礼拜|週)", _next_week),
    (
        rf"(?:by\s+)?(?:\bthe\s+)?{_NEARLY}",
        _near,
    ),
    (r"\b(?:by|on|before)\s+the\s+(?P<day>\d{1,2})(?:st|nd|rd|th)\b", _day_of_month),
    (r"(?<![\d月])(?P<day>\d{1,2})[号號](?:之?前)?", _day_of_month),
)
"""How days are said, the most telling first."""
