"""Reads and writes the postings of the name index: which entries a key leads to."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from risk.names.fold import Folded
from risk.names.keys import Family, QueryKeys, name_keys
from storage.listing import rows_with

SEGMENT = 1 << 16
"""Entries of a segment: as many as 16 bits tell apart."""

BUDGET = 100_000
"""Postings read for a query and family of keys; rare keys go first."""

_AT_ONCE = 1 << 12
_ROWS = 20_000
_EXTEND = {
    "sqlite": """
INSERT INTO name_posting (segment, key, ids) VALUES (?, ?, ?)
ON CONFLICT (segment, key) DO UPDATE SET ids = CAST(ids || excluded.ids AS BLOB)
""",
    "postgresql": """
INSERT INTO name_posting (segment, key, ids)
SELECT * FROM unnest(%s::integer[], %s::integer[], %s::bytea[])
ON CONFLICT (segment, key) DO UPDATE SET ids = name_posting.ids || excluded.ids
""",
}
_COUNT = {
    "sqlite": """
INSERT INTO name_key (key, entries) VALUES (?, ?)
ON CONFLICT (key) DO UPDATE SET entries = entries + excluded.entries
""",
    "postgresql": """
INSERT INTO name_key (key, entries)
SELECT * FROM unnest(%s::integer[], %s::integer[])
ON CONFLICT (key) DO UPDATE SET entries = name_key.entries + excluded.entries
""",
}
_COUNTED = "SELECT key, entries FROM name_key WHERE key {}"
_POSTINGS = """
SELECT segment, key, ids FROM name_posting WHERE segment {} AND key {}
"""

Ids = NDArray[np.int64]


def write(session: Session, segment: int, first: int, texts: Sequence[str]) -> None:
    """Let the keys of folded `texts` lead to `segment`'s entries from `first` on."""
    parts = []
    for start in range(0, len(texts), _AT_ONCE):
        keys, owners = name_keys(
            [Folded(text) for text in texts[start : start + _AT_ONCE]]
        )
        pairs = keys.astype(np.uint64) << np.uint64(16)
        pairs |= owners + np.uint64(first + start)
        parts.append(np.unique(pairs))
    rows = list(_rows(segment, np.concatenate(parts)))
    _put(session, _EXTEND, rows)
    _put(session, _COUNT, [(key, len(ids) // 2) for _, key, ids in rows])


def _put(
    session: Session, insert: dict[str, str], rows: Sequence[tuple[Any, ...]]
) -> None:
    connection = session.connection()
    name = connection.dialect.name
    for start in range(0, len(rows), _ROWS):
        some: Any = rows[start : start + _ROWS]
        if name == "postgresql":
            some = tuple(list(column) for column in zip(*some, strict=True))
        connection.exec_driver_sql(insert[name], some)


def _rows(segment: int, pairs: NDArray[np.uint64]) -> Iterator[tuple[int, int, bytes]]:
    """Yield rows of the table from (key, entry) `pairs`, by key."""
    pairs.sort()
    keys = (pairs >> np.uint64(16)).astype(np.int64)
    blob = pairs.astype("<u2").tobytes()
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    ends = np.append(starts[1:], len(keys)) * 2
    for key, start, end in zip(
        keys[starts].tolist(), (starts * 2).tolist(), ends.tolist(), strict=True
    ):
        yield segment, key, blob[start:end]


def candidates(
    session: Session, query: QueryKeys, newest: int, most: int
) -> dict[Family, Ids]:
    """Return, by family, `most` ids that share most weight with `query`, best first.

    `newest` is the largest id there is.
    """
    segments = list(range(newest // SEGMENT + 1))
    keys = query.keys.tolist()
    counted = dict(rows_with(session, _COUNTED, keys))
    counts = np.array([counted.get(key, 0) for key in keys])
    rarity = np.log1p(newest / np.maximum(counts, 1))
    chosen = counts > 0
    for family in Family:
        mine = np.flatnonzero(chosen & (query.families == family))
        chosen[_unaffordable(mine, counts)] = False
    worth = {
        key: (weight, family)
        for key, weight, family in zip(
            query.keys[chosen].tolist(),
            (query.weights * rarity)[chosen].tolist(),
            query.families[chosen].tolist(),
            strict=True,
        )
    }
    heaps = {family: _Heap(most) for family in Family}
    for segment, rows in _postings(session, segments, list(worth)).items():
        for family in Family:
            heavy = [(worth[k][0], ids) for k, ids in rows if worth[k][1] == family]
            heaps[family].add(segment * SEGMENT, heavy)
    return {family: heap.heaviest() for family, heap in heaps.items()}


def _unaffordable(keys: Ids, counts: Ids) -> Ids:
    """Return which of `keys` exceed the budget; the rarest is never one."""
    rare_first = keys[np.argsort(counts[keys], kind="stable")]
    spent = np.cumsum(counts[rare_first])
    return rare_first[1:][spent[1:] > BUDGET]


def _postings(
    session: Session, segments: Sequence[int], keys: Sequence[int]
) -> dict[int, list[tuple[int, bytes]]]:
    """Return the (key, ids) of each segment."""
    found: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for segment, key, ids in rows_with(session, _POSTINGS, segments, keys):
        found[segment].append((key, ids))
    return found


class _Heap:
    """The ids with most weight so far; segments come one after another."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._floor = 0.0
        self._ids = np.empty(0, np.int64)
        self._sums = np.empty(0, np.float64)

    def add(self, base: int, rows: Sequence[tuple[float, bytes]]) -> None:
        """Add up the weight of each entry that `rows` lead to; keep the heaviest."""
        if not rows:
            return
        places = np.frombuffer(b"".join([ids for _, ids in rows]), "<u2")
        weights = np.repeat(
            [weight for weight, _ in rows], [len(ids) // 2 for _, ids in rows]
        )
        sums = np.bincount(places, weights, SEGMENT)
        heavy = np.flatnonzero(sums > self._floor)
        self._ids = np.concatenate([self._ids, heavy + base])
        self._sums = np.concatenate([self._sums, sums[heavy]])
        if len(self._ids) > self._most:
            keep = np.argpartition(self._sums, -self._most)[-self._most :]
            self._ids, self._sums = self._ids[keep], self._sums[keep]
            self._floor = float(self._sums.min())

    def heaviest(self) -> Ids:
        """Return the ids kept, heaviest first."""
        return self._ids[np.argsort(-self._sums, kind="stable")]
