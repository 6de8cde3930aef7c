"""Looks at customers: scores them anew and fires the rules, without keeping anything.

Those around them are looked at too, for their trouble passes on; only what concerns
the customers themselves is told.
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
from sqlmodel import Session

from risk.monitor.columns import Array
from risk.monitor.expression import Failure
from risk.monitor.facts import watch_facts
from risk.monitor.fired import Fired
from risk.monitor.observed import Observed, Past
from risk.monitor.rules import fire
from risk.policy import CLASSES
from risk.policy.monitor import RulePolicy
from risk.score import UNKNOWN, Scores
from storage import scores, standings
from storage.as_of import View, Who
from storage.kin import kin
from storage.past import recent_records
from storage.reading import Table
from workflows.monitor.observe import PAST_DAYS, observe
from workflows.rules.effective import effective_rules
from workflows.rules.running import fire_expressions
from workflows.services import Services

Ids = np.ndarray

MOST_KIN = 50_000
"""Companies around those looked at that are read besides, the nearest first."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at customers found; all columns are in the order of `ids`."""

    who: Who
    """About whom it was asked."""
    ids: Ids
    day: date
    moment: datetime
    facts: Mapping[str, Array]
    """The facts of the score, and those that rules look at."""
    scores: Scores
    rows: Ids
    """The places of `ids` in `scores`."""
    in_force: Array
    default_chance: Array
    last: "Last"
    before: standings.Kept
    rules: Mapping[str, RulePolicy]
    fired: list[Fired]
    failures: list[Failure]
    """Where rules over expressions could not be decided."""


@dataclass(frozen=True, slots=True)
class Last:
    """The score that was last put on record of each; NaN where none was."""

    grade: Array
    score: Array
    same_policy: Array


def look(
    services: Services,
    session: Session,
    who: Who,
    spent: MutableMapping[str, float] | None = None,
) -> Looked:
    """Return what is to be told of customers as of today.

    `spent` holds the time that people's own rules have taken in this sweep so far.
    """
    moment, day = services.now(), services.today()
    policy, version = services.policy.policy, services.policy.version
    around = kin(session, who, policy.score.related_distance, MOST_KIN)
    wider = replace(who, others=around) if around else who
    seen = observe(services, session, wider, View(day, is_today=True))
    rows = _own(seen, who)
    ids = seen.known.ids[rows]
    span = max(PAST_DAYS, policy.score.cool_down_days)
    records = recent_records(session, who, day, span, version)
    past = _past(records, ids, day)
    computed = seen.in_force[rows]
    settled = _settled(records, ids, computed, day, policy.score.cool_down_days)
    in_force = _overridden(session, ids, settled, day)
    facts = _facts(services, seen, rows, (past, in_force), day)
    rules = effective_rules(session, policy)
    own, failures = fire_expressions(services, session, rules, ids, facts, spent=spent)
    return Looked(
        who=who,
        ids=ids,
        day=day,
        moment=moment,
        facts=facts,
        scores=seen.scores,
        rows=rows,
        in_force=in_force,
        default_chance=seen.default_chance[rows],
        last=_last(records, ids),
        before=standings.kept(session, who, ids, version),
        rules=rules,
        fired=[*fire(policy, facts, rules), *own],
        failures=failures,
    )


def _own(seen: Observed, who: Who) -> Ids:
    """Return the places of the customers themselves among all that were read."""
    ids = seen.known.ids
    if who.ids is None:
        return np.flatnonzero((ids >= who.first) & (ids <= who.last))
    return np.flatnonzero(np.isin(ids, np.array(list(who.ids), np.int64)))


def _facts(
    services: Services,
    seen: Observed,
    rows: Ids,
    stood: tuple[Past, Array],
    day: date,
) -> dict[str, Array]:
    """Return all facts of the customers at `rows`."""
    past, in_force = Past.none(seen.size), seen.in_force.copy()
    past.score[rows], past.grade[rows] = stood[0].score, stood[0].grade
    in_force[rows] = stood[1]
    known = replace(seen, past=past, in_force=in_force)
    found = watch_facts(services.policy.policy, known, day)
    if len(rows) == seen.size:
        return found
    return {name: values[rows] for name, values in found.items()}


def _ends(records: Table) -> Array:
    """Return until which day each record stood: the day of the next, or for ever."""
    ends = np.full(records.shape[1], np.inf)
    same = records[0][1:] == records[0][:-1]
    ends[:-1][same] = records[1][1:][same]
    return ends


def _at(records: Table, ids: Ids) -> tuple[Ids, np.ndarray]:
    """Return the place in `ids` of each record's customer, and whether it has one."""
    place = np.searchsorted(ids, records[0].astype(np.int64))
    there = place < len(ids)
    there[there] = ids[place[there]] == records[0][there]
    return place, there


def _past(records: Table, ids: Ids, day: date) -> Past:
    """Return score and class as they stood 30 days before `day`."""
    then = (day - timedelta(days=PAST_DAYS)).toordinal()
    place, there = _at(records, ids)
    stood = there & (records[1] <= then) & (_ends(records) > then)
    past = Past.none(len(ids))
    past.grade[place[stood]] = records[2][stood]
    past.score[place[stood]] = records[3][stood]
    return past


def _settled(
    records: Table, ids: Ids, computed: Array, day: date, cool_down: int
) -> Array:
    """Return the worst class of the cool-down: a better one shows once it has held."""
    today, since = day.toordinal(), (day - timedelta(days=cool_down)).toordinal()
    earlier = records[:, records[1] < today]
    place, there = _at(earlier, ids)
    counts = there & (_ends(earlier) > since)
    worst = np.where(np.isnan(computed), -np.inf, computed)
    np.maximum.at(worst, place[counts], earlier[2][counts])
    return np.where(np.isnan(computed), np.nan, worst)


def _last(records: Table, ids: Ids) -> Last:
    place, there = _at(records, ids)
    last = there & np.isinf(_ends(records))
    found = np.full((3, len(ids)), np.nan)
    found[:, place[last]] = records[2:5, last]
    return Last(*found)


def _overridden(session: Session, ids: Ids, settled: Array, day: date) -> Array:
    """Return the class in force: an override's, where one is good."""
    in_force = settled.copy()
    for customer, letter in scores.overrides_on(session, day).items():
        place = int(np.searchsorted(ids, customer))
        if place < len(ids) and ids[place] == customer:
            in_force[place] = CLASSES.index(letter)
    return in_force


def letters(grades: Array) -> list[str | None]:
    """Return grades as letters; None for those not known."""
    known = [*CLASSES, None]
    where = np.where(np.isnan(grades), len(CLASSES), grades).astype(np.int64)
    return [known[n] for n in where.tolist()]


def values(scored: np.ndarray) -> Array:
    """Return scores as floats; NaN where there is none."""
    return np.where(scored == UNKNOWN, np.nan, scored).astype(np.float64)
