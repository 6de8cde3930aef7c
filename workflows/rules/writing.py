"""Writes rules: the form, what is wrong with what was typed, drafts kept."""

import re
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from risk.errors import N_, UserError
from risk.monitor.expression import TEXT_FACTS, read
from risk.monitor.facts import WATCH_FACTS
from risk.policy.monitor import CAUSES
from storage import own_rules, sweeps
from storage.tables import OwnRule
from templates.messages.rules import FactLine, RuleForm, RuleSaved
from workflows.naming import person_called
from workflows.rules.card import found, head_of
from workflows.rules.reference import second_opinion
from workflows.rules.rights import switcher, writer
from workflows.services import Actor, Services

MOST_TITLE, MOST_NAME = 80, 40
SEVERITIES = (1, 2, 3)

TEXT_ABOUT = {
    "region": N_("The customer's region"),
    "industry": N_("The customer's industry"),
    "country": N_("The customer's country, two letters"),
    "owner": N_("Who sells to the customer"),
    "group": N_("The customer's group of companies"),
    "class": N_("The class in force, A to E"),
}


@dataclass(eq=False)
class TitleMissing(UserError):
    """A rule without a title."""

    message = N_("Say in a few words what the rule looks for.")


@dataclass(eq=False)
class TitleTaken(UserError):
    """Another rule is called so."""

    title: str
    message = N_("There is a rule “%(title)s” already. Call this one otherwise.")


