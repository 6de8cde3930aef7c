"""Scores one customer or all, as of any day, as known then or as known now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlmodel import Session

from risk.explain import (
    CustomerScore,
    Explained,
    Kin,
    Override,
    class_in_force,
    explain,
    settled_class,
)
from risk.facts import Found, facts_of
from risk.policy import CLASSES, Policy
from risk.related import LEAST_TROUBLE, Passed, own_trouble, pass_on, related_trouble
from risk.score import UNKNOWN, Scores, probability_of_default, score
from storage import customers, scores
from storage.as_of import Asked, View, Who
from storage.digests import numbers_and_names
from storage.evidence import all_ties, gather, id_span, related_ids
from workflows.gone import CustomerGone
from workflows.services import Services

MOST_RELATED = 200
"""Companies around one customer that are looked at, the nearest first."""

REMEMBERED_DAYS = 400
"""How far back kept scores are asked for, when a class waits to improve."""


def score_customer(
    services: Services,
    customer_id: int,
    on: date | None = None,
    known_at: datetime | None = None,
) -> CustomerScore:
    """Return the customer's score on a day (today), as known then (now), explained.

    Raises:
        CustomerGone: there is no such customer.

    """
    with services.database.read() as session:
        return score_within(services, session, customer_id, on, known_at)


def score_within(
    services: Services,
    session: Session,
    customer_id: int,
    on: date | None = None,
    known_at: datetime | None = None,
) -> CustomerScore:
    """Return the same as `score_customer`, asked in a session that is open already."""
    policy, day = services.policy.policy, on or services.today()
    view = View(day, known_at, known_at is None and day >= services.today())
    found = customers.customer_and_group(session, customer_id)
    if found is None:
        raise CustomerGone
    rules = policy.score
    around = related_ids(session, customer_id, rules.related_distance, MOST_RELATED)
    known = gather(Asked(session, Who(around), view), services.currency)
    told = facts_of(policy, known, day)
    row = int(np.searchsorted(known.ids, customer_id))
    facts = {name: values[row : row + 1] for name, values in told.facts.items()}
    scored = score(policy, facts)
    explained = explain(policy, facts, scored)
    override = _override(session, customer_id, day, known_at)
    computed = _held(session, policy, customer_id, day, explained)
    chance = float(probability_of_default(policy, scored.score)[0])
    return CustomerScore(
        customer_id=customer_id,
        name=found[0].name,
        as_of=day,
        known_at=known_at,
        explained=explained,
        risk_class=class_in_force(computed, override, day),
        override=override,
        kin=_kin(session, told.passed, row, known.ids),
        facts={name: _value(values[0]) for name, values in facts.items()},
        policy_version=services.policy.version,
        default_chance=None if np.isnan(chance) else chance,
    )


def _value(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def _override(
    session: Session, customer_id: int, day: date, known_at: datetime | None
) -> Override | None:
    found = scores.override_on(session, customer_id, day, known_at)
    if found is None:
        return None
    return Override(
        found.risk_class,
        found.reason,
        found.author,
        found.approved_by or "",
        found.expires_on,
    )


def _held(
    session: Session, policy: Policy, customer_id: int, day: date, now: Explained
) -> str | None:
    """Return the computed class, a better one only once it has held long enough."""
    if now.risk_class is None:
        return None
    since = date.fromordinal(day.toordinal() - REMEMBERED_DAYS)
    kept = scores.history(session, customer_id, since)
    past = [(r.as_of, r.risk_class) for r in kept if r.as_of < day]
    computed = [*past, (day, now.risk_class)]
    return settled_class(computed, day, policy.score.cool_down_days)


def _kin(
    session: Session, passed: Passed, row: int, ids: np.ndarray
) -> tuple[Kin, ...]:
    """Return whose trouble reached the customer, the worst first."""
    mine = np.flatnonzero(passed.row == row)
    mine = mine[np.argsort(-passed.amount[mine], kind="stable")]
    if not len(mine):
        return ()
    who = [int(ids[passed.source[n]]) for n in mine]
    called = numbers_and_names(session, who)
    return tuple(
        Kin(id_, called[id_][1], int(passed.distance[n]), float(passed.amount[n]))
        for id_, n in zip(who, mine, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Everyone:
    """All customers' scores, in the order of `ids`."""

    ids: np.ndarray
    score: np.ndarray
    risk_class: np.ndarray
    confidence: np.ndarray

    def by_class(self) -> dict[str, int]:
        """Return how many customers have each class; `?` where unknown."""
        counted = {c: int((self.risk_class == n).sum()) for n, c in enumerate(CLASSES)}
        return counted | {"?": int((self.risk_class == UNKNOWN).sum())}


