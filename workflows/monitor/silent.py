"""Finds feeds and rules that fell silent, and rules that cannot be evaluated.

Silence is held against each one's own habit: the median of its gaps.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from sqlmodel import Session

from risk.policy.monitor import RulePolicy
from risk.policy.signals import PORTFOLIO_SIGNALS
from storage import feeds, signals
from workflows.monitor.signals import Found, Key
from workflows.rules.effective import effective_rules
from workflows.services import Services

HABIT_DAYS, LEAST_TIMES = 180, 4
"""How far back a habit is read, and how many times make one."""

FAILING_DAYS = 2

Rules = Mapping[str, RulePolicy]


def silent_feeds(
    services: Services, session: Session, rules: Rules
) -> dict[Key, Found]:
    """Return the kinds of facts that are imported no more as they used to be."""
    wanted = {n: r for n, r in rules.items() if r.signal == "feed_silent"}
    if not wanted:
        return {}
    since = services.now() - timedelta(days=HABIT_DAYS)
    came = {
        kind: sorted({at.astimezone(services.timezone).date() for at in moments})
        for kind, moments in feeds.imports_since(session, since).items()
    }
    return _silent(services.today(), came, wanted, "feed:")


def rules_in_trouble(
    services: Services, session: Session, rules: Rules
) -> dict[Key, Found]:
    """Return the rules that fire no more as they used to, or cannot be evaluated."""
    silent = {n: r for n, r in rules.items() if r.signal == "rule_silent"}
    failing = {n: r for n, r in rules.items() if r.signal == "rule_failing"}
    found: dict[Key, Found] = {}
    if silent:
        live = [
            name
            for name, rule in effective_rules(session, services.policy.policy).items()
            if rule.mode == "live" and rule.signal not in PORTFOLIO_SIGNALS
        ]
        began = signals.began_days(session, live)
        found |= _silent(services.today(), began, silent, "rule:")
    if failing:
        since = services.now() - timedelta(days=FAILING_DAYS)
        for rule, number in signals.failing(session, since).items():
            for name, policy in failing.items():
                if number >= policy.parameters["customers"]:
                    strength = max(number / max(policy.parameters["customers"], 1), 1)
                    told = {"customers": float(number)}
                    found[name, f"rule:{rule}"] = Found(None, strength, told)
    return found


def _silent(
    today: date, days: Mapping[str, Sequence[date]], rules: Rules, prefix: str
) -> dict[Key, Found]:
    """Return what has a habit and has not been heard of for far longer than its gap."""
    found: dict[Key, Found] = {}
    for what, heard in days.items():
        recent = [day for day in heard if (today - day).days <= HABIT_DAYS]
        if len(recent) < LEAST_TIMES:
            continue
        usual = median((b - a).days for a, b in pairwise(recent))
        quiet = (today - recent[-1]).days
        for name, rule in rules.items():
            least = max(rule.parameters["times"] * usual, rule.parameters["days"])
            if quiet >= max(least, 1):
                told = {"quiet_days": float(quiet), "usual_days": float(usual)}
                strength = quiet / max(least, 1)
                found[name, f"{prefix}{what}"] = Found(None, strength, told)
    return found
