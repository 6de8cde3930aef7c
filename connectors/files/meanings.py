"""What headings mean: their words in full, and what people call each field."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from rapidfuzz.fuzz import ratio

from connectors.files.values import currency_of

EXACT, NEARLY, ROUGHLY = 1000, 500, 300
"""How surely a heading means a field: by its name, a misspelling, its words."""

_SIMILAR, _LONG_ENOUGH, _APART = 88, 6, 20
_FULL = {
    short: full
    for full, many in {
        "account": "acct acc kto",
        "amount": "amt betr mt",
        "balance": "bal",
        "clearing": "clrng clrg clr",
        "currency": "curr ccy crcy cur",
        "customer": "cust custmr",
        "date": "dt",
        "document": "doc",
        "invoice": "inv invc",
        "kunden": "kd",
        "local": "loc",
        "number": "no nr num nbr",
        "original": "orig",
        "outstanding": "os",
        "paid": "pd",
        "payment": "pmt pymt",
        "receipt": "rcpt",
        "reference": "ref",
        "transaction": "trx txn trans",
    }.items()
    for short in many.split()
}
_FOLDER = Path(__file__).parent


@cache
def synonyms() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return what people call each field of each kind, the likeliest first."""
    return {
        kind: {
            name: tuple(dict.fromkeys(words if name == "names" else map(plain, words)))
            for name, words in fields.items()
        }
        for kind, fields in _read("headings.toml").items()
    }


@cache
def all_fields() -> frozenset[str]:
    """Return the names of all fields that a column can be."""
    named = {name for fields in synonyms().values() for name in fields}
    return frozenset(named - {"names"})


@cache
def concepts() -> Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]:
    """Return by which of its words a heading roughly means a field, the surest first.

    `says` are words of which it has one, `and` others of which it has one too, `not`
    those it may not have; `holds` is what must stand below it.
    """
    return _read("concepts.toml")


def _read(name: str) -> dict[str, dict[str, dict[str, list[str]]]]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


@cache
def words_of(heading: str) -> tuple[str, ...]:
    """Return a heading's words in full, without case, brackets and currency codes."""
    text = unicodedata.normalize("NFKC", heading)
    text = re.sub(r"[(\[{<【].*?[)\]}>】]", " ", text)
    text = re.sub(r"#|\bn[°º]", " number ", text, flags=re.IGNORECASE)
    text = re.sub(r"\ba/c\b", "account", text, flags=re.IGNORECASE)
    text = re.sub(r"['’`]s\b", "", text)
    text = re.sub(r"(?<=[a-zäöüß0-9])(?=[A-ZÄÖÜ])", " ", text)
    words = re.findall(r"[^\W_]+", text.lower())
    kept = [word for word in words if len(words) == 1 or not currency_of(word)]
    return tuple(_FULL.get(word, word) for word in kept or words)


@cache
def plain(heading: str) -> str:
    """Return a heading's words in one piece, as headings are compared."""
    return "".join(words_of(heading))


def currency_in(heading: str) -> str | None:
    """Return the currency that a heading names, as in `Amount (EUR)`, or None."""
    text = unicodedata.normalize("NFKC", heading)
    for word in re.findall(r"[^\W\d_]+|[$€£¥]", text):
        code = currency_of(word)
        if code and (word.isupper() or not word.isascii() or word.lower() == "usd"):
            return code
    ending = re.search(r"[_ ]([a-z]{3})$", text)
    return currency_of(ending[1]) if ending else None


def likeness(heading: str, names: Sequence[str]) -> float:
    """Return how surely a heading means the field with these names; 0 if not."""
    name = plain(heading)
    if name in names:
        return EXACT - names.index(name)
    if len(name) < _LONG_ENOUGH or not name.isascii():
        return 0
    for place, other in enumerate(names):
        if len(other) >= _LONG_ENOUGH and ratio(name, other) >= _SIMILAR:
            return NEARLY - place
    return 0


def rough_likeness(heading: str, kind: str, field: str, holds: str) -> float:
    """Return how surely the words of a heading, over cells of a sort, mean a field.

    `holds` names the sort: dates, amounts, both or text. 0 if they do not.
    """
    found = concepts().get(kind, {}).get(field)
    if found is None or holds not in found["holds"]:
        return 0
    words = words_of(heading)
    one, two = (_said(words, found.get(key, ())) for key in ("says", "and"))
    if not one or (found.get("and") and not two) or _said(words, found.get("not", ())):
        return 0
    return ROUGHLY - _APART * list(concepts()[kind]).index(field) + one + two


def _said(words: Sequence[str], wanted: Sequence[str]) -> int:
    """Return how many of the `wanted` words there are; long ones within others too."""
    text = "".join(words)
    return sum(
        word in text
        if len(word) >= _LONG_ENOUGH or not word.isascii()
        else word in words
        for word in wanted
    )
