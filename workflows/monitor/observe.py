"""Gathers all that rules may look at, of some customers, as of a day."""

import numpy as np
from sqlmodel import Session

from risk.facts import facts_of
from risk.monitor.observed import Observed, Past
from risk.related import Passed
from risk.score import UNKNOWN, Scores, probability_of_default, score
from storage.as_of import Asked, View, Who
from storage.books import books
from storage.evidence import exchange, gather
from workflows.services import Services

PAST_DAYS = 30
"""What a score and a class lost is told against this long ago."""

Ids = np.ndarray


def observe(services: Services, session: Session, who: Who, view: View) -> Observed:
    """Return what was known of customers, scored, without their past.

    The class in force is what the score alone gives, and nothing is remembered; who
    knows better replaces them.
    """
    policy = services.policy.policy
    asked = Asked(session, who, view)
    known = gather(asked, services.currency)
    rate = exchange(asked, services.currency)
    found = facts_of(policy, known, view.on)
    scored = score(policy, found.facts)
    size = len(known.ids)
    to, steps = nearest_trouble(found.passed, known.ids)
    return Observed(
        known=known,
        found=found,
        scores=scored,
        books=books(asked, known.ids, rate),
        past=Past.none(size),
        in_force=grades(scored),
        default_chance=probability_of_default(policy, scored.score),
        related_to=to,
        related_steps=steps,
    )


def grades(scored: Scores) -> np.ndarray:
    """Return the computed class of each, 0–4; NaN where there is none."""
    letter = scored.risk_class.astype(np.float64)
    return np.where(scored.risk_class == UNKNOWN, np.nan, letter)


def nearest_trouble(passed: Passed, ids: Ids) -> tuple[np.ndarray, np.ndarray]:
    """Return whose trouble reached each customer hardest, and from how far; else NaN.

    Of equal trouble that of the lowest id is told.
    """
    to, steps = np.full(len(ids), np.nan), np.full(len(ids), np.nan)
    order = np.lexsort((-passed.source, passed.amount))
    to[passed.row[order]] = ids[passed.source[order]]
    steps[passed.row[order]] = passed.distance[order]
    return to, steps
