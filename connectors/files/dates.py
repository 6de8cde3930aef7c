"""Reads dates as people write them; the column says which of day and month is first."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from connectors.files.values import Wrong
from risk.errors import N_

Order = Literal["dmy", "mdy"]

NO_DATE = N_("This is no date.")

_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan januar",
            "feb februar",
            "mar märz maerz mär mrz",
            "apr",
            "may mai",
            "jun juni",
            "jul juli",
            "aug",
            "sep sept",
            "oct okt oktober",
            "nov",
            "dec dez dezember",
        ],
        1,
    )
    for name in names.split()
}
_YEAR_FIRST = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s].*)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")
_NUMBERS = re.compile(
    r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})(?:[\sT].*)?"
)
_DAY_NAMED = re.compile(r"(\d{1,2})[-\s./]*([^\W\d]{3,9})\.?[-\s,./]*(\d{4}|\d{2})")
_NAMED_DAY = re.compile(
    r"([^\W\d]{3,9})\.?[-\s]*(\d{1,2})(?:st|nd|rd|th)?[-\s,]+(\d{4}|\d{2})"
)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_EXCEL_ZERO = date(1899, 12, 30)
_EARLIEST, _LATEST = 1950, 2150
_USUAL_TERMS = frozenset(
    {0, 5, 7, 8, 10, 14, 15, 20, 21, 28, 30, 31, 45, 60, 75, 90, 120}
)
_MOST_SEEN = 20_000
"""Distinct cells that are remembered: dates of fifty years; times of day may differ."""
_CLEARLY, _SELDOM = 10, 0.1
"""Faults by which one order must be worse; share of rows the other may have."""


def date_reader(order: Order | None) -> Callable[[str], str | Wrong]:
    """Return what reads dates as ISO text, with day and month in this order."""

    def read(text: str) -> str | Wrong:
        day = parse(text, order or "dmy")
        return Wrong(NO_DATE) if day is None else day.isoformat()

    return read


def parse(text: str, order: Order) -> date | None:
    """Return the date that `text` means, or None."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _date(found[1], found[2], found[3])
    if found := _NUMBERS.fullmatch(plain):
        day, month = (found[1], found[2]) if order == "dmy" else (found[2], found[1])
        return _date(found[3], month, day)
    if found := _SERIAL.fullmatch(plain):
        day_number = int(found[1])
        return _EXCEL_ZERO + timedelta(day_number) if day_number > 18_000 else None  # noqa: PLR2004 - 1949
    if found := _DAY_NAMED.fullmatch(plain):
        return _date(found[3], _month(found[2]), found[1])
    if found := _NAMED_DAY.fullmatch(plain):
        return _date(found[3], _month(found[1]), found[2])
    return _year_or_month(plain)


def _year_or_month(plain: str) -> date | None:
    """Return the last day of a bare year or a month (`2024`, `2024-06`)."""
    if re.fullmatch(r"\d{4}(\.0|年度?)?", plain):
        return _date(plain[:4], "12", "31")
    if found := re.fullmatch(r"(\d{4})[-/.年](\d{1,2})月?", plain):
        first = _date(found[1], found[2], "1")
        return first and (first + timedelta(31)).replace(day=1) - timedelta(1)
    return None


def _month(name: str) -> str:
    lower = name.lower()
    return str(_MONTHS.get(lower) or _MONTHS.get(lower[:3], 0))


def _date(year: str, month: str, day: str) -> date | None:
    full = int(year)
    if len(year) == 2:  # noqa: PLR2004 - two digits
        full += 2000 if full < 70 else 1900  # noqa: PLR2004 - the usual pivot
    if not _EARLIEST <= full <= _LATEST:
        return None
    try:
        return date(full, int(month), int(day))
    except ValueError:
        return None


@dataclass
class Evidence:
    """What the cells of a date column say about the order of day and month."""

    day_first: int = 0
    month_first: int = 0
    open: int = 0
    example: str = ""
    dotted: bool = False
    _seen: set[str] = field(default_factory=set)

    def see_all(self, cells: set[str]) -> None:
        """Take cells into account, each distinct one once."""
        for cell in cells - self._seen:
            self.see(cell)
        if len(self._seen) < _MOST_SEEN:
            self._seen |= cells

    def see(self, cell: str) -> None:
        """Take one cell into account."""
        cell = cell.strip()
        found = _NUMBERS.fullmatch(unicodedata.normalize("NFKC", cell).strip())
        if found is None:
            return
        first, second = int(found[1]), int(found[2])
        self.dotted |= "." in cell
        if first > 12 >= second:  # noqa: PLR2004 - months
            self.day_first += 1
        elif second > 12 >= first:  # noqa: PLR2004 - months
            self.month_first += 1
        elif first != second:
            self.open += 1
            self.example = self.example or cell

    @property
    def order(self) -> Order | None:
        """Return the order that the column proves, or None."""
        if self.day_first > self.month_first or (self.dotted and not self.month_first):
            return "dmy"
        return "mdy" if self.month_first else None


def order_by_terms(
    dates: Sequence[tuple[str | None, ...]], today: date
) -> Order | None:
    """Return the order in which (issued, due, paid) make sense, or None if both do."""
    faults = {order: _faults(dates, order, today) for order in ("dmy", "mdy")}
    if faults["dmy"] == faults["mdy"]:
        return None
    better, worse = sorted(faults, key=lambda order: faults[order])
    clear = faults[worse] - faults[better] >= _CLEARLY
    if not clear or faults[better] > _SELDOM * len(dates):
        return None
    return "dmy" if better == "dmy" else "mdy"


def _faults(rows: Sequence[tuple[str | None, ...]], order: str, today: date) -> float:
    """Return how often dates would stand in the wrong order or on odd terms."""
    chosen: Order = "dmy" if order == "dmy" else "mdy"
    faults = 0.0
    for row in rows:
        days = [cell and parse(cell, chosen) for cell in row]
        known = [day for day in days if isinstance(day, date)]
        faults += sum(later < earlier for earlier, later in pairwise(known))
        if known and known[0] > today:
            faults += 1
        if len(days) > 1 and isinstance(days[0], date) and isinstance(days[1], date):
            faults += (days[1] - days[0]).days not in _USUAL_TERMS
    return faults
