"""Tries rules on history that somebody wants tried, and tells them what was found."""

from collections.abc import Callable, Sequence

from sqlmodel import Session

from storage import own_rules
from storage.tables import OwnRule, RuleFailure
from templates.messages.rules import Preview, Undecided
from workflows.naming import is_person
from workflows.people import known_actor
from workflows.report_jobs import Interrupted
from workflows.rules.card import card_of, kept_preview
from workflows.rules.running import policy_of
from workflows.rules.trial import try_out
from workflows.services import Services
from workflows.telling import owe

ASKED = "asked_by"


def preview_rules(
    services: Services, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Try every rule that waits for it; return how many were.

    What was asked for stands in the database, so a restart loses nothing, and whoever
    is `stopping` leaves it; a rule that changed meanwhile is tried as it stands now.
    """

    def heed() -> None:
        if stopping():
            raise Interrupted

    with services.database.read() as session:
        if not own_rules.is_any_asked(session, ASKED):
            return 0
        waiting = [row for row in own_rules.all_rules(session) if ASKED in row.preview]
    done = 0
    for row in waiting:
        try:
            with services.database.read() as session:
                preview = try_out(services, session, policy_of(row), heed)
        except Interrupted:
            break
        done += _keep(services, row, preview)
    if done:
        services.wake_delivery()
    return done


def _keep(services: Services, tried: OwnRule, preview: Preview) -> bool:
    """Keep what was found with the rule and owe it to who asked; False if it moved."""
    asker = str(tried.preview[ASKED])
    actor, _ = known_actor(services, asker)
    with services.database.write() as session:
        rule = own_rules.by_id(session, tried.id or 0, lock=True)
        if rule is None or rule.version != tried.version:
            return False
        rule.preview = kept_preview(rule, preview)
        session.add(rule)
        session.flush()
        _known_of(services, session, rule, preview.undecided)
        if is_person(asker):
            card = card_of(services, session, actor, rule, what="tried")
            key = f"rule:{rule.id}:tried:{rule.version}"
            owe(services, session, asker, card, key=key)
    return True


def _known_of(
    services: Services, session: Session, rule: OwnRule, found: Sequence[Undecided]
) -> None:
    """Remember that whoever tries the rule is told for whom it cannot be decided."""
    name, now = own_rules.PREFIX + rule.name, services.now()
    reasons = [f"{one.reason}:{one.what}".rstrip(":") for one in found]
    for one, reason in zip(found, reasons, strict=True):
        row = RuleFailure(rule=name, reason=reason, customers=one.customers, at=now)
        own_rules.note_failure(session, row)
    own_rules.mark_told(session, name, reasons, now)
