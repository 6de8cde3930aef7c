"""Holds rules to history: what each would have found, and what then came true."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter

import numpy as np
import numpy.typing as npt
from sqlmodel import Session

from risk.backtest import Fates, Question, went_bad
from risk.monitor.rules import fire
from risk.monitor.tally import Tally, Variant, variants
from risk.policy.monitor import RulePolicy
from risk.policy.signals import CUSTOMER_SIGNALS, EXPRESSION
from storage.as_of import Asked, View, Who
from storage.evidence import id_span
from storage.outcomes import fates
from storage.scores import CHUNK
from workflows.monitor.replay import Replayed, replay
from workflows.rules.running import fire_expressions
from workflows.rules.trial import looks
from workflows.services import Services

Ids = npt.NDArray[np.int64]
Tell = Callable[[float], None]
"""Is told the share of the work that is done, 0–1."""


@dataclass
class History:
    """What was found, looking at days gone by."""

    days: list[date]
    """The first only says what held before."""
    customers: int = 0
    partly: bool = False
    tallies: dict[Variant, Tally] = field(default_factory=dict)

    @property
    def weeks(self) -> float:
        """Return how long it was looked at."""
        return (self.days[-1] - self.days[0]).days / 7


def history_of(
    services: Services,
    session: Session,
    rules: Mapping[str, RulePolicy],
    tell: Tell = lambda _: None,
) -> History:
    """Return how `rules` would have done, as they stand and with thresholds moved.

    Rules of the whole portfolio are not replayed. What was not looked at before the
    policy's time was over is left out.
    """
    policy = services.policy.policy.monitor.scoreboard
    tried = {
        variant: rule
        for variant, rule in variants(_of_customers(rules))
        if rule.mode != "off"
    }
    history = History(looks(services, policy.days))
    history.tallies = {variant: Tally() for variant in tried}
    look = _Look(services, session, tried, history)
    until = perf_counter() + policy.most_seconds
    first, last = id_span(session)
    for seen in replay(services, session, history.days, {}):
        if seen.day == history.days[0] and perf_counter() > until:
            history.partly = True
            break
        look.at(seen)
        if len(seen.ids):
            place = history.days.index(seen.day) + 1
            behind = (int(seen.ids[0]) - first) // CHUNK
            pieces = (last - first) // CHUNK + 1
            tell((behind + place / len(history.days)) / pieces)
    return history


def _of_customers(rules: Mapping[str, RulePolicy]) -> dict[str, RulePolicy]:
    return {
        name: rule
        for name, rule in rules.items()
        if rule.signal in CUSTOMER_SIGNALS or rule.signal == EXPRESSION
    }


class _Look:
    """Looks at one day of some customers after the other, and counts."""

    def __init__(
        self,
        services: Services,
        session: Session,
        tried: Mapping[Variant, RulePolicy],
        history: History,
    ) -> None:
        self._services, self._session = services, session
        self._tried, self._history = tried, history
        self._named = {str(n): variant for n, variant in enumerate(tried)}
        self._rules = {n: tried[variant] for n, variant in self._named.items()}
        self._first, _ = id_span(session)
        self._start = -1
        self._fates: Fates | None = None
        self._held: dict[Variant, Ids] = {}

    def at(self, seen: Replayed) -> None:
        """Count what the rules find on a day."""
        if seen.day == self._history.days[0]:
            self._held = {}
        if not len(seen.ids):
            return
        begins = seen.day != self._history.days[0]
        gone = self._gone(seen) if begins else None
        held = dict(self._fired(seen))
        for variant, tally in self._history.tallies.items():
            rows = held.get(variant)
            on = seen.ids[:0] if rows is None else seen.ids[rows]
            before = self._held.get(variant)
            self._held[variant] = on
            if begins:
                _count(tally, on, _but(on, before), gone)
        if seen.day == self._history.days[-1]:
            self._history.customers += len(seen.ids)

    def _fired(self, seen: Replayed) -> Iterator[tuple[Variant, Ids]]:
        """Yield each rule that fires, with the rows for which it does."""
        policy = self._services.policy.policy
        for found in fire(policy, seen.facts, self._rules):
            yield self._named[found.rule], found.rows
        own, _ = fire_expressions(
            self._services, self._session, self._rules, seen.ids, seen.facts
        )
        for found in own:
            yield self._named[found.rule], found.rows

    def _gone(self, seen: Replayed) -> Ids | None:
        """Return which of the customers then let an invoice go late; None: not over."""
        rules = self._services.policy.policy.monitor.scoreboard
        today = self._services.today()
        if (today - seen.day).days < rules.within:
            return None
        start = self._first + (int(seen.ids[0]) - self._first) // CHUNK * CHUNK
        ids = np.arange(start, start + CHUNK, dtype=np.int64)
        if self._fates is None or start != self._start:
            who = Who(first=start, last=start + CHUNK - 1)
            asked = Asked(self._session, who, View(today))
            self._fates, self._start = fates(asked, ids), start
        question = Question(rules.within, rules.late)
        bad = went_bad(self._fates, seen.day.toordinal(), question)
        gone: Ids = seen.ids[bad[seen.ids - start]]
        return gone


def _count(tally: Tally, on: Ids, fresh: Ids, gone: Ids | None) -> None:
    """Add a look: who it held for, for whom it began to, and what came of them."""
    tally.fired += len(fresh)
    if gone is None:
        return
    tally.late += len(gone)
    tally.held += len(on)
    tally.held_true += _shared(on, gone)
    tally.judged += len(fresh)
    tally.true += _shared(fresh, gone)


def _but(ids: Ids, others: Ids | None) -> Ids:
    """Return `ids` without `others`: most rules hold for nobody."""
    if others is None or not len(ids) or not len(others):
        return ids
    return np.setdiff1d(ids, others, assume_unique=True)


def _shared(some: Ids, others: Ids) -> int:
    """Return how many are in both."""
    if not len(some) or not len(others):
        return 0
    return len(np.intersect1d(some, others, assume_unique=True))
