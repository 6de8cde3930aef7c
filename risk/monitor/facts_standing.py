"""Score, class, ratings, events, accounts, promises and notes: now and a while ago."""

import numpy as np

from risk.financials import financial_facts
from risk.monitor.columns import Array, count, edge, total
from risk.monitor.observed import Observed
from risk.news import rating_facts
from risk.policy import Policy
from risk.score import UNKNOWN

RECENT_DAYS = 90
DISTRESS = "distress"
PER_CENT = 100


def score_facts(observed: Observed) -> dict[str, Array]:
    """Return score and class, and what they lost in 30 days; NaN where unknown."""
    scored, past = observed.scores, observed.past
    now = np.where(scored.score == UNKNOWN, np.nan, scored.score)
    return {
        "score": now,
        "score_before": past.score,
        "score_drop": past.score - now,
        "class_grade": observed.in_force,
        "class_before": past.grade,
        "class_drop": observed.in_force - past.grade,
        "confidence": scored.confidence / PER_CENT,
        "default_chance": observed.default_chance,
    }


def news_facts(policy: Policy, observed: Observed, today: int) -> dict[str, Array]:
    """Return how ratings moved, the last event, notes of distress, promises."""
    known, size = observed.known, observed.size
    before = rating_facts(known.ratings, size, today - RECENT_DAYS, policy.scales)
    return {
        "rating_before": before["rating"],
        "rating_drop": before["rating"] - observed.found.facts["rating"],
        **_last_event(policy, observed, today),
        "distress": _distress(observed, today),
        **_promises(observed, today),
    }


def _last_event(policy: Policy, observed: Observed, today: int) -> dict[str, Array]:
    events, rules = observed.known.events, policy.score
    grave = np.array([rules.event_severity.get(k, 0.0) for k in events.kind])
    past = (events.day <= today) & (grave > 0)
    age = edge(
        events.customer[past], today - events.day[past], observed.size, least=True
    )
    latest = past & (today - events.day == age[events.customer])
    severity = edge(events.customer[latest], grave[latest], observed.size)
    return {"event_age": age, "event_severity": severity}


def _distress(observed: Observed, today: int) -> Array:
    """Return what notes of distress weigh, faded; NaN where there are none."""
    notes = observed.known.notes
    kind = np.array([k == DISTRESS for k in notes.kind], np.bool_)
    rows = kind & (notes.day <= today) & (notes.weight > 0)
    fading = np.exp2(-(today - notes.day[rows]) / notes.half_life[rows])
    weight = total(notes.customer[rows], notes.weight[rows] * fading, observed.size)
    return np.where(weight > 0, weight, np.nan)


def _promises(observed: Observed, today: int) -> dict[str, Array]:
    promises, size = observed.books.promises, observed.size
    state = np.array(promises.kind, np.str_)
    is_open, broken = state == "open", np.isin(state, ("broken", "partly"))
    broken &= promises.ends > today - RECENT_DAYS
    told = np.bincount(promises.customer, minlength=size) > 0
    whose = promises.customer[broken]
    amount = total(whose, promises.amount[broken], size)
    return {
        "promises_open": np.where(
            told, count(promises.customer[is_open], size), np.nan
        ),
        "promises_broken": np.where(told, count(whose, size), np.nan),
        "promise_broken_amount": np.where(told, amount, np.nan),
    }


def statement_facts(policy: Policy, observed: Observed) -> dict[str, Array]:
    """Return where Altman's Z lay a year before, and what it lost since."""
    known = observed.known
    before = financial_facts(known.year_before, None, policy.zscore, known.model)
    now = observed.found.facts["z_position"]
    return {"z_before": before["z_position"], "z_drop": before["z_position"] - now}
