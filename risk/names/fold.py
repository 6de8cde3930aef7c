"""A name brought into the one form in which names are compared."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

from risk.names.once import Once
from risk.names.pinyin import readings, spelling, split, syllables
from risk.names.variants import plain
from risk.names.words import (
    CHINESE_GENERIC,
    CHINESE_LEGAL,
    LEGAL,
    REGIONS,
    SHORT_FORM,
    SMALL,
    UMBRELLA,
)

LONGEST = 300
"""Characters of a name that count; more is noise."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"
"""What a Chinese character is, within a regular expression's brackets."""

_TOKEN = re.compile(f"[{HAN}]+|[^\\W_{HAN}]+")
_IS_HAN = re.compile(f"[{HAN}]").match
_DOTS = re.compile(r"(?<=\b\w)\.(?=\w\b)|['’`´]")
_AREA = re.compile(r"^[省市区县州]")
_LEGAL_END = re.compile(f"(?:{'|'.join(CHINESE_LEGAL)})$")
_LATIN_END = re.compile(f"(?: (?:{'|'.join(sorted(LEGAL | SMALL))}))+$")
_LITTLE = LEGAL | SMALL
_REGION_LENGTHS = sorted({len(region) for region in REGIONS}, reverse=True)


@dataclass(frozen=True)
class Folded:
    """A name as it is compared; all else follows from its `text`."""

    text: str
    """Folded words and runs of Chinese characters, in order, a space between."""

    @Once
    def written(self) -> tuple[str, ...]:
        """Return the Latin words and numbers as they are written."""
        if self.text.isascii():
            return tuple(self.text.split())
        return tuple(word for word in self.text.split() if not _IS_HAN(word))

    @Once
    def han(self) -> str:
        """Return all Chinese characters, in order."""
        if self.text.isascii():
            return ""
        return "".join(word for word in self.text.split() if _IS_HAN(word))

    @Once
    def words(self) -> tuple[str, ...]:
        """Return the Latin words, those that people abbreviate in their short form."""
        return tuple(SHORT_FORM.get(word, word) for word in self.written)

    @Once
    def core_words(self) -> tuple[str, ...]:
        """Return the words without legal forms; all of them where nothing else is."""
        return tuple(w for w in self.words if w not in _LITTLE) or self.words

    @Once
    def core_written(self) -> tuple[str, ...]:
        """Return `core_words` as they are written."""
        return tuple(w for w in self.written if w not in _LITTLE) or self.written

    @Once
    def squashed(self) -> str:
        """Return the core words without the spaces that people misplace."""
        return "".join(self.core_words)

    @Once
    def squashed_written(self) -> str:
        """Return the words as written, but legal forms, without spaces."""
        return "".join(self.core_written)

    @Once
    def letters(self) -> str:
        """Return all words as written, without spaces."""
        return "".join(self.written)

    @Once
    def initials(self) -> dict[str, float]:
        """Return the acronyms it may go by, each with how likely people use it.

        Most leave legal forms out, some a closing “Group” too; few spell all.
        """
        core = [w for w in self.written if w not in _LITTLE]
        ways: list[tuple[list[str], float]] = [
            (core, 1.0),
            ([w for w in self.written if w not in LEGAL], 0.99),
            ([w for w in core if SHORT_FORM.get(w) not in UMBRELLA], 0.98),
            (list(self.written), 0.97),
            ([w for w in self.written if w not in SMALL], 0.97),
        ]
        found: dict[str, float] = {}
        for words, use in ways:
            found.setdefault("".join([w[0] for w in words]), use)
        return found

    @Once
    def han_core(self) -> str:
        """Return the characters without the legal form; all if nothing else is."""
        return _LEGAL_END.sub("", self.han) or self.han

    @Once
    def han_own(self) -> str:
        """Return the core without the region it begins with: what is its own."""
        core = self.han_core
        for length in _REGION_LENGTHS:
            if core[:length] in REGIONS:
                rest = _AREA.sub("", core[length:])
                return rest if len(rest) > 1 else core
        return core

    @Once
    def han_short(self) -> str:
        """Return the own part without an ending that full names word differently."""
        own = self.han_own
        for ending in CHINESE_GENERIC:
            if own.endswith(ending) and len(own) > len(ending) + 1:
                return own[: -len(ending)]
        return own

    @Once
    def sounds(self) -> tuple[str, ...]:
        """Return the core's pinyin, a syllable a character."""
        return syllables(self.han_core)

    @Once
    def readings(self) -> tuple[tuple[str, ...], ...]:
        """Return the core's pinyin in each way it is read, the likeliest first."""
        return readings(self.han_core)

    @Once
    def own_readings(self) -> tuple[tuple[str, ...], ...]:
        """Return the same of its own part; () where that is the whole core."""
        own = len(self.han_own)
        if own == len(self.han_core):
            return ()
        return tuple(dict.fromkeys(sounds[-own:] for sounds in self.readings))

    @Once
    def spelled(self) -> str:
        """Return it as if typed in pinyin: Chinese characters by their sound."""
        return spell(self.text) if self.han else self.pinyin

    @Once
    def pinyin(self) -> str:
        """Return the Latin letters as pinyin: no tones, one way to write `ü`."""
        return spelling(self.letters)

    @Once
    def spoken(self) -> tuple[str, ...]:
        """Return the Latin letters as pinyin syllables; () where they are none."""
        return split(self.pinyin)


def core_text(text: str) -> str:
    """Return a folded Latin text without the legal forms that stand at its end."""
    return _LATIN_END.sub("", text) or text


def spell(text: str) -> str:
    """Return a folded text as if typed in pinyin, without its legal form."""
    core = _LEGAL_END.sub("", text)
    runs = (syllables(run) if _IS_HAN(run) else (run,) for run in core.split())
    return "".join(["".join(run) for run in runs])


def fold(name: str) -> Folded:
    """Return `name` without case, width, accents, punctuation and old characters."""
    text = unicodedata.normalize("NFKC", name[:LONGEST]).casefold()
    if not text.isascii():
        letters = unicodedata.normalize("NFD", text)
        if letters != text:
            text = "".join(c for c in letters if not unicodedata.combining(c))
        text = text.translate(plain())
    text = _DOTS.sub("", text)
    if "&" in text or "+" in text:
        text = text.replace("&", " and ").replace("+", " and ")
    words = _TOKEN.findall(text)
    if text.isascii() or len(words) == 1:
        return Folded(" ".join(words))
    runs = groupby(words, lambda word: bool(_IS_HAN(word)))
    return Folded(" ".join(("" if han else " ").join(run) for han, run in runs))
