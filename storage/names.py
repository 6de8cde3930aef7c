"""Finds customers by name, as people type it. The index is `NameEntry`/`NamePosting`.

A query's keys are looked up rarest first, within a budget; the entries that collect
most weight are compared with the query one by one.
"""

import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, func, insert, literal, select, text, tuple_, union_all
from sqlmodel import Session, col

from risk.names.fold import Folded, fold
from risk.names.keys import hashed, name_keys, query_keys
from risk.names.likeness import likeness
from storage.tables import Customer, NameEntry, NamePosting

Name = tuple[int, str]
"""A customer's id and a name of theirs."""

SEGMENT = 50_000
"""Names a bulk segment holds; what bounds memory while indexing."""

FEW = 200
"""Up to this many names are added to the last segment, not as one of their own."""

BUDGET = 400_000
"""Postings read for a query; rare keys go first."""

COMPARED = 200
"""Candidates compared one by one, of Latin names and of Chinese ones each."""

_ROWS = 5_000
_LOCK = 7477
_LATIN = "wta"
_WEIGHTS = {"w": 2.0, "t": 1.0, "b": 1.2, "o": 1.6, "s": 0.8, "q": 0.8, "a": 2.5}


@dataclass(frozen=True, slots=True)
class Match:
    """A customer found by name; `score` is 0–1, `name` the one that matched."""

    customer_id: int
    number: str
    name: str
    score: float
    way: str


def find_exact(session: Session, query: str) -> list[tuple[int, str]]:
    """Return (id, number) of customers with this very number, else this very name."""
    typed = query.strip()
    by_number = select(col(Customer.id), col(Customer.number), literal(0)).where(
        col(Customer.number).in_({typed, typed.upper()})
    )
    by_name = (
        select(col(Customer.id), col(Customer.number), literal(1))
        .join(NameEntry, col(NameEntry.customer_id) == col(Customer.id))
        .where(col(NameEntry.folded) == fold(typed).text)
        .limit(_EXACT)
    )
    rows = session.connection().execute(
        union_all(by_number, by_name.subquery().select())
    )
    found = sorted(rows, key=lambda row: int(row[2]))
    best = [row for row in found if row[2] == found[0][2]]
    return list(dict.fromkeys((int(row[0]), str(row[1])) for row in best))


_EXACT = 50


def find(session: Session, query: str, limit: int = 10) -> list[Match]:
    """Return the customers whose names are most like `query`, best first."""
    typed = fold(query)
    if not typed.text:
        return []
    ids = _candidates(session, typed)
    if not len(ids):
        return []
    statement = select(
        col(NameEntry.customer_id), col(NameEntry.name), col(Customer.number)
    ).join(Customer, col(Customer.id) == col(NameEntry.customer_id))
    rows = session.connection().execute(
        statement.where(col(NameEntry.id).in_(ids.tolist()))
    )
    best: dict[int, Match] = {}
    for customer_id, name, number in rows:
        alike = likeness(typed, fold(name))
        known = best.get(customer_id)
        if known is None or alike.score > known.score:
            best[customer_id] = Match(
                customer_id, number, name, round(alike.score, 4), alike.way
            )
    ranked = sorted(best.values(), key=lambda m: (-m.score, len(m.name), m.number))
    return ranked[:limit]


def _candidates(session: Session, query: Folded) -> NDArray[np.uint32]:
    """Return the ids of the entries that share most with `query`, by weight."""
    weights = {
        hashed(key): (_WEIGHTS[key[0]], key[0] in _LATIN) for key in query_keys(query)
    }
    total = session.connection().scalar(select(func.max(col(NameEntry.id)))) or 0
    counted = session.connection().execute(
        select(col(NamePosting.key), func.sum(col(NamePosting.count)))
        .where(col(NamePosting.key).in_(weights))
        .group_by(col(NamePosting.key))
    )
    chosen: list[int] = []
    budget = BUDGET
    rarities = {int(key): int(count) for key, count in counted}
    for key, count in sorted(rarities.items(), key=lambda item: item[1]):
        if count > budget and chosen:
            break
        chosen.append(key)
        budget -= count
    if not chosen:
        return np.empty(0, np.uint32)
    return _heaviest(session, chosen, weights, rarities, total)


