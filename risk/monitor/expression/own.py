"""Fires people's own rules for many customers; one that fails stops nobody else."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from risk.monitor.expression.faults import ExpressionFault
from risk.monitor.expression.reader import Expression, read
from risk.monitor.expression.run import Answer, Run, TooSlow
from risk.monitor.expression.tree import Binary, Constant, Fact, conjuncts
from risk.monitor.fired import Array, Fired, Places
from risk.policy.expressions import OwnRulePolicy

TEXT_FACTS = ("region", "industry", "country", "owner", "group", "class")
"""Facts in words, beside the figures; compared with texts in quotes."""

SLOW, FAULT = "slow", "fault:"

STRONGEST = 99.0
"""As with the policy's rules: what has no end, as use of a limit of 0, is this far."""


@dataclass(frozen=True, slots=True)
class Failure:
    """That a rule could not be decided for some customers, or for none at all."""

    rule: str
    reason: str
    """`unknown:<fact>`, `division`, `overflow`, `slow`, or `fault:` and the words."""
    rows: Places
    """For whom: their places in the arrays."""

    @property
    def whole(self) -> bool:
        """Return whether the rule itself failed, whoever the customer."""
        return self.reason == SLOW or self.reason.startswith(FAULT)


def fire_own(
    rules: Mapping[str, str],
    facts: Mapping[str, Array],
    texts: Mapping[str, npt.NDArray[Any]],
    limits: OwnRulePolicy,
    spent: MutableMapping[str, float] | None = None,
) -> tuple[list[Fired], list[Failure]]:
    """Return for whom rules fire, and where they could not be decided.

    `rules` maps a rule's name to its expression. A text of None or "" is unknown, as a
    figure that is NaN. `spent` keeps the seconds each rule has taken, from one piece of
    the customers to the next: give the same one for all pieces of a sweep.
    """
    seconds: MutableMapping[str, float] = {} if spent is None else spent
    size = len(next(iter(facts.values()))) if facts else 0
    fired: list[Fired] = []
    failures: list[Failure] = []
    for rule, text in rules.items():
        begun = perf_counter()
        left = limits.most_seconds - seconds.get(rule, 0.0)
        run = Run(facts, texts, begun + left)
        try:
            expression = read(text, facts, texts, limits.most_characters)
            answer = run.answer(expression.root)
        except TooSlow:
            failures.append(Failure(rule, SLOW, np.arange(size)))
            continue
        except ExpressionFault as fault:
            failures.append(Failure(rule, f"{FAULT}{fault}", np.arange(size)))
            continue
        finally:
            seconds[rule] = seconds.get(rule, 0.0) + perf_counter() - begun
        failures += _failures(rule, answer, run.reasons, size)
        found = _fired(rule, expression, answer, (facts, size))
        if len(found.rows):
            fired.append(found)
    return fired, failures


def _failures(
    rule: str, answer: Answer, reasons: list[str], size: int
) -> list[Failure]:
    """Return for whom there was no answer, by reason."""
    if answer.lost is None:
        return []
    lost = np.broadcast_to(answer.lost, size)
    numbers = np.unique(lost[lost > 0])
    return [Failure(rule, reasons[n], np.flatnonzero(lost == n)) for n in numbers]


def _fired(
    rule: str,
    expression: Expression,
    answer: Answer,
    given: tuple[Mapping[str, Array], int],
) -> Fired:
    """Return for whom the condition surely holds, with the figures it names."""
    facts, size = given
    holds = answer.value if answer.lost is None else answer.value & (answer.lost == 0)
    rows = np.flatnonzero(np.broadcast_to(holds, size))
    named = {name: facts[name][rows] for name in expression.facts if name in facts}
    return Fired(rule, rows, _strength(expression, named, len(rows)), named)


def _strength(expression: Expression, named: Mapping[str, Array], size: int) -> Array:
    """Return how far facts are beyond the thresholds they must exceed, 1 at least.

    That is the largest share of fact to threshold, over the conditions that must all
    hold; other conditions have no measure.
    """
    strength = np.ones(size)
    for condition in conjuncts(expression.root):
        match condition:
            case Binary(
                _, ">" | ">=", Fact(_, name), Constant(_, float() as least)
            ) if least > 0:
                beyond = np.clip(named[name] / least, 1.0, STRONGEST)
                strength = np.fmax(strength, beyond)
    return strength
