"""Reads amounts of money as people write them: 80k, 1.234,56 EUR, ¥20万, 三十万."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

TIMES = {
    "k": 10**3,
    "grand": 10**3,
    "thousand": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "mio": 10**6,
    "mln": 10**6,
    "million": 10**6,
    "bn": 10**9,
    "billion": 10**9,
    "千": 10**3,
    "w": 10**4,
    "万": 10**4,
    "萬": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "億": 10**8,
}
_SIGNS = {
    "$": "USD",
    "us$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "CNY",
    "￥": "CNY",
    "rmb": "CNY",
    "人民币": "CNY",
    "元": "CNY",
    "块": "CNY",
    "美元": "USD",
    "美金": "USD",
    "刀": "USD",
    "欧元": "EUR",
    "英镑": "GBP",
    "日元": "JPY",
    "港币": "HKD",
    "港元": "HKD",
    "euro": "EUR",
    "euros": "EUR",
    "dollar": "USD",
    "dollars": "USD",
    "pounds": "GBP",
    "yuan": "CNY",
}
_CODES = (
    "usd|eur|gbp|cny|jpy|hkd|twd|sgd|krw|inr|aud|nzd|cad|chf|sek|nok|dkk|pln|czk|huf"
    "|ron|try|zar|brl|mxn|clp|cop|pen|aed|sar|ils|egp|thb|vnd|idr|myr|php|rub|uah"
)


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of these words, the longest first."""
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


_CURRENCY = f"{any_of(_SIGNS)}|{_CODES}"
_FIGURE = (
    r"\d{1,3}(?P<sep>[.,'\u00a0\u202f ])\d{3}(?:(?P=sep)\d{3})*(?:[.,]\d+)?(?!\d)"
    r"|\d+(?:[.,]\d+)?"
)
AMOUNT = re.compile(
    rf"(?P<minus>(?<!\S)[-−])?(?:(?P<before>{_CURRENCY})\s*)?"
    rf"(?P<inner>[-−])?(?<![A-Za-z\d.])(?P<number>{_FIGURE})"
    rf"\s*(?P<times>{any_of(TIMES)})?(?![a-z\d%])"
    rf"(?:\s*(?P<after>{_CURRENCY})(?![a-z]))?",
    re.IGNORECASE,
)

_CHINESE = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_HAN = re.compile(
    rf"(?P<han>[一二三四五六七八九两十][零〇一二三四五六七八九两十百千]*[万亿]"
    rf"[零〇一二三四五六七八九两十百千万]*|"
    rf"[一二三四五六七八九两十][零〇一二三四五六七八九两十百千]+(?=\s*(?:{_CURRENCY})))"
    rf"\s*(?P<after>{_CURRENCY})?"
)

_BELOW_TWENTY = re.split(
    " ",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen"
    " fourteen fifteen sixteen seventeen eighteen nineteen",
)
_TENS = re.split(" ", "twenty thirty forty fifty sixty seventy eighty ninety")
_UNITS = {word: n for n, word in enumerate(_BELOW_TWENTY)} | {
    word: 10 * n for n, word in enumerate(_TENS, start=2)
}
_LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_WORD = any_of([*_UNITS, "hundred", *_LARGE])
_SPELT = re.compile(
    rf"\b(?P<half>half\s+a\s+)?(?P<spelt>(?:an?\s+)?(?:{_WORD})"
    rf"(?:(?:\s+and)?[\s-]+(?:{_WORD}))*)\b(?:\s*(?P<after>{_CURRENCY})(?![a-z]))?",
    re.IGNORECASE,
)

_LONGEST = 60
"""Digits and separators of the largest amount that anybody writes in earnest."""

_LEAST_SPELT = 100
"""Smaller numbers in words are no amounts: “two weeks”, “one more”."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in a text: where it stands, what it is worth, how sure it is one."""

    start: int
    end: int
    value: Decimal
    currency: str | None
    has_unit: bool
    """Written with k, 万, million, …, and not as a name is (3M)."""

    @property
    def likelihood(self) -> tuple[bool, bool, Decimal]:
        """Order amounts: with a currency, with a unit, the largest."""
        return self.currency is not None, self.has_unit, abs(self.value)

    @property
    def marked(self) -> bool:
        """Return whether it can hardly be anything else than money."""
        return self.currency is not None or self.has_unit


