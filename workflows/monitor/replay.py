"""Plays history again: what rules would have seen, and found, on days gone by.

As known then: an invoice paid since is open, a fact learnt since is not there. So a
rule can be tried on the past before anybody hears of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

import numpy as np
from sqlmodel import Session

from risk.monitor.columns import Array
from risk.monitor.facts import watch_facts
from risk.monitor.fired import Fired
from risk.monitor.observed import Past
from risk.monitor.rules import fire
from risk.policy.monitor import RulePolicy
from risk.score import UNKNOWN
from storage.as_of import View, Who
from storage.evidence import id_span
from storage.scores import CHUNK
from workflows.monitor.observe import PAST_DAYS, observe
from workflows.services import Services

Ids = np.ndarray


@dataclass(frozen=True, slots=True)
class Replayed:
    """A day as it was seen then, for some of the customers; all, piece by piece."""

    day: date
    ids: Ids
    """Of those that had an invoice by then; all that follows is in their order."""
    facts: Mapping[str, Array]
    fired: Sequence[Fired]


def replay(
    services: Services,
    session: Session,
    days: Sequence[date],
    rules: Mapping[str, RulePolicy] | None = None,
) -> Iterator[Replayed]:
    """Yield each of `days` (ascending) for a piece of all customers, then for the next.

    `rules` are the policy's where not given; `facts` serve expressions. Scores are
    counted by the policy in force. What a score lost in 30 days is told against the
    latest of `days` that lies so far back, or a look at that day before the first.
    """
    if not days:
        return
    first, last = id_span(session)
    for start in range(first, last + 1, CHUNK):
        who = Who(first=start, last=min(start + CHUNK - 1, last))
        yield from _piece(services, session, who, days, rules)


def _piece(
    services: Services,
    session: Session,
    who: Who,
    days: Sequence[date],
    rules: Mapping[str, RulePolicy] | None,
) -> Iterator[Replayed]:
    policy, memory = services.policy.policy, _Memory()
    before = days[0] - timedelta(days=PAST_DAYS)
    for day in [before, *days]:
        view = View(day, datetime.combine(day, time.max, services.timezone))
        seen = observe(services, session, who, view)
        past = memory.of(seen.known.ids, day)
        memory.keep(day, seen.known.ids, seen.scores.score, seen.in_force)
        if day == before:
            continue
        facts = watch_facts(policy, replace(seen, past=past), day)
        invoiced = np.bincount(seen.known.ledger.customer, minlength=seen.size) > 0
        rows = np.flatnonzero(invoiced)
        some = {name: values[rows] for name, values in facts.items()}
        yield Replayed(day, seen.known.ids[rows], some, fire(policy, some, rules))


@dataclass
class _Memory:
    """Scores and classes of the days played so far."""

    days: list[tuple[date, Ids, Array, Array]] = field(default_factory=list)

    def keep(self, day: date, ids: Ids, score: np.ndarray, grade: Array) -> None:
        known = np.where(score == UNKNOWN, np.nan, score)
        self.days.append((day, ids, known, grade))

    def of(self, ids: Ids, day: date) -> Past:
        """Return what stood 30 days before; NaN where nobody looked then."""
        past, wanted = Past.none(len(ids)), day - timedelta(days=PAST_DAYS)
        while len(self.days) > 1 and self.days[1][0] <= wanted:
            self.days.pop(0)
        if not self.days or self.days[0][0] > wanted:
            return past
        _, then, score, grade = self.days[0]
        place = np.searchsorted(then, ids)
        there = place < len(then)
        there[there] = then[place[there]] == ids[there]
        past.score[there] = score[place[there]]
        past.grade[there] = grade[place[there]]
        return past
