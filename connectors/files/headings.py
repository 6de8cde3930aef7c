"""Tells by its headings what a sheet holds, and what each of its columns means."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType

from connectors.files.looks import Look
from connectors.files.meanings import (
    NEARLY,
    all_fields,
    concepts,
    likeness,
    rough_likeness,
    synonyms,
)
from risk.errors import N_, UserError

WHO = ("customer", "customer_name")
NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "invoices": (
            ("number",),
            ("amount", "open_amount", "debit"),
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
        "promises": (("amount",), ("due_on",), WHO),
        "clauses": (("reference",), ("ends_on",), WHO),
        "customers": (WHO, ("customer_name", "owner", "credit_limit", "country")),
    }
)
"""What a sheet of each kind must tell: one of each group."""

FORMS = frozenset({"dmy", "mdy", "dot", "comma", "net30"})
"""What a person may say of how a column is written; `net` goes with any days."""

_DAYS_TO_PAY = re.compile(r"net\d{1,3}")

_MODEST = frozenset({"customers", "limits", "payments"})
"""Kinds that need so little that a ledger may be taken for one."""

_AT_LEAST = 1
"""How surely a heading means a field that the cells below it do not fit."""


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


@dataclass(frozen=True, slots=True)
class Guess:
    """What a sheet is most likely meant to be, and what it lacks for that."""

    kind: str
    missing: Sequence[str]
    """Fields, or several of which one is needed, as `issued_on/due_on`."""


def assign(
    kind: str, headings: Sequence[str], columns: Sequence[Look]
) -> dict[str, int]:
    """Give each field of `kind` the column that most surely means it.

    Of two columns with the same meaning one that is empty, or holds what the field
    cannot be, yields.
    """
    bids = [
        (sure, -order, -at, name)
        for order, name in enumerate(n for n in synonyms()[kind] if n != "names")
        for at, heading in enumerate(headings)
        if heading.strip() and (sure := _sureness(kind, name, heading, columns[at]))
    ]
    found: dict[str, int] = {}
    for _, _, minus, name in sorted(bids, reverse=True):
        if name not in found and -minus not in found.values():
            found[name] = -minus
    return found


def _sureness(kind: str, name: str, heading: str, look: Look) -> float:
    """Return how surely a column means a field: by its heading, and what it holds."""
    sure = likeness(heading, synonyms()[kind][name])
    if not sure:
        return rough_likeness(heading, kind, name, look.holds) if look.filled else 0
    if not look.filled:
        return sure - NEARLY
    fitting = concepts().get(kind, {}).get(name, {}).get("holds")
    if fitting and look.holds not in fitting:
        return _AT_LEAST if sure > NEARLY else 0
    return sure


def recognise(
    headings: Sequence[str],
    columns: Sequence[Look],
    title: str,
    said: Mapping[str, str],
) -> Layout | Guess:
    """Return what the sheet with these headings holds, or what is not clear of it."""
    told = _said(headings, said)
    taken = told.left_out.union(told.columns.values())
    free = ["" if at in taken else h for at, h in enumerate(headings)]
    best: Layout | None = None
    guess, most, nearest = Guess("", ()), 0.0, 0
    for kind, needed in NEEDED.items():
        if any(name not in synonyms()[kind] for name in told.columns):
            continue
        found = assign(kind, free, columns) | told.columns
        missing = ["/".join(group) for group in needed if not set(group) & set(found)]
        if missing:
            if len(found) > nearest:
                guess, nearest = Guess(kind, missing), len(found)
            continue
        score = len(found) + 2 * _is_called(title, kind) + len(needed) / 10
        if score > most:
            best, most = Layout(kind, found, headings, told.forms), score
    if best is None or (best.kind in _MODEST and nearest > len(best.columns)):
        return guess
    return best


def is_form(word: str) -> bool:
    """Return whether a word says how columns are written, or when invoices are due."""
    return word in FORMS or bool(_DAYS_TO_PAY.fullmatch(word))


def check_mapping(said: Mapping[str, str]) -> None:
    """Raise UnknownField where a person's mapping names what is no field or form."""
    for heading, meaning in said.items():
        name, _, form = meaning.partition(":")
        wrong = [word for word in form.split() if not is_form(word)]
        if heading == "*":
            wrong = [word for word in meaning.split() if not is_form(word)]
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
