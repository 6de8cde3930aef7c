"""What a channel's digest says: its customers, what changed, who is worst."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Self

import numpy as np

from risk.behaviour import CLASSES
from risk.change import State, changes
from risk.portfolio import UNKNOWN, Booleans, Integers
from storage.columns import from_units, to_units
from templates.messages.digest import (
    Digest,
    DigestPart,
    DigestProblems,
    Group,
    LeftOut,
    Line,
    QuietDigest,
    Totals,
)
from workflows.digest_ledger import Ledger, microseconds
from workflows.digest_problems import NOTHING_TOLD, ProblemNews, Told

SHOWN, PART, MOST, WORST = 5, 50, 100, 10
"""Lines of a kind in the channel; in one message of the thread; in the thread in all;
and the worst customers."""

Names = Callable[[Collection[int]], dict[int, tuple[str, str]]]
"""Gives customers' numbers and names by their ids."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a digest is about; empty means no restriction."""

    owners: frozenset[str] = frozenset()
    """Every name an owner field may have for the people chosen, case folded."""
    regions: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    minimum: Decimal = Decimal(0)

    @classmethod
    def of(cls, kept: dict[str, Any], owner_names: Collection[str]) -> Self:
        """Return the scope that a schedule keeps."""
        return cls(
            owners=frozenset(name.casefold() for name in owner_names),
            regions=frozenset(kept.get("regions") or ()),
            classes=frozenset(kept.get("classes") or ()),
            minimum=Decimal(str(kept.get("minimum") or 0)),
        )


@dataclass(frozen=True, slots=True)
class Timing:
    """When a digest is, was due, and was before, in the channel's zone."""

    since: datetime | None
    due: datetime | None
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What goes to the channel, and to its thread."""

    message: Digest | QuietDigest
    parts: Sequence[DigestPart | DigestProblems]
    told: Told = NOTHING_TOLD
    """What it tells of problems, to be remembered."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """The customers of one digest: who they are, who is left out, who paid."""

    chosen: Booleans
    paid: Integers
    left_out: tuple[LeftOut, ...]


def compose(
    ledger: Ledger,
    scope: Scope,
    before: State | None,
    timing: Timing,
    names: Names,
    *,
    problems: ProblemNews,
) -> Content:
    """Return what the digest of `scope` says, compared with the state `before`."""
    choice = _choose(ledger, scope, before, timing.since)
    totals = _totals(ledger, choice.chosen)
    ranked = _ranked(ledger, choice, before) if before else {}
    worst = _order(ledger.positions.overdue, choice.chosen)[:WORST]
    quiet = timing.since and before and not ranked and not problems.groups
    if timing.since and quiet and not timing.asked:
        said = QuietDigest(timing.since, timing.due, totals, ledger.currency)
        return Content(said, (), problems.told)
    write = _Writer(ledger, before, choice.paid, names)
    write.learn([worst, *(places[:MOST] for places in ranked.values())])
    groups = [write.group(kind, places) for kind, places in ranked.items()]
    message = Digest(
        through=ledger.today,
        since=timing.since,
        due=timing.due,
        asked=timing.asked,
        groups=groups,
        totals=totals,
        worst=write.lines(worst),
        left_out=choice.left_out,
        minimum=scope.minimum,
        currency=ledger.currency,
        problems=problems.groups,
    )
    parts = [p for kind, places in ranked.items() for p in write.parts(kind, places)]
    return Content(message, [*problems.parts, *parts], problems.told)


def _choose(
    ledger: Ledger, scope: Scope, before: State | None, since: datetime | None
) -> _Choice:
    now = ledger.positions
    mine = _within(ledger.owner, ledger.owners, scope.owners)
    mine &= _within(ledger.region, ledger.regions, scope.regions)
    paid = _paid_since(ledger, since)
    matters = mine & ((now.exposure != 0) | (now.overdue != 0) | (paid != 0))
    chosen, left_out = matters.copy(), []
    if scope.classes:
        wanted = [CLASSES.index(name) for name in sorted(scope.classes)]
        fits = np.isin(now.grade, wanted)
        if before:  # who left these classes is news too
            fits |= np.isin(before.aligned(now.ids).grade, wanted)
        unknown = matters & (now.grade == UNKNOWN) & ~fits
        left_out.append(LeftOut("no_class", int(unknown.sum())))
        left_out.append(LeftOut("other_class", int((matters & ~fits & ~unknown).sum())))
        chosen &= fits
    if scope.minimum > 0:
        large = now.exposure + paid >= to_units(scope.minimum)
        left_out.append(LeftOut("below_minimum", int((chosen & ~large).sum())))
        chosen &= large
    left_out += [
        LeftOut("no_rate", int(mine[places].sum()), currency)
        for currency, places in sorted(ledger.missing.items())
    ]
    return _Choice(chosen, paid, tuple(item for item in left_out if item.count))


def _within(
    place: Integers, vocabulary: Sequence[str], wanted: frozenset[str]
) -> Booleans:
    """Return whose entry is wanted; everybody's, if nothing is said."""
    if not wanted:
        return np.ones(len(place), np.bool_)
    folded = {name.casefold() for name in wanted}
    found = [n for n, name in enumerate(vocabulary) if name.casefold() in folded]
    return np.isin(place, np.array(found, np.int64))


