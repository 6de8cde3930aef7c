"""Tries a rule on history: when it would have fired, for whom, and what came of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from time import perf_counter

import numpy as np
import numpy.typing as npt
from sqlmodel import Session

from risk.backtest import Fates, Question, went_bad
from risk.monitor.expression import Failure
from risk.policy.monitor import RulePolicy
from storage.as_of import Asked, View, Who
from storage.digests import numbers_and_names
from storage.outcomes import fates
from templates.messages.rules import Match, Preview, Undecided
from workflows.monitor.replay import Replayed, replay
from workflows.rules.running import fire_expressions
from workflows.services import Services

Ids = npt.NDArray[np.int64]

MOST_MATCHES = 10
"""So many of the latest times are told one by one."""

NAME = "trial"


@dataclass
class _Found:
    """What a trial has found so far."""

    customers: int = 0
    partly: bool = False
    began: list[tuple[date, int]] = field(default_factory=list)
    """(day, customer) of each time that it began to hold."""
    holding: int = 0
    lost: dict[str, list[int]] = field(default_factory=dict)
    """Reason → for whom it could not be decided, on the last day."""


def try_out(
    services: Services,
    session: Session,
    rule: RulePolicy,
    heed: Callable[[], None] = lambda: None,
) -> Preview:
    """Return what a rule over an expression would have done of late.

    `heed` is called between looks, and may raise to end it.
    """
    policy = services.policy.policy.monitor
    days = looks(services, policy.own_rules.preview_days)
    found = _replayed(services, session, rule, days, heed)
    late = came_late(services, session, found.began)
    latest = sorted(found.began, reverse=True)[:MOST_MATCHES]
    called = numbers_and_names(session, [id_ for _, id_ in latest])
    weeks = Counter(day for day, _ in found.began)
    return Preview(
        days=policy.own_rules.preview_days,
        late_days=policy.scoreboard.late,
        customers=found.customers,
        partly=found.partly,
        fired=len(found.began),
        subjects=len({id_ for _, id_ in found.began}),
        late=len(late),
        holding=found.holding,
        matches=[
            Match(*called.get(id_, ("", "")), day, (day, id_) in late)
            for day, id_ in latest
        ],
        weeks=[(day, weeks[day]) for day in days[1:]],
        undecided=_undecided(session, found),
    )


def looks(services: Services, days: int) -> list[date]:
    """Return the days on which history is looked at; before the first is the past."""
    step = services.policy.policy.monitor.scoreboard.step_days
    today = services.today()
    count = -(-days // step)
    return [today - timedelta(days=step * n) for n in range(count, -1, -1)]


def came_late(
    services: Services, session: Session, began: Sequence[tuple[date, int]]
) -> set[tuple[date, int]]:
    """Return after which (day, customer) an invoice went late, as the policy says.

    As far as time has passed: what may yet come is not counted.
    """
    if not began:
        return set()
    rules, today = services.policy.policy.monitor.scoreboard, services.today()
    ids = np.unique(np.array([id_ for _, id_ in began], np.int64))
    came = _fates(session, ids, today)
    late: set[tuple[date, int]] = set()
    for day in {day for day, _ in began}:
        horizon = min(rules.within, (today - day).days)
        bad = went_bad(came, day.toordinal(), Question(horizon, rules.late))
        gone = set(ids[bad].tolist())
        late |= {(on, id_) for on, id_ in began if on == day and id_ in gone}
    return late


def _fates(session: Session, ids: Ids, today: date) -> Fates:
    """Return what became of the invoices of `ids`."""
    who = Who(ids.tolist()) if len(ids) < _MOST_NAMED else Who(None, ids[0], ids[-1])
    return fates(Asked(session, who, View(today)), ids)


_MOST_NAMED = 900


def _replayed(
    services: Services,
    session: Session,
    rule: RulePolicy,
    days: Sequence[date],
    heed: Callable[[], None],
) -> _Found:
    found, spent = _Found(), {day: dict[str, float]() for day in days}
    holding = np.zeros(0, np.int64)
    for seen in _in_time(services, session, days, found):
        heed()
        fired, failed = fire_expressions(
            services,
            session,
            {NAME: rule},
            seen.ids,
            seen.facts,
            spent=spent[seen.day],
        )
        on = seen.ids[fired[0].rows] if fired else seen.ids[:0]
        if seen.day != days[0]:
            fresh = np.setdiff1d(on, holding, assume_unique=True)
            found.began += [(seen.day, id_) for id_ in fresh.tolist()]
        holding = on
        if seen.day == days[-1]:
            found.customers += len(seen.ids)
            found.holding += len(on)
            _note(found, failed, seen)
    return found


def _in_time(
    services: Services, session: Session, days: Sequence[date], found: _Found
) -> Iterator[Replayed]:
    """Yield history piece by piece; when time is over, no new piece is begun."""
    until = perf_counter() + services.policy.policy.monitor.scoreboard.most_seconds
    for seen in replay(services, session, days, {}):
        if seen.day == days[0] and perf_counter() > until:
            found.partly = True
            return
        yield seen


def _note(found: _Found, failed: Sequence[Failure], seen: Replayed) -> None:
    for failure in failed:
        found.lost.setdefault(failure.reason, []).extend(
            seen.ids[failure.rows].tolist()
        )


def _undecided(session: Session, found: _Found) -> list[Undecided]:
    called = numbers_and_names(session, [ids[0] for ids in found.lost.values() if ids])
    told = []
    for full, ids in found.lost.items():
        reason, _, what = full.partition(":")
        number, name = called.get(ids[0], ("", "")) if ids else ("", "")
        told.append(Undecided(reason, what, len(ids), number, name))
    return told
