"""Reads amounts: grouped or not, in brackets, with signs, codes, or in 万."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Literal

from connectors.files.values import Wrong, currency_of, without_sign
from risk.errors import N_
from storage.columns import LARGEST_AMOUNT, MONEY_SCALE, to_units

DecimalMark = Literal[".", ","]

NO_AMOUNT = N_("This is no amount.")
TOO_LARGE = N_("No single amount is as large as this.")

_AROUND = re.compile(r"[^\d.,()'\-+]")
_LETTERS = re.compile(r"[^A-Za-z\u4e00-\u9fff]")
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d{1,3}")
_WHOLE = {
    mark: re.compile(rf"(\d{{1,3}}([{group}']\d{{2,3}})*[{group}']\d{{3}}|\d+)?")
    for mark, group in ((".", ","), (",", "."))
}
"""What may stand before the decimal mark; India groups by two."""

_TIMES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_UNITS = {
    "万元": 10**4,
    "千元": 10**3,
    "百万元": 10**6,
    "亿元": 10**8,
    "in thousands": 10**3,
    "thousands": 10**3,
    "in millions": 10**6,
    "millions": 10**6,
    "teur": 10**3,
    "t€": 10**3,
    "k€": 10**3,
    "keur": 10**3,
    "kusd": 10**3,
    "m€": 10**6,
    "meur": 10**6,
}
_UNIT = re.compile(r"[(（\[]\s*(?:人民币|单位[:：])?\s*(.+?)\s*[)）\]]\s*$")


def unit_of(heading: str) -> int:
    """Return what amounts below `heading` count: 10,000 below `应收金额（万元）`."""
    found = _UNIT.search(heading)
    return _UNITS.get(found[1].lower(), 1) if found else 1


def amount_reader(mark: DecimalMark, unit: int = 1) -> Callable[[str], int | Wrong]:
    """Return what reads amounts with this decimal mark and unit, in ten-thousandths."""
    plain = mark == "." and unit == 1

    def read(text: str) -> int | Wrong:
        whole, _, rest = text.partition(".")
        if plain and whole.isdecimal() and len(rest) <= 4 and len(whole) < 15:  # noqa: PLR2004 - units, LARGEST_AMOUNT
            if not rest:
                return int(whole) * MONEY_SCALE
            if rest.isdecimal():
                return int(whole) * MONEY_SCALE + int(rest.ljust(4, "0"))
        return _slow_amount(text, mark, unit)

    return read


def _slow_amount(text: str, mark: DecimalMark, unit: int) -> int | Wrong:
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    if _SCIENTIFIC.fullmatch(plain):
        return _units(Decimal(plain) * unit)
    counted = plain.removesuffix("元").rstrip()
    if counted[-1:] in _TIMES:
        plain, unit = counted[:-1], unit * _TIMES[counted[-1]]
    letters = _LETTERS.sub("", without_sign(plain))
    if letters and currency_of(letters) is None and letters not in {"CR", "DR"}:
        return Wrong(NO_AMOUNT)
    digits = _AROUND.sub("", plain)
    negative = letters == "CR"
    if digits.startswith("(") and digits.endswith(")"):
        negative, digits = True, digits[1:-1]
    if digits.endswith("-") or digits.startswith(("-", "+")):
        negative |= "-" in {digits[0], digits[-1]}
        digits = digits.removesuffix("-").lstrip("+-")
    number = _number(digits, mark)
    if number is None:
        return Wrong(NO_AMOUNT)
    return _units((-number if negative else number) * unit)


def _number(digits: str, mark: DecimalMark) -> Decimal | None:
    """Return the number that grouped `digits` are, or None if they are none."""
    whole, _, rest = digits.partition(mark)
    if not _WHOLE[mark].fullmatch(whole) or not (whole or rest):
        return None
    if rest and not rest.isdecimal():
        return None
    return Decimal(re.sub(r"\D", "", whole) + "." + rest)


def _units(amount: Decimal) -> int | Wrong:
    return Wrong(TOO_LARGE) if abs(amount) > LARGEST_AMOUNT else to_units(amount)


def decimal_mark(cells: Sequence[str]) -> DecimalMark | None:
    """Return the decimal mark that `cells` prove, or None if they leave it open."""
    votes: dict[DecimalMark, int] = {".": 0, ",": 0}
    for cell in cells:
        digits = re.sub(r"[^\d.,]", "", cell).strip(".,")
        dot, comma = digits.rfind("."), digits.rfind(",")
        if dot < 0 and comma < 0:
            continue
        if dot >= 0 and comma >= 0:
            votes["." if dot > comma else ","] += 1
            continue
        mark: DecimalMark = "." if dot >= 0 else ","
        after = len(digits) - max(dot, comma) - 1
        if digits.count(mark) > 1:
            votes["," if mark == "." else "."] += 1
        elif after != 3 or digits.startswith("0"):  # noqa: PLR2004 - a group of thousands
            votes[mark] += 1
    if votes["."] == votes[","]:
        return None
    return max(votes, key=lambda mark: votes[mark])


def is_group_like(cell: str) -> bool:
    """Return whether `cell` may be thousands or a fraction, as `1.234` may."""
    digits = re.sub(r"[^\d.,]", "", cell)
    return bool(re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", digits))
