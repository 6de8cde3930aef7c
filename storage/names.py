"""Finds customers by name, as people type it. The index is `NameEntry`/`NamePosting`.

A query's keys are looked up rarest first, within a budget; the entries that collect
most weight are compared with the query one by one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from sqlalchemy import (
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
)
from sqlmodel import Session, col

from risk.names.fold import Folded, fold
from risk.names.keys import query_keys
from risk.names.likeness import Likeness, likeness
from risk.names.shares import forms
from risk.names.shortlist import shortlist
from storage.listing import rows_with
from storage.name_postings import SEGMENT, candidates, write
from storage.prepared import Prepared
from storage.tables import Customer, NameEntry

CONSIDERED = 80
"""Candidates that share most with a query, of each family of keys."""

Name = tuple[int, str]
"""A customer's id and a name of theirs."""

_ROWS = 5_000
_LOCK = 7477
_INSERT = "INSERT INTO name_entry (id, customer_id, folded, name) VALUES ({})"


@dataclass(frozen=True, slots=True)
class Match:
    """A customer found by name; `score` is 0–1, `name` the one that matched."""

    customer_id: int
    number: str
    name: str
    score: float
    way: str


_EXACT = 50
_BY_NAME = (
    select(col(Customer.id), col(Customer.number), literal(1))
    .join(NameEntry, col(NameEntry.customer_id) == col(Customer.id))
    .where(col(NameEntry.folded) == bindparam("folded"))
    .limit(_EXACT)
)
_BY_NUMBER_OR_NAME = Prepared(
    union_all(
        select(col(Customer.id), col(Customer.number), literal(0)).where(
            or_(
                col(Customer.number) == bindparam("number"),
                col(Customer.number) == bindparam("upper"),
            )
        ),
        _BY_NAME.subquery().select(),
    )
)
_NEWEST = Prepared(select(func.max(col(NameEntry.id))))
_TEXTS = "SELECT id, customer_id, folded FROM name_entry WHERE id {}"
_MATCHES = """
SELECT name_entry.id, name_entry.customer_id, name_entry.name, customer.number
FROM name_entry JOIN customer ON customer.id = name_entry.customer_id
WHERE name_entry.id {}
"""


def find_exact(session: Session, query: str) -> list[tuple[int, str]]:
    """Return (id, number) of customers with this very number, else this very name."""
    typed = query.strip()
    rows = _BY_NUMBER_OR_NAME.rows(
        session, number=typed, upper=typed.upper(), folded=fold(typed).text
    )
    found = sorted(rows, key=lambda row: int(row[2]))
    best = [row for row in found if row[2] == found[0][2]]
    return list(dict.fromkeys((int(row[0]), str(row[1])) for row in best))


def find(session: Session, query: str, limit: int = 10) -> list[Match]:
    """Return the customers whose names are most like `query`, best first."""
    asked = forms(query)
    typed, newest = asked[0], _newest(session)
    if not typed.text or not newest:
        return []
    heaviest = candidates(session, query_keys(typed), newest, CONSIDERED)
    texts = _texts(session, np.union1d(*heaviest.values()).tolist())
    likely: set[int] = set()
    for family, ids in heaviest.items():
        known = [id_ for id_ in ids.tolist() if id_ in texts]
        places = shortlist(typed, [texts[id_][1] for id_ in known], family)
        likely.update(known[place] for place in places)
    best: dict[int, tuple[Likeness, int]] = {}
    for id_ in likely:
        customer_id, folded = texts[id_]
        name = Folded(folded)
        alike = max((likeness(form, name) for form in asked), key=lambda a: a.score)
        if customer_id not in best or alike.score > best[customer_id][0].score:
            best[customer_id] = alike, id_
    # Ties are told apart by what the first question leaves out, so more are kept.
    ranked = sorted(best.values(), key=lambda found: -found[0].score)[: limit * 3]
    return _matches(session, {id_: alike for alike, id_ in ranked})[:limit]


def _texts(session: Session, ids: list[int]) -> dict[int, tuple[int, str]]:
    """Return the customer and the folded name of each entry."""
    rows = rows_with(session, _TEXTS, ids)
    return {id_: (customer_id, folded) for id_, customer_id, folded in rows}


def _matches(session: Session, alike: dict[int, Likeness]) -> list[Match]:
    """Return the entries as matches, the most alike and then the shortest first."""
    rows = rows_with(session, _MATCHES, list(alike))
    found = [
        Match(customer_id, number, name, round(alike[id_].score, 4), alike[id_].way)
        for id_, customer_id, name, number in rows
    ]
    return sorted(found, key=lambda m: (-m.score, len(m.name), m.number))


def index_names(session: Session, names: Iterable[Name]) -> int:
    """Make `names` findable, in the session's transaction; return how many are new.

    A name the customer is indexed under already is left as it is.
    """
    _wait_for_others(session)
    added = 0
    pending = iter(names)
    while chunk := list(islice(pending, SEGMENT)):
        unknown = _not_indexed(session, chunk)
        fresh = [(who, fold(name).text, name) for who, name in unknown]
        entries = [entry for entry in fresh if entry[1]]
        _add(session, entries)
        added += len(entries)
    return added


def forget_names(session: Session, names: Iterable[Name]) -> None:
    """Make `names` unfindable; their postings lead nowhere from then on."""
    for customer_id, name in names:
        session.connection().execute(
            delete(NameEntry).where(
                col(NameEntry.customer_id) == customer_id, col(NameEntry.name) == name
            )
        )


def _wait_for_others(session: Session) -> None:
    """Let one process index at a time; SQLite's one writer does so by itself."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def _not_indexed(session: Session, names: Sequence[Name]) -> list[Name]:
    known: set[Name] = set()
    customers = list({customer_id for customer_id, _ in names})
    for start in range(0, len(customers), _ROWS):
        rows = session.connection().execute(
            select(col(NameEntry.customer_id), col(NameEntry.name)).where(
                col(NameEntry.customer_id).in_(customers[start : start + _ROWS])
            )
        )
        known.update((int(row[0]), str(row[1])) for row in rows)
    return [n for n in dict.fromkeys(names) if n not in known]


def _add(session: Session, entries: Sequence[tuple[int, str, str]]) -> None:
    """Add entries to the last segment until it is full, then to new ones."""
    connection = session.connection()
    entry = _newest(session) + 1
    while entries:
        segment, first = divmod(entry, SEGMENT)
        part, entries = entries[: SEGMENT - first], entries[SEGMENT - first :]
        rows = [(n, *values) for n, values in enumerate(part, start=entry)]
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        connection.exec_driver_sql(_INSERT.format(", ".join([mark] * 4)), rows)
        write(session, segment, first, [folded for _, folded, _ in part])
        entry += len(part)


def _newest(session: Session) -> int:
    return int(_NEWEST.rows(session)[0][0] or 0)
