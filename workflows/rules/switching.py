"""Switches rules: shadow, live, off, or dropped; each click is looked at anew."""

from dataclasses import dataclass

from sqlmodel import Session

from risk.errors import N_, UserError
from storage import own_rules, receipts, sweeps
from storage.tables import OwnRule, Receipt
from templates.messages.rules import Preview, RuleCard
from workflows.rules.card import card_of, found, preview_of
from workflows.rules.rights import switcher, writer
from workflows.rules.writing import at_version, touched
from workflows.services import Actor, Services

WHOLE = ("slow", "fault")


@dataclass(eq=False)
class NoTestChannel(UserError):
    """A rule is to be tried, but nowhere."""

    message = N_("Name a test channel first: “Edit” has a field for it.")


@dataclass(eq=False)
class NotTriedYet(UserError):
    """A rule is to be switched on before anybody knows what it would do."""

    message = N_(
        "This rule is still being tried on history. You are told by message what it"
        " would have done; then switch it."
    )


@dataclass(eq=False)
class CannotRun(UserError):
    """A rule that cannot be evaluated at all, or not in time."""

    message = N_("This rule cannot be evaluated, as its card says. Edit it first.")


@dataclass(eq=False)
class StillLive(UserError):
    """A rule that runs is to be dropped."""

    message = N_("This rule is running. Switch it off first, then delete it.")


Ticket = tuple[int, int]
"""A rule's id, and the version that whoever clicks has seen."""


def try_in_shadow(services: Services, actor: Actor, ticket: Ticket) -> RuleCard:
    """Let a rule run for its test channel alone."""
    writer(services, actor)
    with services.database.write() as session:
        rule = _standing(session, ticket)
        if rule.state == "live":
            switcher(services, actor)
        _can_run(rule)
        if not rule.test_channel:
            raise NoTestChannel
        return _switch(services, session, actor, rule, "shadow")


def go_live(
    services: Services, actor: Actor, ticket: Ticket, *, sure: bool = False
) -> RuleCard:
    """Let a rule run for everybody; ask first if it would fire for very many."""
    switcher(services, actor)
    with services.database.write() as session:
        rule = _standing(session, ticket)
        preview = _can_run(rule)
        widest = services.policy.policy.monitor.own_rules.widest_share
        if preview.share > widest and not sure:
            return card_of(services, session, actor, rule, asks=True)
        return _switch(services, session, actor, rule, "live")


def switch_off(services: Services, actor: Actor, ticket: Ticket) -> RuleCard:
    """Let a rule run no more; its signals are over at the next sweep."""
    writer(services, actor)
    with services.database.write() as session:
        rule = _standing(session, ticket)
        if rule.state == "live":
            switcher(services, actor)
        return _switch(services, session, actor, rule, "off")


def delete(services: Services, actor: Actor, ticket: Ticket) -> RuleCard:
    """Drop a rule that does not run; what it found stays with its problems."""
    writer(services, actor)
    with services.database.write() as session:
        rule = _standing(session, ticket)
        if rule.state in own_rules.RUNNING:
            raise StillLive
        card = card_of(services, session, actor, rule, what="deleted")
        _receipt(services, session, actor, rule, "deleted")
        own_rules.remove(session, rule)
        return card


def _standing(session: Session, ticket: Ticket) -> OwnRule:
    """Return the rule, locked, as it stood when the button was drawn."""
    rule = found(session, ticket[0], lock=True)
    at_version(session, rule, ticket[1])
    return rule


def _can_run(rule: OwnRule) -> Preview:
    """Return what a rule would have done; raise why it cannot be switched on."""
    preview = preview_of(rule)
    if preview is None:
        raise NotTriedYet
    if any(one.reason in WHOLE for one in preview.undecided):
        raise CannotRun
    return preview


def _switch(
    services: Services, session: Session, actor: Actor, rule: OwnRule, state: str
) -> RuleCard:
    if rule.state == "broken":
        own_rules.forget_failures(session, own_rules.PREFIX + rule.name)
    rule.state, rule.trouble = state, None
    touched(services, session, rule, actor)
    sweeps.sweep_again(session.connection(), services.today())
    _receipt(services, session, actor, rule, state)
    return card_of(services, session, actor, rule, what=state)


def _receipt(
    services: Services, session: Session, actor: Actor, rule: OwnRule, state: str
) -> None:
    preview = preview_of(rule)
    receipt = Receipt(
        kind="rule",
        actor=actor.slack_id,
        made_at=services.now(),
        policy_version=services.policy.version,
        inputs={
            "rule": own_rules.PREFIX + rule.name,
            "expression": rule.expression,
            "cause": rule.cause,
            "severity": rule.severity,
            "fired": preview and preview.fired,
            "share": preview and round(preview.share, 4),
        },
        outcome={"state": state},
        words=rule.title,
    )
    receipts.write(session, receipt)
