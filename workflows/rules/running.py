"""The rules over expressions, as a sweep or a replay fires them."""

from collections.abc import Mapping, MutableMapping

import numpy as np
import numpy.typing as npt
from sqlmodel import Session

from risk.monitor.expression import TEXT_FACTS, Failure, fire_own
from risk.monitor.fired import Array, Fired
from risk.policy import CLASSES
from risk.policy.monitor import RulePolicy
from risk.policy.signals import EXPRESSION
from storage import own_rules
from storage.tables import OwnRule
from storage.text_facts import Texts, text_facts
from workflows.services import Services


def own_rules_now(session: Session) -> dict[str, RulePolicy]:
    """Return the rules that people wrote and that run, as the policy's are: by name."""
    rows = own_rules.running(session)
    return {own_rules.PREFIX + row.name: policy_of(row) for row in rows}


def policy_of(rule: OwnRule) -> RulePolicy:
    """Return a rule that people wrote as the policy would say it."""
    return RulePolicy(
        signal=EXPRESSION,
        cause=rule.cause,  # type: ignore[arg-type] # the form offers causes only
        severity=rule.severity,  # type: ignore[arg-type] # likewise
        mode="live" if rule.state == "live" else "shadow",
        expression=rule.expression,
    )


def fire_expressions(
    services: Services,
    session: Session,
    rules: Mapping[str, RulePolicy],
    ids: npt.NDArray[np.int64],
    facts: Mapping[str, Array],
    *,
    spent: MutableMapping[str, float] | None = None,
) -> tuple[list[Fired], list[Failure]]:
    """Return for whom of `ids` (ascending) the expressions among `rules` fire.

    And where they could not be decided. `spent` is one for all pieces of a sweep: it
    holds the time that each rule has taken.
    """
    texts = {
        name: rule.expression
        for name, rule in rules.items()
        if rule.signal == EXPRESSION and rule.mode != "off"
    }
    if not texts:
        return [], []
    named = {fact for fact in TEXT_FACTS if any(fact in t for t in texts.values())}
    words = texts_of(session, ids, facts, named)
    return fire_own(
        texts, facts, words, services.policy.policy.monitor.own_rules, spent
    )


def texts_of(
    session: Session,
    ids: npt.NDArray[np.int64],
    facts: Mapping[str, Array],
    named: set[str],
) -> Texts:
    """Return every fact in words; those not among `named` stay unread, as unknown."""
    nothing = np.full(len(ids), None, object)
    found = dict.fromkeys(TEXT_FACTS, nothing) | dict(text_facts(session, ids, named))
    if "class" in named and "class_grade" in facts:
        letters = np.array([*CLASSES, None], object)
        grade = facts["class_grade"]
        found["class"] = letters[
            np.where(np.isnan(grade), len(CLASSES), grade).astype(int)
        ]
    return found
