"""Reads cells: each reader turns text into what the database keeps, or says why not."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import Locale
from babel.numbers import is_currency

from risk.errors import N_

NO_FLAG = N_("This is neither yes nor no.")
NO_CURRENCY = N_("No currency has this code.")
NO_NUMBER = N_("This is no number.")

_NOTHING = frozenset(
    {"", "-", "--", "—", "null", "none", "nan", "nat", "n/a", "na", "#n/a", "\\n", "无"}
)
_YES = frozenset(
    [
        "yes",
        "y",
        "true",
        "t",
        "1",
        "x",
        "ja",
        "j",
        "si",
        "oui",
        "是",
        "有",
        "对",
        "√",
        "✓",
        "真",
        "已",
    ]
)
_NO = frozenset(
    ["no", "n", "false", "f", "0", "nein", "non", "否", "无", "没有", "×", "假", "未"]
)
_SIGNS = {
    "US$": "USD",
    "HK$": "HKD",
    "AU$": "AUD",
    "A$": "AUD",
    "CA$": "CAD",
    "C$": "CAD",
    "NZ$": "NZD",
    "S$": "SGD",
    "NT$": "TWD",
    "R$": "BRL",
    "MX$": "MXN",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "CNY",
    "￥": "CNY",
    "₹": "INR",
    "₩": "KRW",
    "元": "CNY",
    "人民币": "CNY",
    "美元": "USD",
    "美金": "USD",
    "欧元": "EUR",
    "港币": "HKD",
    "港元": "HKD",
    "日元": "JPY",
    "英镑": "GBP",
    "RMB": "CNY",
    "EURO": "EUR",
    "澳元": "AUD",
    "新加坡元": "SGD",
}
_SIGN = re.compile("|".join(re.escape(s) for s in sorted(_SIGNS, key=len)[::-1]))
_SHARED = {"$": ("AUD", "CAD", "NZD", "SGD", "HKD", "TWD", "MXN"), "¥": ("JPY",)}
"""Currencies at home with a sign that elsewhere means another."""

_MOST_CACHED = 40_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a cell cannot be read."""

    reason: str
    details: Mapping[str, object] = field(default_factory=dict)


class Reader(dict[str, Any]):
    """Reads the cells of a column, each distinct text once."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        """Read with `read`, which is given text that is not empty."""
        super().__init__()
        self._read = read
        self.doubtful = False
        """Whether any cell so far could not be read."""

    def __missing__(self, text: str) -> Any:
        """Return what `text` means; None where it says nothing."""
        short = text.strip()
        value = None if short.lower() in _NOTHING else self._read(short)
        self.doubtful |= type(value) is Wrong
        self[text] = value
        return value

    def column(self, cells: Iterable[str]) -> list[Any]:
        """Return what each of `cells` means."""
        if len(self) > _MOST_CACHED:
            self.clear()
        return [self[cell] for cell in cells]


def read_text(text: str) -> str:
    """Return `text` in one line."""
    return " ".join(text.split())


def read_id(text: str) -> str:
    """Return a number as people know it: `2960623488.0` is `2960623488`."""
    whole, _, rest = text.partition(".")
    if rest and not rest.strip("0") and whole.isdigit():
        return whole
    return " ".join(text.split())


def read_flag(text: str) -> bool | Wrong:
    """Return yes or no, in the languages people answer in."""
    word = text.lower().removesuffix(".0")
    if word in _YES or word in _NO:
        return word in _YES
    return Wrong(NO_FLAG)


def _currency_names() -> dict[str, str]:
    """Return the codes of today's larger currencies by their names, in capitals."""
    codes = (
        "USD EUR CNY GBP JPY CHF CAD AUD NZD HKD SGD TWD KRW INR BRL MXN SEK NOK DKK "
        "PLN CZK HUF THB MYR IDR VND PHP ZAR TRY AED SAR RUB"
    )
    named = {
        str(name).upper(): code
        for language in ("de", "zh", "en")
        for code in codes.split()
        if (name := Locale(language).currencies.get(code))
    }
    plural = {f"{name}S": code for name, code in named.items() if name.isascii()}
    return plural | named | {"USA": "USD", "人民币元": "CNY"}


_CURRENCY_NAMES = _currency_names()


def currency_of(text: str) -> str | None:
    """Return the ISO code that `text` means, or None."""
    code = unicodedata.normalize("NFKC", text).strip().upper()
    if text in _SIGNS or code in _SIGNS:
        return _SIGNS.get(text) or _SIGNS[code]
    if code in _CURRENCY_NAMES:
        return _CURRENCY_NAMES[code]
    return code if len(code) == 3 and is_currency(code) else None  # noqa: PLR2004 - ISO 4217


def read_currency(text: str) -> str | Wrong:
    """Return the ISO code of a currency given by code, sign or name."""
    return currency_of(text) or Wrong(NO_CURRENCY)


def sign_in(text: str, home: str = "") -> str | None:
    """Return the currency of the sign or code that stands in an amount, or None.

    A sign that several currencies share is that of `home`, where `home` is one of them.
    """
    found = _SIGN.search(text.upper())
    if found:
        shared = _SHARED.get(found[0].replace("￥", "¥"), ())
        return home if home in shared else _SIGNS[found[0]]
    letters = re.sub(r"[^A-Za-z]", "", text)
    return currency_of(letters)


def without_sign(text: str) -> str:
    """Return an amount in capitals, without currency signs."""
    return _SIGN.sub("", text.upper())


def read_share(text: str) -> str | Wrong:
    """Return a share of one: `12 %`, `12` and `0.12` are the same."""
    plain = unicodedata.normalize("NFKC", text).replace(",", ".")
    number = read_rate(plain.removesuffix("%").strip())
    if isinstance(number, Wrong):
        return number
    share = Decimal(number)
    if plain.endswith("%") or share > 1:
        share /= 100
    return str(share) if 0 <= share <= 1 else Wrong(NO_NUMBER)


def read_rate(text: str) -> str | Wrong:
    """Return a positive number as exact text."""
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return Wrong(NO_NUMBER)
    if not number.is_finite() or not 0 <= number < Decimal(10) ** 9:
        return Wrong(NO_NUMBER)
    return str(round(number, 8))


def read_days(text: str) -> int | None:
    """Return the days in `30`, `Net 30`, `30 天` or `月结60天`; None if it has none."""
    found = re.findall(r"\d{1,3}(?![\d%])", text)
    return int(found[-1]) if found else None


def read_country(text: str) -> str | None:
    """Return the ISO 3166 alpha-2 code of a country's code or name, or None."""
    code = text.upper()
    return code if code in _TERRITORIES.values() else _TERRITORIES.get(code)


def _territories() -> dict[str, str]:
    named = {}
    for language in ("en", "zh", "de"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():  # noqa: PLR2004 - alpha-2
                named[name.upper()] = code
    return named | {"USA": "US", "UK": "GB", "CHINA": "CN", "中国大陆": "CN"}


_TERRITORIES = _territories()


def cell_text(value: Any) -> str:
    """Return a workbook's cell as a text file would have it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
