"""Scores one customer or all, as of any day, as known then or as known now."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import numpy as np
from sqlmodel import Session

from risk.case import Case, case_of
from risk.explain import (
    CustomerScore,
    Explained,
    Kin,
    Override,
    class_in_force,
    explain,
    settled_class,
)
from risk.facts import Evidence, Found, facts_of
from risk.policy import CLASSES, Policy
from risk.related import Passed
from risk.score import UNKNOWN, probability_of_default, score
from storage import customers, scores
from storage.as_of import Asked, View, Who
from storage.digests import numbers_and_names
from storage.evidence import gather
from storage.kin import related_ids
from workflows.gone import CustomerGone
from workflows.services import Services

MOST_RELATED = 200
"""Companies around one customer that are looked at, the nearest first."""


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
    found = customers.customer_and_group(session, customer_id)
    if found is None:
        raise CustomerGone
    known, told, row = _around(services, session, customer_id, day, known_at)
    facts = {name: values[row : row + 1] for name, values in told.facts.items()}
    scored = score(policy, facts)
    explained = explain(policy, facts, scored)
    override = _override(session, customer_id, day, _moment(services, day, known_at))
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


def _around(
    services: Services,
    session: Session,
    customer_id: int,
    day: date,
    known_at: datetime | None = None,
) -> tuple[Evidence, Found, int]:
    """Return what is known of a customer and those tied to it, and its row there."""
    policy = services.policy.policy
    view = View(day, known_at, known_at is None and day >= services.today())
    steps = policy.score.related_distance
    around = related_ids(session, [customer_id], steps, MOST_RELATED)
    known = gather(Asked(session, Who(around), view), services.currency)
    found = facts_of(policy, known, day)
    return known, found, int(np.searchsorted(known.ids, customer_id))


def case_within(services: Services, session: Session, customer_id: int) -> Case:
    """Return the customer as it stands today, to be changed and scored again."""
    day = services.today()
    known, found, row = _around(services, session, customer_id, day)
    return case_of(known, found, row, day)


def _value(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def _moment(services: Services, day: date, known_at: datetime | None) -> datetime:
    """Return until when what people decided counts: the day's end, or what was known.

    A decision of later never reaches back, not even as known now.
    """
    ends = datetime.combine(day, time.max, services.timezone).astimezone(UTC)
    return ends if known_at is None else min(ends, known_at)


def _override(
    session: Session, customer_id: int, day: date, moment: datetime
) -> Override | None:
    found = scores.override_on(session, customer_id, day, moment)
    if found is None:
        return None
    return Override(
        found.risk_class,
        found.reason,
        found.author,
        found.approved_by or "",
        found.expires_on,
        found.id or 0,
    )


def _held(
    session: Session, policy: Policy, customer_id: int, day: date, now: Explained
) -> str | None:
    """Return the computed class, a better one only once it has held long enough."""
    if now.risk_class is None:
        return None
    past = scores.past_classes(session, customer_id)
    computed = [*(p for p in past if p[0] < day), (day, now.risk_class)]
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
