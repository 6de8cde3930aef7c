"""The rules as they run: the policy's, as people tuned them, and people's own."""

from dataclasses import replace
from hashlib import sha256
from typing import Literal

from sqlmodel import Session

from risk.policy import Policy
from risk.policy.monitor import RulePolicy
from storage import own_rules, rule_tunings
from storage.tables import RuleTuning
from workflows.rules.running import own_rules_now

Mode = Literal["live", "shadow", "off"]
MODES: tuple[Mode, ...] = ("live", "shadow", "off")


def effective_rules(session: Session, policy: Policy) -> dict[str, RulePolicy]:
    """Return every rule by its name: the policy's as tuned, and people's own."""
    return tuned_rules(session, policy) | own_rules_now(session)


def tuned_rules(session: Session, policy: Policy) -> dict[str, RulePolicy]:
    """Return the policy's rules as people tuned them.

    What was tuned of a rule or a parameter that the policy no longer has is left out.
    """
    rules = dict(policy.monitor.rules)
    for tuning in rule_tunings.standing(session):
        if tuning.rule in rules:
            rules[tuning.rule] = tuned(rules[tuning.rule], tuning)
    return rules


def tuned(rule: RulePolicy, tuning: RuleTuning) -> RulePolicy:
    """Return a rule as somebody tuned it."""
    if tuning.parameter == rule_tunings.MODE:
        mode = next((mode for mode in MODES if mode == tuning.value), rule.mode)
        return replace(rule, mode=mode)
    if tuning.parameter not in rule.parameters:
        return rule
    values = {**rule.parameters, tuning.parameter: float(tuning.value)}
    return replace(rule, parameters=values)


def rule_set(session: Session, policy_version: str) -> str:
    """Return a sign that changes whenever any rule does: the policy's, tuned or own.

    A sweep of everybody is due when it is another than that of the last one.
    """
    own = [(row.id, row.version) for row in own_rules.running(session)]
    set_ = [row.id for row in rule_tunings.standing(session)]
    if not own and not set_:
        return policy_version
    return f"{policy_version}.{sha256(repr((own, set_)).encode()).hexdigest()[:8]}"
