"""Cuts an expression into words: facts, numbers, texts and signs, with their places."""

import re
from dataclasses import dataclass
from typing import Literal

from risk.monitor.expression.faults import QuoteOpen, SignUnknown, WriteInstead

Kind = Literal["name", "number", "text", "sign", "end"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an expression; a text's value is without its quotes."""

    kind: Kind
    value: str
    place: Place


QUOTES = {'"': '"', "'": "'", "“": "”", "”": "”", "‘": "’", "’": "’"}
"""What opens a text and what closes it; keyboards and chat make the curly ones."""

WIDE = str.maketrans("（）［］＜＞＝！＆｜，＋－＊／？：．≥≤≠", "()[]<>=!&|,+-*/?:.≥≤≠")
"""Full-width signs mean the narrow ones."""

OTHERWISE = {
    "=": "==",
    "===": "==",
    "<>": "!=",
    "=>": ">=",
    "=<": "<=",
    "&": "&&",
    "|": "||",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "and": "&&",
    "or": "||",
    "not": "!",
    "null": "known(fact)",
}
"""What people write from habit, and what it is here."""

_WORD = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>===|&&|\|\||[<>=!]=|<>|=>|=<|[-+*/<>!?:,.()\[\]=&|≥≤≠])"
)
_ESCAPES = {"\\": "\\", '"': '"', "'": "'", "n": "\n", "t": "\t"}


def words(text: str) -> list[Word]:
    """Return the words of `text`, with an end at its end; raise what is none."""
    found, at = [], 0
    narrow = text.translate(WIDE)
    while at < len(text):
        place = place_of(text, at)
        if text[at] in QUOTES:
            value, at = _quoted(text, at, place)
            found.append(Word("text", value, place))
            continue
        match = _WORD.match(narrow, at)
        if match is None:
            raise SignUnknown(place.line, place.column, text[at])
        at = match.end()
        if match.lastgroup == "space":
            continue
        _habits(match[0], place)
        kind: Kind = match.lastgroup  # type: ignore[assignment] # a group of _WORD
        found.append(Word(kind, match[0], place))
    return [*found, Word("end", "", place_of(text, len(text)))]


def place_of(text: str, at: int) -> Place:
    """Return the line and column of a character."""
    return Place(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


def _quoted(text: str, start: int, place: Place) -> tuple[str, int]:
    """Return the text between quotes, and where it ends."""
    close, value, at = QUOTES[text[start]], "", start + 1
    while at < len(text) and text[at] != close:
        if text[at] == "\\":
            at += 1
            if text[at : at + 1] not in _ESCAPES:
                raise SignUnknown(place.line, place.column, "\\" + text[at : at + 1])
            value += _ESCAPES[text[at]]
        else:
            value += text[at]
        at += 1
    if at >= len(text):
        raise QuoteOpen(place.line, place.column)
    return value, at + 1


def _habits(written: str, place: Place) -> None:
    """Refuse what is written otherwise here, and say how."""
    instead = OTHERWISE.get(written.casefold())
    if written.casefold() in {"true", "false"} and not written.islower():
        instead = written.casefold()
    if instead is not None:
        raise WriteInstead(place.line, place.column, written, instead)