def amounts_in(text: str) -> Iterator[Amount]:
    """Yield the amounts that `text` holds, by how they are written, then by place."""
    for found in AMOUNT.finditer(text):
        if len(found["number"]) <= _LONGEST:
            times = (found["times"] or "").lower()
            name_like = found["times"] == "M" and len(found["number"]) == 1
            has_unit = bool(times) and not name_like
            yield Amount(*found.span(), value_of(found), currency_of(found), has_unit)
    for found in _HAN.finditer(text):
        value = Decimal(_of_han(found["han"]))
        yield Amount(*found.span(), value, _code(found["after"]), has_unit=True)
    for found in _SPELT.finditer(text):
        value = _of_words(found["spelt"]) / (2 if found["half"] else 1)
        if value >= _LEAST_SPELT:
            yield Amount(*found.span(), value, _code(found["after"]), has_unit=True)


def value_of(amount: re.Match[str]) -> Decimal:
    """Return what a match of `AMOUNT` is worth, in its own currency."""
    times = (amount["times"] or "").lower()
    value = _figure(amount["number"], times) * TIMES.get(times, 1)
    return -value if amount["minus"] or amount["inner"] else value


def currency_of(amount: re.Match[str]) -> str | None:
    """Return the currency of a match of `AMOUNT`; None where none is said."""
    return _code(amount["before"] or amount["after"])


def number_of(text: str) -> Decimal | None:
    """Return a small number in digits or Chinese: 30, 三十, 两; None if it is none."""
    if text.isdecimal():
        return Decimal(text)
    known = _CHINESE.keys() | _SCALES.keys()
    return Decimal(_of_han(text)) if text and set(text) <= known else None


def _figure(digits: str, times: str) -> Decimal:
    """Return the worth of figures, whichever way their thousands are written.

    A last separator with three figures behind it marks thousands, for nobody writes
    tenths of cents; but “1.250m” is one and a quarter.
    """
    parts = re.split(r"[.,'\u00a0\u202f ]", digits)
    marks = re.findall(r"[.,'\u00a0\u202f ]", digits)
    if not marks:
        return Decimal(digits)
    alone = len(marks) == 1
    grouped = len(parts[-1]) == 3 and len(parts[0]) <= 3 and parts[0] != "0"  # noqa: PLR2004 - thousands
    if grouped and len(set(marks)) == 1 and not (alone and marks[0] == "." and times):
        return Decimal("".join(parts))
    if marks[-1] in ".,":
        return Decimal("".join(parts[:-1]) + "." + parts[-1])
    return Decimal("".join(parts))


def _code(said: str | None) -> str | None:
    return (_SIGNS.get(said.lower()) or said.upper()) if said else None


def _of_han(text: str) -> int:
    """Return the number that Chinese numerals spell: 两千五百万, 三十, 一亿二千万."""
    for mark, worth in (("亿", 10**8), ("万", 10**4)):
        before, found, after = text.partition(mark)
        if found:
            return _of_han(before) * worth + (_of_han(after) if after else 0)
    total = digit = 0
    for sign in text:
        if sign in _SCALES:
            total += (digit or 1) * _SCALES[sign]
            digit = 0
        else:
            digit = _CHINESE[sign]
    return total + digit


def _of_words(text: str) -> Decimal:
    """Return the number that English words spell: “two hundred and fifty thousand”."""
    total = part = 0
    for word in re.split(r"[\s-]+", text.casefold()):
        if word in _UNITS:
            part += _UNITS[word]
        elif word == "hundred":
            part = (part or 1) * 100
        elif word in _LARGE:
            total += (part or 1) * _LARGE[word]
            part = 0
    return Decimal(total + part)
