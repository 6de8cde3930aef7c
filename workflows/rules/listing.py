"""Lists every rule: people's own and the policy's, and how each did of late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from risk.policy.signals import EXPRESSION
from storage import own_rules, rule_counts
from storage.tables import OwnRule
from templates.messages.rules import RuleLine, RuleList
from workflows.finding import let_in
from workflows.rules.effective import tuned_rules
from workflows.rules.rights import may_write
from workflows.services import Actor, Services

DAYS = 90
MOST_OWN = 15

GOOD = ("useful", "known")
"""Labels that say a rule was right."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How rules did since a day, by rule."""

    fired: Mapping[str, int]
    labels: Mapping[str, Mapping[str, int]]

    def said(self, rule: str) -> int:
        """Return how many labels a rule got."""
        return sum(self.labels.get(rule, {}).values())

    def precision(self, rule: str) -> float | None:
        """Return the share of a rule's labels that say it was right."""
        mine = self.labels.get(rule, {})
        good = sum(count for label, count in mine.items() if label in GOOD)
        return good / sum(mine.values()) if mine else None


def list_rules(services: Services, actor: Actor) -> RuleList:
    """Return every rule with its state, and how it did in the last DAYS days."""
    let_in(actor)
    with services.database.read() as session:
        counts = counts_of(services, session, DAYS)
        own = own_rules.all_rules(session)
        policy = tuned_rules(session, services.policy.policy)
    given = [
        RuleLine(
            rule=name,
            title="",
            signal=rule.signal,
            state=rule.mode,
            cause=rule.cause,
            severity=rule.severity,
            fired=counts.fired.get(name, 0),
            precision=counts.precision(name),
            labels=counts.said(name),
        )
        for name, rule in policy.items()
    ]
    return RuleList(
        own=[_own(rule, counts) for rule in own[:MOST_OWN]],
        more=max(0, len(own) - MOST_OWN),
        policy=given,
        days=DAYS,
        may_write=may_write(services, actor),
    )


def counts_of(services: Services, session: Session, days: int) -> Counts:
    """Return how rules did in the last `days` days."""
    day, moment = since(services, days)
    return Counts(
        rule_counts.fired_since(session, day),
        rule_counts.labels_since(session, moment),
    )


def since(services: Services, days: int) -> tuple[date, datetime]:
    """Return the day that lies so far back, and its first moment."""
    day = services.today() - timedelta(days=days)
    return day, datetime.combine(day, time.min, services.timezone)


def _own(rule: OwnRule, counts: Counts) -> RuleLine:
    name = own_rules.PREFIX + rule.name
    return RuleLine(
        rule=name,
        title=rule.title,
        signal=EXPRESSION,
        state=rule.state,
        cause=rule.cause,
        severity=rule.severity,
        fired=counts.fired.get(name, 0),
        precision=counts.precision(name),
        labels=counts.said(name),
        ticket=f"{rule.id}:{rule.version}",
    )
