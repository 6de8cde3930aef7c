"""Counts scores anew and keeps them: everybody's, or only what a change touches.

A customer's facts, its score as it stands, and its history when it moved. The second
pass adds what the first cannot know yet: the trouble of related companies.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlmodel import Session

from risk.explain import settled_class
from risk.facts import Found, facts_of
from risk.policy import ScorePolicy
from risk.related import LEAST_TROUBLE, own_trouble, pass_on, related_trouble
from risk.score import UNKNOWN, Scores, score
from storage import scores, standings
from storage.as_of import Asked, View, Who
from storage.evidence import all_ties, gather, id_span, related_ids
from workflows.services import Services

Ids = np.ndarray

MOST_RELATED = 20_000
"""Companies around those that changed that are looked at, the nearest first."""


def refresh_if_stale(services: Services) -> int:
    """Count everybody's score anew if something has changed; return how many."""
    with services.database.read() as session:
        version = services.policy.version
        if not standings.is_stale(session, services.today(), version):
            return 0
    return refresh(services)


def refresh(services: Services) -> int:
    """Count everybody's score anew and keep it; return how many."""
    moment, day = services.now(), services.today()
    with services.database.read() as session:
        pieces = list(_gathered(services, session, day))
        overrides = scores.overrides_on(session, day)
        _pass_trouble_on(services, session, pieces)
    for ids, told in pieces:
        _keep(services, ids, told.facts, overrides, (day, moment))
    return sum(len(ids) for ids, _ in pieces)


def refresh_some(services: Services, customer_ids: Sequence[int]) -> int:
    """Count anew the scores of customers, and of those whom their trouble reaches."""
    if not customer_ids:
        return 0
    moment, day = services.now(), services.today()
    policy = services.policy.policy
    steps = policy.score.related_distance
    with services.database.read() as session:
        touched = related_ids(session, customer_ids, steps, MOST_RELATED)
        around = related_ids(session, touched, steps, MOST_RELATED)
        asked = Asked(session, Who(around), View(day, is_today=True))
        known = gather(asked, services.currency)
        told = facts_of(policy, known, day)
        overrides = scores.overrides_on(session, day)
    rows = np.flatnonzero(np.isin(known.ids, touched))
    facts = {name: values[rows] for name, values in told.facts.items()}
    _keep(services, known.ids[rows], facts, overrides, (day, moment))
    return len(rows)


def _gathered(
    services: Services, session: Session, day: date
) -> Iterator[tuple[Ids, Found]]:
    """Yield the facts of all customers, a piece at a time."""
    first, last = id_span(session)
    for start in range(first, last + 1, scores.CHUNK):
        who = Who(first=start, last=min(start + scores.CHUNK - 1, last))
        known = gather(Asked(session, who, View(day, is_today=True)), services.currency)
        yield known.ids, facts_of(services.policy.policy, known, day)


def _pass_trouble_on(
    services: Services, session: Session, pieces: list[tuple[Ids, Found]]
) -> None:
    """Set, in place, the trouble of related companies, across all pieces."""
    none = np.zeros(0, np.int64)
    ids = np.concatenate([none, *(i for i, _ in pieces)])
    own = [own_trouble(told.facts, len(i)) for i, told in pieces]
    trouble = np.concatenate([np.zeros(0), *own])
    if not (trouble >= LEAST_TROUBLE).any():
        return
    rules = services.policy.policy.score
    passed = pass_on(all_ties(session, ids), trouble, rules)
    reached = related_trouble(passed, len(ids))
    start = 0
    for i, told in pieces:
        told.facts["related_trouble"] = reached[start : start + len(i)]
        start += len(i)


def _keep(
    services: Services,
    ids: Ids,
    facts: dict[str, np.ndarray],
    overrides: dict[int, str],
    when: tuple[date, datetime],
) -> None:
    """Keep facts, scores as they stand, and history where a score moved."""
    if not len(ids):
        return
    day, moment = when
    policy, version = services.policy.policy, services.policy.version
    scored = score(policy, facts)
    factors = _by_factor(policy.score, scored)
    standing, moved = [], []
    with services.database.write() as session:
        scores.one_at_a_time(session)
        past = scores.histories(session, int(ids[0]), int(ids[-1]))
        for row, id_ in enumerate(ids.tolist()):
            value, letter = int(scored.score[row]), scored.class_of(row)
            held = past.get(id_, [])
            before = [(kept[0], kept[1]) for kept in held if kept[0] < day]
            settled = letter
            if letter is not None and before:
                days = policy.score.cool_down_days
                settled = settled_class([*before, (day, letter)], day, days)
            common: dict[str, Any] = {
                "customer_id": id_,
                "as_of": day,
                "known_at": moment,
                "policy_version": version,
                "confidence": int(scored.confidence[row]),
            }
            standing.append(
                common
                | {
                    "score": None if value == UNKNOWN else value,
                    "computed_class": letter,
                    "risk_class": overrides.get(id_, settled),
                }
            )
            same = bool(held) and held[-1][1:] == (letter, value, version)
            if letter is not None and not same:
                points = {name: int(of[row]) for name, of in factors if of[row]}
                moved.append(
                    common | {"score": value, "risk_class": letter, "points": points}
                )
        scores.store_facts(session, ids, facts, day, moment)
        standings.keep_many(session, standing)
        scores.record_many(session, moved, day)


def _by_factor(rules: ScorePolicy, scored: Scores) -> list[tuple[str, np.ndarray]]:
    """Return the points of every factor, deduction, and of caps and floors."""
    found, start = [], 0
    for name, factor in rules.factors.items():
        end = start + len(factor.measures)
        found.append((name, scored.points[:, start:end].sum(axis=1)))
        start = end
    for name in rules.deductions:
        found.append((name, scored.points[:, start]))
        start += 1
    return [*found, ("adjustment", scored.adjustment)]