def score_all(services: Services) -> Everyone:
    """Return the scores of all customers, from the facts stored last."""
    with services.database.read() as session:
        pieces = [
            (piece.ids, score(services.policy.policy, piece.facts))
            for piece in scores.stored_facts(session)
        ]
    none = np.zeros(0, np.int64)
    return Everyone(
        np.concatenate([none, *(ids for ids, _ in pieces)]),
        np.concatenate([none, *(s.score for _, s in pieces)]),
        np.concatenate([none, *(s.risk_class for _, s in pieces)]),
        np.concatenate([none, *(s.confidence for _, s in pieces)]),
    )


def refresh(services: Services) -> int:
    """Gather every customer's facts anew, keep them and the day's scores; count them.

    The second pass adds what the first cannot know yet: the trouble of related
    companies.
    """
    day, now = services.today(), services.now()
    count = 0
    with services.database.read() as session:
        found = _all_facts(services, session, day)
    with services.database.write() as session:
        for ids, told in found:
            scores.store_facts(session, ids, told.facts, day, now)
            scored = score(services.policy.policy, told.facts)
            rows = list(_records(services, ids, scored, told.facts))
            scores.record_many(session, rows, day)
            count += len(ids)
    return count


def _all_facts(
    services: Services, session: Session, day: date
) -> list[tuple[np.ndarray, Found]]:
    """Return the facts of all customers in pieces, related companies included."""
    policy = services.policy.policy
    first, last = id_span(session)
    pieces = []
    for start in range(first, last + 1, scores.CHUNK):
        who = Who(first=start, last=min(start + scores.CHUNK - 1, last))
        asked = Asked(session, who, View(day, is_today=True))
        known = gather(asked, services.currency)
        pieces.append((known.ids, facts_of(policy, known, day)))
    ids = np.concatenate([np.zeros(0, np.int64), *(i for i, _ in pieces)])
    trouble = np.concatenate(
        [np.zeros(0), *(own_trouble(told.facts, len(i)) for i, told in pieces)]
    )
    if (trouble >= LEAST_TROUBLE).any():
        passed = pass_on(all_ties(session, ids), trouble, policy.score)
        related = related_trouble(passed, len(ids))
        start = 0
        for i, told in pieces:
            told.facts["related_trouble"] = related[start : start + len(i)]
            start += len(i)
    return pieces


def _records(
    services: Services, ids: np.ndarray, scored: Scores, facts: dict[str, np.ndarray]
) -> Iterator[dict[str, Any]]:
    """Yield the rows that keep the scores of those who have one."""
    for row in np.flatnonzero(scored.score != UNKNOWN):
        told = explain(services.policy.policy, facts, scored, int(row))
        yield record_of(services, int(ids[row]), told)


def record_of(services: Services, customer_id: int, told: Explained) -> dict[str, Any]:
    """Return the row that keeps a score of today."""
    return {
        "customer_id": customer_id,
        "as_of": services.today(),
        "known_at": services.now(),
        "score": told.score,
        "risk_class": told.risk_class,
        "confidence": told.confidence,
        "policy_version": services.policy.version,
        "points": told.by_factor(),
    }


def remember(services: Services, found: CustomerScore) -> None:
    """Keep a score in the customer's history, with the policy that gave it.

    Only what was asked as of today and as known now is history.
    """
    if found.score is None or found.known_at or found.as_of != services.today():
        return
    with services.database.write() as session:
        row = record_of(services, found.customer_id, found.explained)
        scores.record(session, row)
