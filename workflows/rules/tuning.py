"""Moves a rule's threshold as the scoreboard proposes; and puts it back."""

from dataclasses import dataclass
from math import isfinite

from sqlmodel import Session

from risk.errors import N_, UserError
from risk.policy.monitor import RulePolicy
from storage import receipts, rule_tunings, sweeps
from storage.tables import Receipt, RuleTuning
from templates.messages.rule_score import RuleTuned
from workflows.finding import let_in
from workflows.rights import named
from workflows.rules.effective import tuned_rules
from workflows.rules.rights import RuleNotYours
from workflows.services import Actor, Services


@dataclass(eq=False)
class TuningMoved(UserError):
    """The threshold is no longer what it was when the button was drawn."""

    value: str
    message = N_(
        "Meanwhile this threshold is %(value)s. `/risk rules score` looks again."
    )


@dataclass(eq=False)
class NothingToTune(UserError):
    """A rule or parameter that is no longer there."""

    message = N_("The policy no longer has this rule, or not with this threshold.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants a threshold to be, and what they saw it was."""

    rule: str
    parameter: str
    seen: float
    value: float
    f1: tuple[str, str] = ("", "")
    """On replayed history, before and after."""

    @classmethod
    def of(cls, ticket: str) -> "Wish":
        """Return what a button carries; raise NothingToTune."""
        parts = ticket.rsplit("|", 5)
        try:
            rule, parameter, seen, value, before, after = parts
            return cls(rule, parameter, float(seen), float(value), (before, after))
        except ValueError as wrong:
            raise NothingToTune from wrong


def may_tune(services: Services, actor: Actor) -> bool:
    """Return whether somebody may change thresholds."""
    roles = services.policy.policy.monitor.scoreboard.tuners
    return not actor.guest and not actor.roles.isdisjoint(roles)


def tune(services: Services, actor: Actor, wish: Wish) -> RuleTuned:
    """Let a rule's threshold be another from now on.

    Raises:
        RuleNotYours: somebody else may.
        TuningMoved, NothingToTune: it is not what it was.

    """
    _let(services, actor)
    with services.database.write() as session:
        rule = _rule(services, session, wish.rule, wish.parameter)
        standing = rule.parameters[wish.parameter]
        if standing != wish.seen or not isfinite(wish.value):
            raise TuningMoved(_written(standing))
        reason = "F1 {} → {}".format(*wish.f1)
        row = _put(services, session, actor, wish, reason)
        _receipt(services, session, row, actor, (_written(standing), row.value))
    return _told(rule, row, _written(standing), row.value, undoes=str(row.id))


def undo(services: Services, actor: Actor, tuning_id: int) -> RuleTuned:
    """Put a threshold back to what it was before somebody changed it.

    Raises:
        RuleNotYours, TuningMoved, NothingToTune: it cannot be.

    """
    _let(services, actor)
    with services.database.write() as session:
        row = rule_tunings.by_id(session, tuning_id)
        if row is None:
            raise NothingToTune
        rule = _rule(services, session, row.rule, row.parameter)
        if row.superseded_at is not None:
            raise TuningMoved(_written(rule.parameters[row.parameter]))
        earlier = rule_tunings.before(session, row)
        if earlier is None:
            rules = services.policy.policy.monitor.rules
            back = _written(rules[row.rule].parameters[row.parameter])
            rule_tunings.end(session, row.rule, row.parameter, services.now())
            sweeps.sweep_again(session.connection(), services.today())
        else:
            back = earlier.value
            wish = Wish(row.rule, row.parameter, 0.0, float(back))
            _put(services, session, actor, wish, earlier.reason)
        _receipt(services, session, row, actor, (row.value, back))
    return _told(rule, row, row.value, back)


def _let(services: Services, actor: Actor) -> None:
    let_in(actor)
    if not may_tune(services, actor):
        raise RuleNotYours(named(services.policy.policy.monitor.scoreboard.tuners))


def _rule(
    services: Services, session: Session, name: str, parameter: str
) -> RulePolicy:
    """Return a rule as it stands; raise NothingToTune."""
    rule = tuned_rules(session, services.policy.policy).get(name)
    if rule is None or parameter not in rule.parameters:
        raise NothingToTune
    return rule


def _put(
    services: Services, session: Session, actor: Actor, wish: Wish, reason: str
) -> RuleTuning:
    """Let a threshold stand, and everybody be looked at again."""
    tuning = RuleTuning(
        rule=wish.rule,
        parameter=wish.parameter,
        value=_written(wish.value),
        reason=reason,
        by=actor.slack_id,
        at=services.now(),
    )
    sweeps.sweep_again(session.connection(), services.today())
    return rule_tunings.put(session, tuning)


def _receipt(
    services: Services,
    session: Session,
    row: RuleTuning,
    actor: Actor,
    values: tuple[str, str],
) -> None:
    receipt = Receipt(
        kind="rule",
        actor=actor.slack_id,
        made_at=services.now(),
        policy_version=services.policy.version,
        inputs={"rule": row.rule, "parameter": row.parameter, "before": values[0]},
        outcome={"value": values[1], "tuning": row.id},
        words=row.reason,
    )
    receipts.write(session, receipt)


def _told(
    rule: RulePolicy, row: RuleTuning, before: str, after: str, undoes: str = ""
) -> RuleTuned:
    return RuleTuned(
        rule=row.rule,
        signal=rule.signal,
        parameter=row.parameter,
        before=before,
        after=after,
        ticket=undoes,
    )


def _written(value: float) -> str:
    """Return a threshold as people write it: without a point where it is whole."""
    return f"{value:g}"
