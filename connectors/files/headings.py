"""Tells by its headings what a sheet holds, and what each of its columns means."""

import re
import tomllib
import unicodedata
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType

from rapidfuzz.fuzz import ratio

from connectors.files.values import currency_of
from risk.errors import N_, UserError

_SIMILAR, _LONG_ENOUGH = 88, 6
_EXACT, _NEARLY = 1000, 500

WHO = ("customer", "customer_name")
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "invoices": (
            ("number",),
            ("amount", "open_amount"),
            ("issued_on", "due_on"),
            WHO,
        ),
        "payments": (("amount",), ("paid_on",), (*WHO, "invoice")),
        "orders": (("number",), ("amount",), ("ordered_on",), WHO),
        "statements": (("period_end",), ("total_assets", "sales", "equity"), WHO),
        "ratings": (("value",), ("rated_on",), WHO),
        "covers": (("amount",), ("kind",), WHO),
        "limits": (("amount",), WHO),
        "relations": (("customer",), ("other",), ("kind",)),
        "rates": (("currency",), ("rate",), ("valid_from",)),
        "events": (("kind",), ("happened_on",), WHO),
        "customers": (WHO, ("customer_name", "owner", "credit_limit", "country")),
    }
)
"""What a sheet of each kind must tell: one of each group."""


FORMS = frozenset({"dmy", "mdy", "dot", "comma"})
"""What a person may say of how a column is written."""


@dataclass(eq=False)
class UnknownField(UserError):
    """A person's mapping names a field that there is not."""

    name: str
    near: str
    message = N_(
        "“%(name)s” is no field that a column can be. The nearest are: %(near)s."
    )


@dataclass(eq=False)
class NoColumn(UserError):
    """A person's mapping names a column that the file has not."""

    name: str
    headings: str
    message = N_(
        "No column is called “%(name)s”. The columns are: %(headings)s. Give files "
        "with other columns a command of their own."
    )


@dataclass(frozen=True, slots=True)
class Layout:
    """What a sheet holds: its kind, and the column each field is read from."""

    kind: str
    columns: Mapping[str, int]
    headings: Sequence[str]
    forms: Mapping[str, str] = field(default_factory=dict)
    """What the person said of how a column is written: dmy, mdy, dot or comma."""

    def heading(self, name: str) -> str:
        """Return what the file calls a field."""
        at = self.columns.get(name)
        return name if at is None else self.headings[at].strip()


