"""The rules in force: the policy's, as people have tuned them, and people's own."""

from collections.abc import Mapping
from dataclasses import replace

from sqlmodel import Session

from risk.policy.monitor import RulePolicy
from storage.tunings import tunings
from workflows.rules.running import own_rules_now
from workflows.services import Services

MODES = ("live", "shadow", "off")


def effective_rules(services: Services, session: Session) -> Mapping[str, RulePolicy]:
    """Return every rule by name: the policy's as tuned, and those people wrote."""
    return {**tuned_rules(services, session), **own_rules_now(session)}


def tuned_rules(services: Services, session: Session) -> Mapping[str, RulePolicy]:
    """Return the policy's rules by name, with the parameters and modes set since.

    A tuning of a rule or a parameter that the policy no longer has is left out.
    """
    rules = dict(services.policy.policy.monitor.rules)
    for rule, parameter, value in tunings(session):
        if rule in rules:
            rules[rule] = _tuned(rules[rule], parameter, value)
    return rules


def _tuned(rule: RulePolicy, parameter: str, value: str) -> RulePolicy:
    if parameter == "mode":
        mode = next((m for m in MODES if m == value), rule.mode)
        return replace(rule, mode=mode)  # type: ignore[arg-type] # it is one of them
    if parameter not in rule.parameters:
        return rule
    return replace(rule, parameters=rule.parameters | {parameter: float(value)})