def _heaviest(
    session: Session,
    keys: Sequence[int],
    weights: dict[int, tuple[float, bool]],
    rarities: dict[int, int],
    total: int,
) -> NDArray[np.uint32]:
    """Return the ids with most weight among `keys`, of each family of keys."""
    postings = session.connection().execute(
        select(col(NamePosting.key), col(NamePosting.ids)).where(
            col(NamePosting.key).in_(keys)
        )
    )
    families = {latin: _Heap(total) for latin in (True, False)}
    for key, blob in postings:
        ids = np.frombuffer(blob, np.uint32)
        weight, latin = weights[key]
        families[latin].add(ids, weight * math.log(1 + total / rarities[key]))
    return np.union1d(*(heap.heaviest(COMPARED) for heap in families.values()))


class _Heap:
    """Weights of entries, added up."""

    def __init__(self, total: int) -> None:
        self._sums = np.zeros(total + 1, np.float32)
        self._runs = [np.empty(0, np.uint32)]

    def add(self, ids: NDArray[np.uint32], weight: float) -> None:
        """Add `weight` to each of `ids`, which do not repeat."""
        self._sums[ids] += weight
        self._runs.append(ids)

    def heaviest(self, most: int) -> NDArray[np.uint32]:
        """Return up to `most` ids with the largest sums."""
        seen = np.unique(np.concatenate(self._runs))
        if len(seen) <= most:
            return seen
        return seen[np.argpartition(self._sums[seen], -most)[-most:]]


def index_names(session: Session, names: Iterable[Name]) -> int:
    """Make `names` findable, in the session's transaction; return how many are new.

    A name the customer is indexed under already is left as it is.
    """
    _wait_for_others(session)
    added = 0
    pending = iter(names)
    while chunk := list(islice(pending, SEGMENT)):
        fresh = _not_indexed(session, chunk)
        if fresh:
            _add(session, fresh)
            added += len(fresh)
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
    return [n for n in dict.fromkeys(names) if n not in known and fold(n[1]).text]


def _add(session: Session, names: Sequence[Name]) -> None:
    newest = session.connection().scalar(select(func.max(col(NameEntry.id)))) or 0
    keys, ids = array("q"), array("L")
    entries: list[dict[str, Any]] = []
    for entry_id, (customer_id, name) in enumerate(names, start=newest + 1):
        folded = fold(name)
        found = name_keys(folded)
        keys.extend(hashed(key) for key in found)
        ids.extend([entry_id] * len(found))
        entries.append(
            {
                "id": entry_id,
                "customer_id": customer_id,
                "folded": folded.text,
                "name": name,
            }
        )
        if len(entries) == _ROWS:
            session.connection().execute(insert(NameEntry), entries)
            entries = []
    if entries:
        session.connection().execute(insert(NameEntry), entries)
    runs = _runs(keys, ids)
    segment = session.connection().scalar(select(func.max(col(NamePosting.segment))))
    if segment is not None and len(names) <= FEW:
        _extend(session, segment, runs)
    else:
        _insert(session, 0 if segment is None else segment + 1, runs)


Run = tuple[int, NDArray[np.uint32]]


def _runs(keys: "array[int]", ids: "array[int]") -> Iterator[Run]:
    """Yield (key, its sorted ids), by key."""
    by_key = np.frombuffer(keys, np.int64)
    entry = np.frombuffer(ids, np.uint64).astype(np.uint32)
    order = np.argsort(by_key, kind="stable")
    by_key, entry = by_key[order], entry[order]
    unique, starts = np.unique(by_key, return_index=True)
    ends = np.append(starts[1:], len(by_key))
    for key, start, end in zip(
        unique.tolist(), starts.tolist(), ends.tolist(), strict=True
    ):
        yield key, np.unique(entry[start:end])


def _insert(session: Session, segment: int, runs: Iterable[Run]) -> None:
    pending = iter(runs)
    while rows := [
        {"key": key, "segment": segment, "count": len(ids), "ids": ids.tobytes()}
        for key, ids in islice(pending, _ROWS)
    ]:
        session.connection().execute(insert(NamePosting), rows)


def _extend(session: Session, segment: int, runs: Iterable[Run]) -> None:
    """Add `runs` to the rows of `segment`, which grow a little each time."""
    fresh = dict(runs)
    keys = list(fresh)
    for start in range(0, len(keys), _ROWS):
        part = keys[start : start + _ROWS]
        rows = session.connection().execute(
            select(col(NamePosting.key), col(NamePosting.ids)).where(
                tuple_(col(NamePosting.key), col(NamePosting.segment)).in_(
                    [(key, segment) for key in part]
                )
            )
        )
        for key, blob in rows.all():
            old = np.frombuffer(blob, np.uint32)
            fresh[key] = np.concatenate([old, fresh[key]])
        session.connection().execute(
            delete(NamePosting).where(
                col(NamePosting.key).in_(part), col(NamePosting.segment) == segment
            )
        )
    _insert(session, segment, fresh.items())