@dataclass(eq=False)
class RuleMoved(UserError):
    """A rule that somebody changed since the form or the card was drawn."""

    who: str
    message = N_(
        "Meanwhile %(who)s changed this rule. `/risk rules` shows it as it stands."
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed into the form."""

    title: str
    expression: str
    cause: str
    severity: int
    channel: str | None


def facts_there_are() -> list[FactLine]:
    """Return every fact that an expression may name."""
    texts = [FactLine(name, "text", TEXT_ABOUT[name]) for name in TEXT_FACTS]
    figures = [
        FactLine(name, doc.unit, doc.about)
        for name, doc in WATCH_FACTS.items()
        if name not in TEXT_FACTS
    ]
    return [*texts, *figures]


def rule_form(
    services: Services, actor: Actor, ticket: tuple[int, int] | None = None
) -> RuleForm:
    """Return the form of a new rule, or of the one with this id and version."""
    writer(services, actor)
    if ticket is None:
        return _form(services, None)
    with services.database.read() as session:
        return _form(services, _mine(services, session, actor, ticket))


def save_draft(
    services: Services, actor: Actor, draft: Draft, ticket: tuple[int, int] | None
) -> RuleSaved:
    """Keep what was typed, to be tried on history; the result is told by message.

    What runs live runs in shadow once it was changed, until it is switched live again.

    Raises:
        TitleMissing, TitleTaken, ExpressionFault: what is wrong with it.
        RuleMoved, RuleGone, RuleNotYours: it cannot be changed.

    """
    writer(services, actor)
    _sound(services, draft)
    with services.database.write() as session:
        if ticket is None:
            rule = _added(services, session, actor, draft)
        else:
            rule = _mine(services, session, actor, ticket)
            if _change(session, rule, draft):
                sweeps.sweep_again(session.connection(), services.today())
        _ask(services, session, rule, actor)
        return _saved(services, rule)


def look_again(services: Services, actor: Actor, ticket: tuple[int, int]) -> RuleSaved:
    """Try a rule on history once more; the result is told by message."""
    writer(services, actor)
    with services.database.write() as session:
        rule = found(session, ticket[0], lock=True)
        at_version(session, rule, ticket[1])
        _ask(services, session, rule, actor)
        return _saved(services, rule)


def at_version(session: Session, rule: OwnRule, version: int) -> None:
    """Raise RuleMoved unless a rule stands as it did when a button was drawn."""
    if rule.version != version:
        raise RuleMoved(person_called(session, rule.changed_by) or "–")


def touched(services: Services, session: Session, rule: OwnRule, actor: Actor) -> None:
    """Remember that somebody changed a rule, so that older buttons are stale."""
    rule.version += 1
    rule.changed_at, rule.changed_by = services.now(), actor.slack_id
    session.add(rule)
    session.flush()


def _mine(
    services: Services, session: Session, actor: Actor, ticket: tuple[int, int]
) -> OwnRule:
    """Return the rule of a ticket, locked, if somebody may change it as it stands."""
    rule = found(session, ticket[0], lock=True)
    at_version(session, rule, ticket[1])
    if rule.state == "live":
        switcher(services, actor)
    return rule


def _sound(services: Services, draft: Draft) -> None:
    """Raise what is wrong with what was typed."""
    limits = services.policy.policy.monitor.own_rules
    if not draft.title.strip():
        raise TitleMissing
    expression = read(draft.expression, WATCH_FACTS, TEXT_FACTS, limits.most_characters)
    second_opinion(expression, TEXT_FACTS, limits)


def _added(services: Services, session: Session, actor: Actor, draft: Draft) -> OwnRule:
    """Add a new rule under a name of its own; raise TitleTaken."""
    now = services.now()
    row = {
        "name": _name_of(draft.title),
        **_columns(draft),
        "state": "draft",
        "author": actor.slack_id,
        "preview": {},
        "version": 0,
        "created_at": now,
        "changed_at": now,
        "changed_by": actor.slack_id,
    }
    rule = own_rules.add(session, row)
    if rule is None:
        raise TitleTaken(draft.title)
    return rule


def _change(session: Session, rule: OwnRule, draft: Draft) -> bool:
    """Let a rule say what was typed; another expression is tried before it is live.

    Return whether it ran, so that everybody must be looked at again.
    """
    other = rule.expression != draft.expression.strip()
    ran = rule.state in own_rules.RUNNING
    for column, value in _columns(draft).items():
        setattr(rule, column, value)
    if other:
        tries = ran and rule.test_channel
        rule.state, rule.trouble = "shadow" if tries else "draft", None
        own_rules.forget_failures(session, own_rules.PREFIX + rule.name)
    elif rule.state == "shadow" and not rule.test_channel:
        rule.state = "draft"
    return ran


def _columns(draft: Draft) -> dict[str, Any]:
    return {
        "title": draft.title.strip()[:MOST_TITLE],
        "expression": draft.expression.strip(),
        "cause": draft.cause if draft.cause in CAUSES else "own",
        "severity": draft.severity if draft.severity in SEVERITIES else SEVERITIES[1],
        "test_channel": draft.channel,
    }


def _name_of(title: str) -> str:
    """Return the name that signals carry: the title's words, joined."""
    words = re.findall(r"\w+", title.casefold())
    return "-".join(words)[:MOST_NAME] or "rule"


def _ask(services: Services, session: Session, rule: OwnRule, actor: Actor) -> None:
    """Ask for a rule to be tried on history, on behalf of somebody."""
    rule.preview = {"asked_by": actor.slack_id}
    touched(services, session, rule, actor)


def _saved(services: Services, rule: OwnRule) -> RuleSaved:
    days = services.policy.policy.monitor.own_rules.preview_days
    return RuleSaved(head_of(rule), days)


def _form(services: Services, rule: OwnRule | None) -> RuleForm:
    limits = services.policy.policy.monitor.own_rules
    return RuleForm(
        ticket=head_of(rule).ticket if rule else "",
        title=rule.title if rule else "",
        expression=rule.expression if rule else "",
        cause=rule.cause if rule else "own",
        causes=CAUSES,
        severity=rule.severity if rule else SEVERITIES[1],
        channel=rule.test_channel if rule else None,
        state=rule.state if rule else "new",
        facts=facts_there_are(),
        most=limits.most_characters,
    )