@cache
def synonyms() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return what people call each field of each kind, the likeliest first."""
    text = (Path(__file__).parent / "headings.toml").read_text(encoding="utf-8")
    return {
        kind: {
            name: tuple(dict.fromkeys(words if name == "names" else map(plain, words)))
            for name, words in fields.items()
        }
        for kind, fields in tomllib.loads(text).items()
    }


@cache
def all_fields() -> frozenset[str]:
    """Return the names of all fields that a column can be."""
    named = {name for fields in synonyms().values() for name in fields}
    return frozenset(named - {"names"})


@cache
def plain(heading: str) -> str:
    """Return a heading without case, brackets, punctuation and currency codes."""
    text = unicodedata.normalize("NFKC", heading)
    text = re.sub(r"[(\[{<【].*?[)\]}>】]", " ", text)
    text = re.sub(r"(?<=[a-zäöüß0-9])(?=[A-ZÄÖÜ])", " ", text)
    words = re.findall(r"[^\W_]+", text.lower())
    kept = [word for word in words if len(words) == 1 or not currency_of(word)]
    return "".join(kept or words)


def currency_in(heading: str) -> str | None:
    """Return the currency that a heading names, as in `Amount (EUR)`, or None."""
    text = unicodedata.normalize("NFKC", heading)
    for word in re.findall(r"[^\W\d_]+|[$€£¥]", text):
        code = currency_of(word)
        if code and (word.isupper() or not word.isascii() or word.lower() == "usd"):
            return code
    ending = re.search(r"[_ ]([a-z]{3})$", text)
    return currency_of(ending[1]) if ending else None


def likeness(heading: str, words: Sequence[str]) -> float:
    """Return how surely a heading means the field with these names; 0 if not."""
    name = plain(heading)
    if name in words:
        return _EXACT - words.index(name)
    if len(name) < _LONG_ENOUGH or not name.isascii():
        return 0
    for place, word in enumerate(words):
        if len(word) >= _LONG_ENOUGH and ratio(name, word) >= _SIMILAR:
            return _NEARLY - place
    return 0


def assign(
    kind: str, headings: Sequence[str], filled: Sequence[float]
) -> dict[str, int]:
    """Give each field of `kind` the column that most surely means it.

    `filled` is each column's share of cells that say something; of two columns with
    the same meaning an empty one yields.
    """
    bids = []
    for order, (name, words) in enumerate(synonyms()[kind].items()):
        for at, heading in enumerate(headings):
            sure = heading.strip() and name != "names" and likeness(heading, words)
            if sure:
                emptiness = 0 if filled[at] > 0 else _NEARLY
                bids.append((sure - emptiness, -order, -at, name))
    found: dict[str, int] = {}
    for _, _, minus, name in sorted(bids, reverse=True):
        if name not in found and -minus not in found.values():
            found[name] = -minus
    return found


def recognise(
    headings: Sequence[str],
    filled: Sequence[float],
    title: str,
    said: Mapping[str, str],
) -> Layout | None:
    """Return what the sheet with these headings holds, or None if that is not clear."""
    best: Layout | None = None
    most = 0.0
    told = _said(headings, said)
    taken = told.left_out.union(told.columns.values())
    free = ["" if at in taken else h for at, h in enumerate(headings)]
    for kind, needed in NEEDED.items():
        if any(name not in synonyms()[kind] for name in told.columns):
            continue
        columns = assign(kind, free, filled) | told.columns
        if not all(set(group) & set(columns) for group in needed):
            continue
        score = len(columns) + 2 * _is_called(title, kind) + len(needed) / 10
        if score > most:
            best, most = Layout(kind, columns, headings, told.forms), score
    return best


def check_mapping(said: Mapping[str, str]) -> None:
    """Raise UnknownField where a person's mapping names what is no field or form."""
    for heading, meaning in said.items():
        name, _, form = meaning.partition(":")
        wrong = [word for word in form.split() if word not in FORMS]
        if heading == "*":
            wrong = [word for word in meaning.split() if word not in FORMS]
        elif name not in all_fields() | {"", "-"} and heading not in all_fields():
            wrong = [name]
        if wrong:
            known = sorted(FORMS if form or heading == "*" else all_fields())
            near = get_close_matches(wrong[0], known, 4, 0)
            raise UnknownField(wrong[0], ", ".join(near))


@dataclass
class _Said:
    """What a person said of the columns of one sheet."""

    columns: dict[str, int] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    forms: dict[str, str] = field(default_factory=dict)


def _said(headings: Sequence[str], said: Mapping[str, str]) -> _Said:
    """Return what a person's mapping says of the columns with these headings."""
    told = _Said()
    places = {heading.strip().lower(): at for at, heading in enumerate(headings)}
    for left, right in said.items():
        heading, meaning = turned(left, right, places)
        name, _, form = meaning.partition(":")
        if heading == "*":
            told.forms["*"] = told.forms.get("*", "") + " " + meaning
        elif heading in places:
            if name == "-":
                told.left_out.add(places[heading])
            elif name:
                told.columns[name] = places[heading]
            if form:
                told.forms[heading] = form
    return told


def turned(heading: str, meaning: str, places: Container[str]) -> tuple[str, str]:
    """Return a word on a column as (heading, meaning), whichever came first.

    Some people write `number=Doc` where `Doc=number` is asked for.
    """
    left, right = heading.strip().lower(), meaning.strip().lower()
    if left in all_fields() and left not in places and right in places:
        return right, left
    return left, meaning.strip()


def _is_called(title: str, kind: str) -> bool:
    return any(name in title.lower() for name in synonyms()[kind]["names"])