def _paid_since(ledger: Ledger, since: datetime | None) -> Integers:
    total = np.zeros(len(ledger.positions.ids), np.int64)
    if since is not None:
        new = ledger.paid.known_at > microseconds(since)
        place = np.searchsorted(ledger.positions.ids, ledger.paid.customer[new])
        np.add.at(total, place, ledger.paid.amount[new])
    return total


def _ranked(ledger: Ledger, choice: _Choice, before: State) -> dict[str, Integers]:
    """Return who changed, by kind, as places in the ledger, the largest first."""
    now, moved = ledger.positions, changes(before, ledger.positions)
    excess = now.exposure - now.limit
    kinds = {
        "newly_overdue": (moved.newly_overdue, now.overdue),
        "worse": (moved.worse, now.overdue),
        "better": (moved.better, now.overdue),
        "paid": (choice.paid > 0, choice.paid),
        "over_limit": (moved.newly_over_limit, excess),
    }
    found = {
        kind: _order(weight, choice.chosen & mask, positive=False)
        for kind, (mask, weight) in kinds.items()
    }
    return {kind: places for kind, places in found.items() if len(places)}


def _order(weight: Integers, mask: Booleans, *, positive: bool = True) -> Integers:
    """Return the places of `mask`, the heaviest first, those of weight > 0 only."""
    places = np.flatnonzero(mask & (weight > 0) if positive else mask)
    order: Integers = places[np.argsort(-weight[places], kind="stable")]
    return order


def _totals(ledger: Ledger, chosen: Booleans) -> Totals:
    now = ledger.positions
    overdue = now.overdue[chosen]
    return Totals(
        customers=int((now.exposure[chosen] != 0).sum()),
        exposure=_sum(now.exposure[chosen]),
        overdue=_sum(overdue),
        overdue_customers=int((overdue > 0).sum()),
        over_limit=int(now.over_limit[chosen].sum()),
        ageing=tuple(_sum(column) for column in now.buckets[chosen].T),
    )


def _sum(amounts: Integers) -> Decimal:
    return from_units(int(amounts.sum()))


class _Writer:
    """Writes customers as lines, with the names it was told to learn."""

    def __init__(
        self, ledger: Ledger, before: State | None, paid: Integers, names: Names
    ) -> None:
        self._ledger, self._paid, self._names = ledger, paid, names
        self._was = before.aligned(ledger.positions.ids) if before else None
        self._known: dict[int, tuple[str, str]] = {}

    def learn(self, places: Sequence[Integers]) -> None:
        """Ask once for the names of all that will be shown."""
        ids = self._ledger.positions.ids[np.unique(np.concatenate(places))]
        self._known = self._names(ids.tolist()) if len(ids) else {}

    def group(self, kind: str, places: Integers) -> Group:
        """Return a way of changing, with the first customers who did."""
        now = self._ledger.positions
        amounts = {"paid": self._paid, "over_limit": now.exposure}
        return Group(
            kind=kind,
            count=len(places),
            amount=_sum(amounts.get(kind, now.overdue)[places]),
            lines=self.lines(places[:SHOWN]),
            in_thread=min(len(places), MOST) if len(places) > SHOWN else 0,
        )

    def parts(self, kind: str, places: Integers) -> list[DigestPart]:
        """Return the thread's messages about one kind; none if the channel has all."""
        if len(places) <= SHOWN:
            return []
        listed = places[:MOST]
        return [
            DigestPart(
                kind=kind,
                first=start + 1,
                last=min(start + PART, len(listed)),
                count=len(places),
                unlisted=max(len(places) - MOST, 0) if start + PART >= MOST else 0,
                lines=self.lines(listed[start : start + PART]),
                currency=self._ledger.currency,
            )
            for start in range(0, len(listed), PART)
        ]

    def lines(self, places: Integers) -> list[Line]:
        """Return the customers at `places` as lines."""
        return [self._line(int(place)) for place in places]

    def _line(self, place: int) -> Line:
        now = self._ledger.positions
        number, name = self._known[int(now.ids[place])]
        limit = int(now.limit[place])
        return Line(
            number=number,
            name=name,
            exposure=from_units(int(now.exposure[place])),
            overdue=from_units(int(now.overdue[place])),
            days=int(now.days[place]),
            risk_class=_letter(int(now.grade[place])),
            was_class=_letter(int(self._was.grade[place])) if self._was else None,
            limit=None if limit < 0 else from_units(limit),
            paid=from_units(int(self._paid[place])),
        )


def _letter(grade: int) -> str | None:
    return None if grade == UNKNOWN else CLASSES[grade]
