"""Reads “what if Acme pays the two oldest invoices?”: about whom, and what changes."""

import re
from dataclasses import dataclass, replace

from handlers.order_words import take_terms
from handlers.whatif_grammar import SAYINGS
from risk.whatif import Ship
from risk.whatif_told import Change

_ASKS = re.compile(
    r"^\s*(?:and\s+|but\s+|so\s+)?(?:what(?:\s+would)?(?:\s+happens?)?\s+if|if|suppos(?:e|ing)"
    r"|assum(?:e|ing))\b|^\s*(?:那么?)?(?:如果|假如|假设|要是|倘若|若是|万一)",
    re.IGNORECASE,
)
_UP = (
    re.compile(
        r"^\s*(?:and\s+)?what\s+(?:would|will|could|does|has\s+to|must)\s+"
        r"(?:it\s+take\s+to\s+|have\s+to\s+happen\s+to\s+|happen\s+to\s+)?"
        r"(?:make|turn|bring|get|lift)\s+(?P<who>.+?)\s+(?:to\s+be\s+|into\s+|to\s+)?"
        r"(?:an?\s+|class\s+)*(?P<letter>[A-D])\s*[?？.!]*\s*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^\s*how\s+(?:can|could|does|would|do\s+we\s+make)\s+(?P<who>.+?)\s+"
        r"(?:become|reach|get\s+to|be)?\s*(?:an?\s+|class\s+)*(?P<letter>[A-D])"
        r"\s*[?？.!]*\s*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^\s*(?:怎样|怎么|如何|要怎样|怎么样)(?:才能?|能|可以)?(?:让|使|把)?(?P<who>.+?)"
        r"(?:才能?)?(?:升|变|提高|达|评)?(?:到|至|成|为)\s*(?P<letter>[A-D])\s*级?"
        r"\s*[?？。]*\s*$",
        re.IGNORECASE,
    ),
)
_THEY = (
    r"they|them|their|it|its|he|she|his|her|the\s+customer|this\s+customer"
    r"|他们|它们|它|他|她|对方|该客户|这个客户|客户"
)
_MARKS = r"[\s,;:.?!，。；：？！、“”\"]+"
_LEADS = (
    rf"(?:{_THEY}|and|then|also|but|will|would|we|the|have|get|has|after|with|to|on|for"
    r"|then\s+what|today|now)(?!\w)"
)
_JOINS = (
    r"(?:他们|它们|对方|该客户|这个客户|并且|而且|同时|然后|再|并|且|把|将|给|让|就|又)"
)
_TAIL = r"(?:的话|的|会怎么样|会怎样|会如何|怎么办|怎么样|怎样|呢|吗|么|会|被|了)"
_BEFORE = re.compile(rf"^(?:{_MARKS}|{_LEADS}|{_JOINS})+", re.IGNORECASE)
_AFTER = re.compile(
    rf"(?:{_MARKS}|(?<!\w){_LEADS}|{_TAIL}|(?<=\w)['’]s)+$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Supposed:
    """What somebody supposes: of whom (empty: whoever was looked at), and what."""

    customer: str
    changes: tuple[Change, ...]
    beyond: str = ""
    """Words that were not understood."""


def speaks_of_if(text: str) -> bool:
    """Return whether `text` supposes something."""
    return bool(_ASKS.match(text))


def read_whatif(text: str) -> Supposed:
    """Return what `text` supposes; no changes where none is understood."""
    rest = _ASKS.sub(" ", text.replace("，", ", ").replace("％", "%"), count=1)
    found: list[tuple[int, Change]] = []
    for saying in SAYINGS:
        for pattern in saying.patterns:
            while match := pattern.search(rest):
                change = saying.read(match)
                if change is None:
                    break
                found.append((match.start(), change))
                gap = "\0" * (match.end() - match.start())
                rest = f"{rest[: match.start()]}{gap}{rest[match.end() :]}"
    changes = [change for _, change in sorted(found, key=lambda one: one[0])]
    for place, change in enumerate(changes):
        if isinstance(change, Ship):
            rest, days = take_terms(rest)
            changes[place] = replace(change, terms_days=days)
    pieces = sorted(_pieces(rest), key=len, reverse=True)
    customer, *others = pieces or [""]
    return Supposed(customer, tuple(changes), " … ".join(others) if changes else "")


def read_uplift(text: str) -> tuple[str, str] | None:
    """Return the customer and the class that “what would make this a B?” names."""
    for pattern in _UP:
        if found := pattern.match(text):
            return _bare(found["who"]), found["letter"].upper()
    return None


def _pieces(text: str) -> list[str]:
    """Return what is left of a question: a customer's name, and what nobody reads."""
    bare = (_bare(piece) for piece in re.split("\0+", text))
    return [piece for piece in bare if piece]


def _bare(text: str) -> str:
    before = ""
    text = text.strip()
    while before != text:
        before = text
        text = _AFTER.sub("", _BEFORE.sub("", text)).strip()
    return "" if re.fullmatch(rf"(?:this|that|{_THEY})", text, re.IGNORECASE) else text
