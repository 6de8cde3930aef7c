"""A second opinion: CEL's own library reads and answers an expression as we do.

A rule is taken only then. The library sees a customer at a time, so it is shown a few:
for how many customers it would do is in `risk.monitor.expression`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from risk.errors import N_
from risk.monitor.expression import Expression, fire_own
from risk.monitor.expression.faults import ExpressionFault
from risk.monitor.expression.standard import standard
from risk.monitor.expression.tree import Constant, walk
from risk.policy.expressions import OwnRulePolicy

SHOWN = 48
NAME = "r"


@dataclass(eq=False)
class ReadOtherwise(ExpressionFault):
    """The library and we do not agree on what an expression says."""

    message = N_(
        "CEL's own library reads this otherwise than I do, so I do not take it. Put"
        " brackets around its parts, or write it more simply."
    )


def second_opinion(
    expression: Expression, texts: Collection[str], limits: OwnRulePolicy
) -> None:
    """Raise ReadOtherwise unless the library answers as we do for made-up customers.

    Their facts lie at, below and above the numbers of the expression, or are unknown.
    """
    customers = _made_up(expression, texts)
    numbers = [name for name in expression.facts if name not in texts]
    facts = {
        name: np.array([c.get(name, np.nan) for c in customers], np.float64)
        for name in numbers
    }
    words = {
        name: np.array([c.get(name) for c in customers], object)
        for name in expression.facts
        if name in texts
    }
    size = {"": np.zeros(len(customers))}
    fired, failed = fire_own({NAME: expression.text}, facts or size, words, limits)
    ours: list[bool | None] = [False] * len(customers)
    for found in fired:
        for row in found.rows.tolist():
            ours[row] = True
    skipped = set()
    for failure in failed:
        for row in failure.rows.tolist():
            ours[row] = None
        if not failure.reason.startswith("unknown:"):
            skipped |= set(failure.rows.tolist())  # CEL counts on with infinity
    for row, customer in enumerate(customers):
        if row not in skipped and _library(expression, customer) != ours[row]:
            raise ReadOtherwise


def _library(expression: Expression, customer: Mapping[str, Any]) -> bool | None:
    """Return what the library answers for a customer; None: it cannot."""
    import cel  # noqa: PLC0415 - it brings a command line of its own, slow to load

    written = standard(expression.root, customer.keys())
    try:
        answer = cel.evaluate(written, dict(customer))
    except (TypeError, RuntimeError, ValueError):
        return None
    return bool(answer)


def _made_up(expression: Expression, texts: Collection[str]) -> list[dict[str, Any]]:
    """Return customers that an expression is tried on."""
    constants = [n.value for n in walk(expression.root) if isinstance(n, Constant)]
    figures = sorted({v for v in constants if isinstance(v, float)} | {0.0})
    near = [w for v in figures for w in (v - 0.5, v, v + 0.5)]
    said = sorted({v for v in constants if isinstance(v, str) and v} | {"x"})
    chance = np.random.default_rng(0)
    found: list[dict[str, Any]] = []
    for _ in range(SHOWN):
        customer: dict[str, Any] = {}
        for name in expression.facts:
            options = said if name in texts else near
            place = int(chance.integers(len(options) + 1))
            if place < len(options):
                customer[name] = options[place]
        found.append(customer)
    return found
