"""The scoreboard: how every rule did by labels, by what came, at what cost."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from risk.monitor.tally import Tally, Variant
from risk.policy.monitor import RulePolicy
from storage import own_rules, rule_counts
from templates.messages.rule_score import Effect, Proposal, RuleMark, RuleScore
from workflows.rules.effective import effective_rules
from workflows.rules.listing import Counts, counts_of, since
from workflows.rules.scoring import History, Tell, history_of
from workflows.services import Services

GAIN = 0.02
"""A threshold is proposed when its F1 is better by this."""

MOST_PROPOSALS = 8


@dataclass(frozen=True, slots=True)
class _Seen:
    """All that marks rest on."""

    counts: Counts
    interruptions: Mapping[str, int]
    titles: Mapping[str, str]
    history: History
    minutes: float


def scoreboard(
    services: Services, *, may_tune: bool, tell: Tell = lambda _: None
) -> RuleScore:
    """Return how every rule did, and which thresholds would have done better."""
    rules = services.policy.policy.monitor.scoreboard
    with services.database.read() as session:
        running = effective_rules(session, services.policy.policy)
        history = history_of(services, session, running, tell)
        seen = _Seen(
            counts_of(services, session, rules.days),
            rule_counts.interruptions_since(session, since(services, rules.days)[1]),
            _titles(session),
            history,
            rules.minutes,
        )
    proposals = [
        found
        for name, rule in running.items()
        if (found := _proposal(services, seen, name, rule)) is not None
    ]
    proposals.sort(key=lambda p: p.now.f1 - p.better.f1)
    return RuleScore(
        first=history.days[0],
        last=history.days[-1],
        late_days=rules.late,
        within=rules.within,
        minutes=rules.minutes,
        customers=history.customers,
        partly=history.partly,
        marks=[_mark(seen, name, rule) for name, rule in running.items()],
        proposals=proposals[:MOST_PROPOSALS],
        may_tune=may_tune,
    )


def _titles(session: Session) -> dict[str, str]:
    rules = own_rules.all_rules(session)
    return {own_rules.PREFIX + rule.name: rule.title for rule in rules}


def _mark(seen: _Seen, name: str, rule: RulePolicy) -> RuleMark:
    tally = seen.history.tallies.get(Variant(name))
    interruptions = seen.interruptions.get(name, 0)
    return RuleMark(
        rule=name,
        title=seen.titles.get(name, ""),
        signal=rule.signal,
        state=rule.mode,
        fired=seen.counts.fired.get(name, 0),
        would=tally.fired if tally else None,
        a_week=tally.fired / seen.history.weeks if tally else None,
        labels=seen.counts.said(name),
        right=seen.counts.precision(name),
        judged=tally.judged if tally else 0,
        came_true=tally.came_true if tally else None,
        interruptions=interruptions,
        minutes=interruptions * seen.minutes,
    )


def _proposal(
    services: Services, seen: _Seen, name: str, rule: RulePolicy
) -> Proposal | None:
    """Return the threshold that would have done best, if it is better than now's."""
    tallies = seen.history.tallies
    now = tallies.get(Variant(name))
    if now is None:
        return None
    policy = services.policy.policy.monitor.scoreboard
    enough = policy.least_precision if now.precision is None else now.precision
    least = min(policy.least_precision, enough)
    tried = [
        (tally.f1, variant)
        for variant, tally in tallies.items()
        if variant.rule == name
        and variant.parameter
        and tally.judged >= policy.least
        and (tally.precision or 0.0) >= least
    ]
    if not tried:
        return None
    best, variant = max(tried, key=lambda pair: pair[0])
    if best < now.f1 + GAIN:
        return None
    return Proposal(
        rule=name,
        title=seen.titles.get(name, ""),
        signal=rule.signal,
        parameter=variant.parameter,
        now=_effect(seen.history, now, rule.parameters[variant.parameter]),
        better=_effect(seen.history, tallies[variant], variant.value),
    )


def _effect(history: History, tally: Tally, value: float) -> Effect:
    return Effect(
        value=value,
        precision=tally.precision,
        recall=tally.recall,
        f1=round(tally.f1, 3),
        a_week=tally.fired / history.weeks,
    )
