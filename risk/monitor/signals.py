"""What each signal looks for in a customer: how far beyond its threshold, 1 just at it.

Below 1, or NaN, it does not fire. A condition that must hold besides is a gate: NaN
where it does not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from risk.monitor.columns import Array, Bools
from risk.policy import Policy

Facts = Mapping[str, Array]
Given = Mapping[str, float]
Beyond = Callable[[Policy, Facts, Given], Array]


@dataclass(frozen=True, slots=True)
class Signal:
    """How far beyond the threshold each customer is, and the facts that say why."""

    beyond: Beyond
    evidence: tuple[str, ...]


def at_least(fact: Array, threshold: float) -> Array:
    """Return fact ÷ threshold where it reaches it, 0 elsewhere; NaN unknown.

    Of a threshold of 0 or less: 1 and what lies above it.
    """
    grown = fact / threshold if threshold > 0 else 1 + fact - threshold
    return np.where(fact >= threshold, np.maximum(grown, 1.0), fact * 0.0)


def gate(beyond: Array, *holds: Bools) -> Array:
    """Return `beyond` where all conditions hold, NaN elsewhere."""
    return np.where(np.logical_and.reduce(holds), beyond, np.nan)


def soon(days: Array, within: float) -> Array:
    """Return 1 at `within` days from now, rising to 2 at none and above when past."""
    return np.where(days <= within, 2 - days / max(within, 1.0), days * 0.0)


def _slower(_: Policy, facts: Facts, given: Given) -> Array:
    by = at_least(facts["slower_by"], given["days"])
    off = at_least(facts["slower_deviations"], given["deviations"])
    enough = facts["paid_before"] >= given["least"]
    return gate(np.minimum(by, off), enough, facts["days_late_recent"] >= given["late"])


def _first_overdue(_: Policy, facts: Facts, given: Given) -> Array:
    beyond = at_least(facts["overdue_oldest"], given["days"])
    enough = facts["overdue"] >= given["amount"]
    return gate(beyond, facts["first_overdue"] > 0, enough)


def _overdue(_: Policy, facts: Facts, given: Given) -> Array:
    beyond = at_least(facts["overdue_oldest"], given["days"])
    enough = facts["overdue"] >= given["amount"]
    part = facts["overdue"] >= given["share"] * facts["open_amount"]
    return gate(beyond, enough, part, facts["overdue"] > 0)


def _likely_late(_: Policy, facts: Facts, given: Given) -> Array:
    beyond = at_least(facts["late_chance"], given["chance"])
    return gate(beyond, facts["settled_count"] >= given["least"])


def _broken_promise(_: Policy, facts: Facts, given: Given) -> Array:
    return at_least(facts["promises_broken"], given["count"])


def _part_payments(_: Policy, facts: Facts, given: Given) -> Array:
    beyond = at_least(facts["partial_recent"], given["count"])
    usual = facts["partial_usual"]
    return gate(beyond, facts["partial_recent"] >= given["times"] * usual)


def _disputes(_: Policy, facts: Facts, given: Given) -> Array:
    now, usual = facts["disputed_recent"], np.nan_to_num(facts["disputed_usual"])
    return gate(at_least(now, given["share"]), now - usual >= given["rise"])


def _dso(_: Policy, facts: Facts, given: Given) -> Array:
    drift = facts["dso"] - facts["dso_usual"]
    enough = facts["dso"] >= given["times"] * facts["dso_usual"]
    return gate(at_least(drift, given["days"]), enough)


def _orders_rise(_: Policy, facts: Facts, given: Given) -> Array:
    beyond = at_least(facts["orders_deviations"], given["deviations"])
    enough = facts["orders_30"] >= given["times"] * facts["orders_usual"]
    return gate(beyond, enough, facts["orders_before"] >= given["least"])


def _orders_fall(_: Policy, facts: Facts, given: Given) -> Array:
    beyond = at_least(-facts["orders_deviations"], given["deviations"])
    enough = facts["orders_30"] * given["times"] <= facts["orders_usual"]
    return gate(beyond, enough, facts["orders_before"] >= given["least"])


def _order_size(_: Policy, facts: Facts, given: Given) -> Array:
    beyond = at_least(facts["order_size_deviations"], given["deviations"])
    enough = facts["order_size_30"] >= given["times"] * facts["order_size_usual"]
    return gate(beyond, enough, facts["orders_before"] >= given["least"])


def _silence(_: Policy, facts: Facts, given: Given) -> Array:
    beyond = at_least(facts["silence_deviations"], given["deviations"])
    return gate(beyond, facts["days_since_order"] >= given["days"])


def _limit_used(policy: Policy, facts: Facts, _: Given) -> Array:
    """Return 1, 2 or 3 as utilisation reaches warning, alarm and hold."""
    rules, used = policy.limit, facts["utilisation"]
    steps = [float(rules.warn_at), float(rules.alarm_at), float(rules.hold_at)]
    reached = np.stack([used >= step for step in steps])
    return np.where(np.isnan(used), np.nan, reached.sum(axis=0))


def _limit_path(_: Policy, facts: Facts, given: Given) -> Array:
    used = facts["utilisation"]
    beyond = soon(facts["days_until_full"], given["days"])
    return gate(beyond, used >= given["used"], used < 1)


def _class_drop(_: Policy, facts: Facts, given: Given) -> Array:
    beyond = at_least(facts["class_drop"], given["steps"])
    return gate(beyond, facts["class_grade"] >= given["grade"])


def _statement_worse(_: Policy, facts: Facts, given: Given) -> Array:
    return at_least(facts["z_drop"], given["drop"])


def _event(_: Policy, facts: Facts, given: Given) -> Array:
    beyond = at_least(facts["event_severity"], given["severity"])
    return gate(beyond, facts["event_age"] <= given["days"])


def _review(_: Policy, facts: Facts, given: Given) -> Array:
    return soon(facts["review_days"], given["days"])


def _one(fact: str, parameter: str) -> Beyond:
    """Return the signal that one fact reaches a parameter."""

    def beyond(_: Policy, facts: Facts, given: Given) -> Array:
        return at_least(facts[fact], given[parameter])

    return beyond


def _lapse(fact: str) -> Beyond:
    """Return the signal that something ends within `days`."""

    def beyond(_: Policy, facts: Facts, given: Given) -> Array:
        return soon(facts[fact], given["days"])

    return beyond


_LAPSE = ("utilisation", "utilisation_after", "orders_after", "exposure")

SIGNALS: Mapping[str, Signal] = {
    "slower_payment": Signal(
        _slower,
        ("days_late_recent", "days_late_usual", "slower_by", "paid_recent", "overdue"),
    ),
    "first_overdue": Signal(
        _first_overdue, ("overdue", "overdue_oldest", "overdue_count", "settled_count")
    ),
    "overdue": Signal(
        _overdue, ("overdue", "overdue_oldest", "overdue_count", "open_amount")
    ),
    "likely_late": Signal(
        _likely_late,
        ("late_chance", "days_late_mean", "very_late_share", "open_amount"),
    ),
    "broken_promise": Signal(
        _broken_promise, ("promises_broken", "promise_broken_amount", "overdue")
    ),
    "part_payments": Signal(_part_payments, ("partial_recent", "partial_usual")),
    "disputes": Signal(_disputes, ("disputed_recent", "disputed_usual")),
    "dso_drift": Signal(_dso, ("dso", "dso_usual", "open_amount")),
    "orders_rise": Signal(_orders_rise, ("orders_30", "orders_usual")),
    "orders_fall": Signal(
        _orders_fall, ("orders_30", "orders_usual", "days_since_order")
    ),
    "order_size": Signal(_order_size, ("order_size_30", "order_size_usual")),
    "silence": Signal(_silence, ("days_since_order", "gap_usual", "open_amount")),
    "limit_used": Signal(_limit_used, ("utilisation", "exposure", "limit", "headroom")),
    "limit_path": Signal(
        _limit_path, ("days_until_full", "utilisation", "headroom", "growth_per_day")
    ),
    "score_drop": Signal(
        _one("score_drop", "points"), ("score", "score_before", "score_drop")
    ),
    "class_drop": Signal(_class_drop, ("class_grade", "class_before", "score")),
    "low_class": Signal(_one("class_grade", "grade"), ("class_grade", "score")),
    "rating_drop": Signal(
        _one("rating_drop", "share"), ("rating", "rating_before", "rating_age_days")
    ),
    "credit_event": Signal(_event, ("event_age", "event_severity", "insolvent")),
    "statement_overdue": Signal(
        _one("statement_age_days", "days"), ("statement_age_days",)
    ),
    "statement_worse": Signal(
        _statement_worse, ("z_position", "z_before", "z_drop", "profit", "leverage")
    ),
    "cover_lapse": Signal(_lapse("cover_days"), ("cover_days", *_LAPSE)),
    "guarantee_lapse": Signal(_lapse("guarantee_days"), ("guarantee_days", *_LAPSE)),
    "limit_lapse": Signal(
        _lapse("limit_days"), ("limit_days", "limit", "exposure", "orders_after")
    ),
    "clause_lapse": Signal(_lapse("clause_days"), ("clause_days", "exposure")),
    "review_lapse": Signal(_review, ("review_days", "exposure")),
    "related_trouble": Signal(
        _one("related_trouble", "share"),
        ("related_trouble", "related_to", "related_steps"),
    ),
    "distress": Signal(_one("distress", "weight"), ("distress", "notes")),
}
"""Signal → what it looks for. Their parameters stand in `risk.policy.signals`."""
