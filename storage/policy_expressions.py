"""What is wrong with the expressions of a policy's rules."""

from collections.abc import Iterator, Mapping
from typing import Any

from risk.monitor.expression import TEXT_FACTS, read
from risk.monitor.expression.faults import ExpressionFault
from risk.monitor.facts import WATCH_FACTS
from risk.policy.expressions import OwnRulePolicy
from risk.policy.signals import EXPRESSION


def expression_faults(
    raw: Mapping[str, Any],
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield the path of each expression that cannot be read, what is wrong, a remedy.

    `raw` is a policy's TOML, which may be wrong in other ways too.
    """
    monitor = _table(raw, "monitor")
    most = _table(monitor, "own_rules").get("most_characters")
    longest = most if isinstance(most, int) else OwnRulePolicy().most_characters
    rules = _table(monitor, "rules")
    for name in rules:
        rule = _table(rules, name)
        text = rule.get("expression")
        if rule.get("signal") != EXPRESSION or not isinstance(text, str):
            continue
        try:
            read(text, WATCH_FACTS, TEXT_FACTS, longest)
        except ExpressionFault as wrong:
            path = ("monitor", "rules", name, "expression")
            yield path, str(wrong).rstrip("."), "docs/rules.md lists what it may name."


def _table(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return a table within another; empty where it is none."""
    found = raw.get(key)
    return found if isinstance(found, Mapping) else {}
