"""Rules over facts: for whom each fires, how strongly, on which figures.

A rule names a signal and gives it its parameters; a signal says how far beyond the
threshold each customer is. Arrays in, arrays out: one customer or a million. What is
not known fires nothing.
"""

from collections.abc import Mapping

import numpy as np

from risk.monitor.columns import Array
from risk.monitor.fired import Fired
from risk.monitor.signals import SIGNALS
from risk.policy import Policy
from risk.policy.monitor import RulePolicy

STRONGEST = 99.0


def fire(
    policy: Policy,
    facts: Mapping[str, Array],
    rules: Mapping[str, RulePolicy] | None = None,
) -> list[Fired]:
    """Return what fires for the customers of `facts`: a `Fired` a rule that does.

    `rules` are the policy's where not given. Rules that are off, expressions and those
    of the whole portfolio are not looked at here.
    """
    found = []
    with np.errstate(all="ignore"):
        for name, rule in (policy.monitor.rules if rules is None else rules).items():
            signal = SIGNALS.get(rule.signal)
            if rule.mode == "off" or signal is None:
                continue
            beyond = signal.beyond(policy, facts, rule.parameters)
            if (beyond >= 1).any():
                found.append(fired(name, beyond, facts, signal.evidence))
    return found


def fired(
    name: str, beyond: Array, facts: Mapping[str, Array], evidence: tuple[str, ...]
) -> Fired:
    """Return for whom `beyond` reaches 1, with the facts that say why."""
    rows = np.flatnonzero(beyond >= 1)  # what is not known is not
    strength = np.minimum(beyond[rows], STRONGEST)
    told = {fact: facts[fact][rows] for fact in evidence if fact in facts}
    return Fired(name, rows.astype(np.int64), strength, told)
