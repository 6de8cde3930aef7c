"""A name brought into the one form in which names are compared."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from risk.names.pinyin import split, syllables
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

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"
_HAN_RUN = re.compile(f"[{_HAN}]+")
_WORD = re.compile(r"[^\W_]+")
_DOTS = re.compile(r"(?<=\b\w)\.(?=\w\b)|['’`´]")
_AREA = re.compile(r"^[省市区县州]")
_LITTLE = LEGAL | SMALL


@dataclass(frozen=True)
class Folded:
    """A name as it is compared: Latin words and Chinese characters apart."""

    text: str
    """All of it: folded words, a space between."""
    written: tuple[str, ...]
    """Latin words and numbers as they are written."""
    han: str
    """All Chinese characters, in order."""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return the Latin words, those that people abbreviate in their short form."""
        return tuple(SHORT_FORM.get(word, word) for word in self.written)

    @cached_property
    def core_words(self) -> tuple[str, ...]:
        """Return the words without legal forms; all of them where nothing else is."""
        return tuple(w for w in self.words if w not in _LITTLE) or self.words

    @cached_property
    def squashed(self) -> str:
        """Return the core words without the spaces that people misplace."""
        return "".join(self.core_words)

    @cached_property
    def letters(self) -> str:
        """Return all words as written, without spaces: it may be pinyin."""
        return "".join(self.written)

    @cached_property
    def squashed_written(self) -> str:
        """Return the words as written, but legal forms, without spaces."""
        core = [w for w in self.written if w not in _LITTLE] or self.written
        return "".join(core)

    @cached_property
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
            found.setdefault("".join(w[0] for w in words), use)
        return found

    @cached_property
    def han_core(self) -> str:
        """Return the characters without the legal form; all if nothing else is."""
        for form in CHINESE_LEGAL:
            if self.han.endswith(form) and len(self.han) > len(form):
                return self.han[: -len(form)]
        return self.han

    @cached_property
    def han_own(self) -> str:
        """Return the core without the region it begins with: what is its own."""
        core = self.han_core
        for region in REGIONS:
            if core.startswith(region):
                rest = _AREA.sub("", core[len(region) :])
                return rest if len(rest) > 1 else core
        return core

    @cached_property
    def han_short(self) -> str:
        """Return the own part without an ending that full names word differently."""
        own = self.han_own
        for ending in CHINESE_GENERIC:
            if own.endswith(ending) and len(own) > len(ending) + 1:
                return own[: -len(ending)]
        return own

    @cached_property
    def sounds(self) -> tuple[str, ...]:
        """Return the core's pinyin, a syllable a character."""
        return tuple(syllables(self.han_core))

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """Return the Latin letters as pinyin syllables; () where they are none."""
        return split(self.letters)

    @cached_property
    def own_sounds(self) -> tuple[str, ...]:
        """Return the pinyin of the core without its region."""
        return tuple(syllables(self.han_own))


def fold(name: str) -> Folded:
    """Return `name` without case, width, accents and punctuation."""
    text = unicodedata.normalize("NFKC", name[:LONGEST]).casefold()
    if not text.isascii():
        letters = unicodedata.normalize("NFD", text)
        text = "".join(c for c in letters if not unicodedata.combining(c))
    text = _DOTS.sub("", text).replace("&", " and ").replace("+", " and ")
    han = "".join(_HAN_RUN.findall(text))
    found = _WORD.findall(_HAN_RUN.sub(" ", text) if han else text)
    return Folded(" ".join((*found, han) if han else found), tuple(found), han)
