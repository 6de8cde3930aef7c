"""“What would make this a B?”: the least that would have to be so, each way tried out.

Every way is put to the same score: with it the customer reaches the class; with one
invoice, one point of a rating or five per cent less it does not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from risk.case import Case, rescored
from risk.errors import UserError
from risk.explain import Explained
from risk.policy import CLASSES, Policy
from risk.whatif import HISTORY, OnTime, Pay, open_rows, overdue_count
from risk.whatif_told import Accounts, Change, Rated, rated, usual_scale

MOST_INVOICES = 36
"""Invoices that are tried to be paid on time; more is no answer for now."""

STEPS = tuple(n / 20 for n in range(1, 21))
"""Shares by which a figure of the accounts is tried to move."""

MOST_WAYS = 5

SCALE = "creditsafe"
"""In which a rating is told to who has none, where the policy knows it."""


@dataclass(frozen=True, slots=True)
class Way:
    """Changes that together reach the class, and the score they give."""

    changes: tuple[Change, ...]
    after: Explained


@dataclass(frozen=True, slots=True)
class Uplift:
    """The ways to a class, the ones we can ask for first; none may be feasible."""

    target: str
    now: Explained
    ways: tuple[Way, ...]
    best: Way | None
    """The furthest that paying everything, and on time from then on, would lead."""


def better_than(letter: str) -> str | None:
    """Return the next better class; None above A."""
    at = CLASSES.index(letter)
    return CLASSES[at - 1] if at else None


def ways_up(policy: Policy, case: Case, target: str) -> Uplift:
    """Return what would make the case's class `target` or better.

    First what we can ask the customer for today, then what takes its time, then what
    others would have to say; two together only where one alone does not do.
    """
    search = _Search(policy, case, target)
    now = rescored(policy, case)
    if search.reaches(now):
        return Uplift(target, now, (), None)
    singles = [search.least(one) for one in search.levers()]
    ways = [way for way in singles if way]
    if not ways or ways[0].changes[0] not in search.payments():
        ways += search.together()
    kept = tuple(sorted(ways, key=_effort))[:MOST_WAYS]
    return Uplift(target, now, kept, None if kept else search.best())


def _effort(way: Way) -> tuple[int, int, int]:
    """Order ways: what we ask for today, what takes time, what others must say."""
    kinds = [_KINDS.index(type(change)) for change in way.changes]
    waits = sum(c.count for c in way.changes if isinstance(c, OnTime))
    return max(kinds), waits, len(kinds)


_KINDS: list[type] = [Pay, OnTime, Rated, Accounts]

Lever = Sequence[Change]
"""Changes of one kind, the least first: each includes the one before."""


def _tries(count: int) -> Iterator[int]:
    """Yield places in a lever at which to look: its end, and some before it."""
    if count:
        yield from dict.fromkeys((count - 1, count // 2, count // 4))


class _Search:
    """Looks for the least change that reaches a class."""

    def __init__(self, policy: Policy, case: Case, target: str) -> None:
        self._policy, self._case = policy, case
        self._at = CLASSES.index(target)
        self._on_time: int | None = None

    def reaches(self, found: Explained) -> bool:
        """Return whether a score is of the class, or of a better one."""
        letter = found.risk_class
        return letter is not None and CLASSES.index(letter) <= self._at

    def levers(self) -> Iterator[Lever]:
        """Yield what can be tried, kind by kind."""
        yield self.payments()
        yield [OnTime(n) for n in range(1, self._most_on_time() + 1)]
        yield self._ratings()
        if not np.isnan(self._case.known.statement_day[0]):
            yield [Accounts("profit", share) for share in STEPS]
            yield [Accounts("debt", -share) for share in STEPS[:10]]

    def payments(self) -> Lever:
        """Return payments, one invoice more each, the oldest first."""
        count, late = len(open_rows(self._case)), overdue_count(self._case)
        each: list[Change] = [Pay("oldest", n) for n in range(1, count + 1)]
        if late > 1:
            each[late - 1] = Pay("overdue")
        if count > 1:
            each[count - 1] = Pay("overdue") if late == count else Pay("all")
        return each

    def least(self, lever: Lever, before: tuple[Change, ...] = ()) -> Way | None:
        """Return the least of a lever that reaches the class, after other changes.

        With the one before it in the lever the class is not reached.
        """
        found = None
        fails, at = -1, -1
        for at in _tries(len(lever)):
            tried = self._try((*before, lever[at]))
            if tried and self.reaches(tried.after):
                found = tried
                break
        while found and at - fails > 1:
            middle = (fails + at) // 2
            tried = self._try((*before, lever[middle]))
            if tried and self.reaches(tried.after):
                found, at = tried, middle
            else:
                fails = middle
        return found

    def together(self) -> Iterator[Way]:
        """Yield pairs: everything overdue is paid, and the least of something else."""
        late = overdue_count(self._case)
        if not late:
            return
        paid = Pay("overdue") if late > 1 else Pay("oldest", 1)
        for lever in list(self.levers())[1:]:
            if found := self.least(lever, (paid,)):
                yield found

    def best(self) -> Way | None:
        """Return how far paying all, and on time from then on, leads at its best."""
        paid: list[Change] = [Pay("all")] if len(open_rows(self._case)) else []
        tried = [self._try(tuple(paid))] if paid else []
        most = self._most_on_time()
        tried += [self._try((*paid, OnTime(n))) for n in (most // 2, most) if n]
        known = [way for way in tried if way and way.after.score is not None]
        return max(known, key=lambda way: way.after.score or 0, default=None)

    def _ratings(self) -> Lever:
        """Return ratings on the customer's own scale, or a usual one, worst first."""
        scales = self._policy.scales
        name = usual_scale(self._case, scales) or (SCALE if SCALE in scales else None)
        if name is None:
            return []
        scale = scales[name]
        if scale.values:
            ordered = sorted(scale.values, key=lambda v: scale.values[v])
            return [Rated(name, value) for value in ordered]
        ends = int(scale.curve[0][0]), int(scale.curve[-1][0])
        step = max((ends[1] - ends[0]) // 100, 1)
        values = range(ends[0], ends[1] + 1, step)
        if not scale.higher_is_better:
            values = range(ends[1], ends[0] - 1, -step)
        return [rated(self._case, scales, str(value), name) for value in values]

    def _most_on_time(self) -> int:
        """Return how many further invoices are tried: all within two years."""
        if self._on_time is None:
            least, most = 0, MOST_INVOICES + 1
            while most - least > 1:
                middle = (least + most) // 2
                soon = self._soon(OnTime(middle))
                least, most = (middle, most) if soon else (least, middle)
            self._on_time = least
        return self._on_time

    def _soon(self, change: OnTime) -> bool:
        try:
            return (change.apply(self._case).on - self._case.on).days <= HISTORY
        except UserError:
            return False

    def _try(self, changes: tuple[Change, ...]) -> Way | None:
        case = self._case
        try:
            for change in changes:
                case = change.apply(case)
        except UserError:
            return None
        return Way(changes, rescored(self._policy, case))
