"""A rule's card: what it says, what it would have done, what can be done with it."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session

from risk.errors import N_, UserError
from storage import own_rules
from storage.tables import OwnRule
from templates.messages.rules import Preview, RuleCard, RuleHead
from workflows.finding import let_in
from workflows.rules.failures import undecided
from workflows.rules.rights import may_switch, may_write
from workflows.services import Actor, Services

ALIKE = 0.6
_PREVIEW = TypeAdapter(Preview)


@dataclass(eq=False)
class RuleGone(UserError):
    """A rule that is no longer there."""

    message = N_("This rule is no longer there. `/risk rules` lists those there are.")


@dataclass(eq=False)
class NoSuchRule(UserError):
    """No rule that people wrote is called so."""

    words: str
    message = N_("No rule of ours is called “%(words)s”. `/risk rules` lists them.")


def show_rule(services: Services, actor: Actor, rule_id: int) -> RuleCard:
    """Return a rule's card for a reader; raise RuleGone."""
    let_in(actor)
    with services.database.read() as session:
        return card_of(services, session, actor, found(session, rule_id))


def called(services: Services, actor: Actor, words: str) -> RuleCard:
    """Return the card of the rule that is called like `words`; raise NoSuchRule."""
    let_in(actor)
    with services.database.read() as session:
        rules = own_rules.all_rules(session)
        wanted = words.strip().strip("“”\"'").casefold()
        for rule in rules:
            if wanted in {rule.title.casefold(), rule.name}:
                return card_of(services, session, actor, rule)
        titles = {rule.title.casefold(): rule for rule in rules}
        near = get_close_matches(wanted, titles, 1, ALIKE)
        if not near:
            raise NoSuchRule(words)
        return card_of(services, session, actor, titles[near[0]])


def found(session: Session, rule_id: int, *, lock: bool = False) -> OwnRule:
    """Return a rule; raise RuleGone."""
    rule = own_rules.by_id(session, rule_id, lock=lock)
    if rule is None:
        raise RuleGone
    return rule


def card_of(
    services: Services,
    session: Session,
    actor: Actor,
    rule: OwnRule,
    *,
    what: str = "",
    asks: bool = False,
) -> RuleCard:
    """Return the card of a rule, saying what happened to it just now."""
    preview = preview_of(rule)
    failures = own_rules.failures_of(session, own_rules.PREFIX + rule.name)
    writes = may_write(services, actor)
    return RuleCard(
        head=head_of(rule),
        what=what,
        by=actor.slack_id,
        preview=preview,
        failures=undecided(session, failures),
        widest=services.policy.policy.monitor.own_rules.widest_share,
        asks=asks,
        may_write=writes,
        may_switch=may_switch(services, actor),
        named=writes,
    )


def head_of(rule: OwnRule) -> RuleHead:
    """Return a rule as messages name it."""
    return RuleHead(
        rule_id=rule.id or 0,
        version=rule.version,
        title=rule.title,
        expression=rule.expression,
        cause=rule.cause,
        severity=rule.severity,
        state=rule.state,
        channel=rule.test_channel,
        author=rule.author,
        trouble=rule.trouble,
    )


def preview_of(rule: OwnRule) -> Preview | None:
    """Return what a rule would have done, if that was found out as it stands now."""
    kept: dict[str, Any] = rule.preview
    if kept.get("of") != rule.expression:
        return None
    return _PREVIEW.validate_python(kept["found"])


def kept_preview(rule: OwnRule, preview: Preview) -> dict[str, Any]:
    """Return what a rule would have done, as it is kept with it."""
    found = _PREVIEW.dump_python(preview, mode="json")
    return {"of": rule.expression, "found": found}
