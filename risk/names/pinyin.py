"""Chinese characters as toneless pinyin, one syllable a character."""

import unicodedata
from functools import cache

from pypinyin.constants import PINYIN_DICT

_PHRASES = {
    "重庆": ("chong", "qing"),
    "厦门": ("xia", "men"),
    "佛山": ("fo", "shan"),
    "银行": ("yin", "hang"),
    "音乐": ("yin", "yue"),
    "蚌埠": ("beng", "bu"),
}
"""Where the common reading of a character is the wrong one."""

_LONGEST = len("zhuang")

_READINGS = {"长": "chang", "都": "du", "模": "mo", "乐": "le", "调": "tiao"}
"""Readings that company names use, where the dictionary puts another first."""


def syllables(text: str) -> list[str]:
    """Return the pinyin of each Chinese character in `text`; others are left out."""
    result: list[str] = []
    skip = False
    for index, character in enumerate(text):
        if skip:
            skip = False
            continue
        phrase = _PHRASES.get(text[index : index + 2])
        if phrase:
            result.extend(phrase)
            skip = True
        elif reading := syllable(character):
            result.append(reading)
    return result


def split(letters: str) -> tuple[str, ...]:
    """Return pinyin `letters` as syllables, as few as possible; () if they are none."""
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(letters) + 1):
        ways = [
            (*before, letters[start:end])
            for start in range(max(0, end - _LONGEST), end)
            if (before := best[start]) is not None and letters[start:end] in _all()
        ]
        best.append(min(ways, key=len, default=None))
    return best[-1] or ()


@cache
def _all() -> frozenset[str]:
    return frozenset(syllable(chr(code)) for code in PINYIN_DICT) - {""}


@cache
def syllable(character: str) -> str:
    """Return the toneless pinyin of one character, `ü` as `v`; "" if it has none."""
    if character in _READINGS:
        return _READINGS[character]
    reading = PINYIN_DICT.get(ord(character), "").partition(",")[0]
    if not reading:
        return ""
    for toned in "üǖǘǚǜ":
        reading = reading.replace(toned, "v")
    letters = unicodedata.normalize("NFD", reading)
    return "".join(letter for letter in letters if letter.isascii())
