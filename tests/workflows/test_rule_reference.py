"""The second opinion: CEL's library must read and answer an expression as we do."""

from dataclasses import replace

import pytest

from risk.monitor.expression import TEXT_FACTS, Expression, read
from risk.monitor.facts import WATCH_FACTS
from risk.policy.expressions import OwnRulePolicy
from workflows.rules.reference import ReadOtherwise, second_opinion

LIMITS = OwnRulePolicy()


def expression(text: str) -> Expression:
    return read(text, WATCH_FACTS, TEXT_FACTS, LIMITS.most_characters)


@pytest.mark.parametrize(
    "text",
    [
        'overdue > 1000 && class in ["D", "E"]',
        "known(limit) && overdue / limit > 0.5 || !known(limit)",
        "(score < 300 ? overdue > 1 : overdue_days > 30) && owner != 'x'",
        'region.startsWith("No") || !(industry == "steel")',
        "orders_30 - 2 * orders_usual > 3",
    ],
)
def test_both_agree_on_what_rules_say(text: str) -> None:
    second_opinion(expression(text), TEXT_FACTS, LIMITS)


def test_a_rule_that_the_library_reads_otherwise_is_refused() -> None:
    ours = expression("overdue > 1000")
    other = replace(ours, root=expression("overdue >= 1000").root)
    with pytest.raises(ReadOtherwise):
        second_opinion(other, TEXT_FACTS, LIMITS)
