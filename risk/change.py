"""What changed between two days: how all customers stood, and who moved which way."""

import zlib
from dataclasses import dataclass, fields
from io import BytesIO
from typing import Self

import numpy as np

from risk.portfolio import UNKNOWN, Booleans, Integers, Portfolio
from risk.receivables import BUCKETS


@dataclass(frozen=True, slots=True)
class State:
    """How customers stood: those of whom there was something to say."""

    ids: Integers
    overdue: Integers
    bucket: Integers
    """How late the oldest material item was: 0 not due, 1 for 1–30 days, …."""
    grade: Integers
    over_limit: Integers

    @classmethod
    def of(cls, now: Portfolio) -> Self:
        """Return the state of `now`, without customers that owe and owed nothing."""
        bucket = np.searchsorted(np.array(BUCKETS), now.days)
        over = now.over_limit
        there = (now.overdue != 0) | (now.grade != UNKNOWN) | over | (bucket > 0)
        return cls(
            now.ids[there],
            now.overdue[there],
            bucket[there],
            now.grade[there],
            over[there].astype(np.int64),
        )

    def packed(self) -> bytes:
        """Return the state as bytes, compressed; `unpacked` reads them."""
        file = BytesIO()
        for part in fields(self):
            np.save(file, getattr(self, part.name), allow_pickle=False)
        return zlib.compress(file.getvalue(), level=1)

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """Return the state that `packed` wrote."""
        file = BytesIO(zlib.decompress(data))
        return cls(*(np.load(file, allow_pickle=False) for _ in fields(cls)))

    def aligned(self, ids: Integers) -> Self:
        """Return the state for `ids` (ascending): nothing known where it had none."""
        place = np.searchsorted(ids, self.ids)
        there = place < len(ids)
        there[there] = ids[place[there]] == self.ids[there]
        place = place[there]

        def spread(values: Integers, missing: int = 0) -> Integers:
            wide = np.full(len(ids), missing, np.int64)
            wide[place] = values[there]
            return wide

        return type(self)(
            ids,
            spread(self.overdue),
            spread(self.bucket),
            spread(self.grade, UNKNOWN),
            spread(self.over_limit),
        )


@dataclass(frozen=True, slots=True)
class Changes:
    """Who moved, as masks over the portfolio's customers."""

    newly_overdue: Booleans
    worse: Booleans
    """A worse class, or overdue for longer than a bucket's end; newly overdue apart."""
    better: Booleans
    newly_over_limit: Booleans


def changes(before: State, now: Portfolio) -> Changes:
    """Return who changed since `before`, among the customers of `now`."""
    then, bucket = before.aligned(now.ids), np.searchsorted(np.array(BUCKETS), now.days)
    graded = (then.grade != UNKNOWN) & (now.grade != UNKNOWN)
    newly = (now.overdue > 0) & (then.overdue <= 0)
    worse = (graded & (now.grade > then.grade)) | (bucket > then.bucket)
    better = (graded & (now.grade < then.grade)) | (bucket < then.bucket)
    return Changes(
        newly_overdue=newly,
        worse=worse & ~newly,
        better=better & ~worse & ~newly,
        newly_over_limit=now.over_limit & (then.over_limit == 0),
    )
