"""Keeps where rules failed, and tells whoever wrote them: once for each reason."""

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sqlmodel import Session

from risk.monitor.expression import Failure
from storage import own_rules, people
from storage.digests import numbers_and_names
from storage.tables import OwnRule, RuleFailure
from templates.messages.rules import RuleFailed, Undecided
from workflows.naming import is_person
from workflows.services import Services
from workflows.telling import owe

MOST_TOLD = 5
"""So many people hear of a rule of the policy, which has no author."""


def note_failures(
    services: Services,
    session: Session,
    failures: Sequence[Failure],
    ids: npt.NDArray[np.int64],
) -> None:
    """Remember for whom of `ids` rules failed; owe their authors what is new.

    In the transaction of the sweep. A rule that fails as a whole stops: it is broken
    until somebody mends it.
    """
    fresh: dict[str, list[RuleFailure]] = {}
    for failure in failures:
        first = int(ids[failure.rows[0]]) if len(failure.rows) else None
        row = RuleFailure(
            rule=failure.rule,
            reason=failure.reason,
            customer_id=first,
            customers=len(failure.rows),
            at=services.now(),
        )
        if failure.whole:
            _stop(session, services, failure)
        if own_rules.note_failure(session, row):
            fresh.setdefault(failure.rule, []).append(row)
    for rule, rows in fresh.items():
        _tell(services, session, rule, rows)


def undecided(session: Session, rows: Sequence[RuleFailure]) -> list[Undecided]:
    """Return failures as messages tell them."""
    ids = {row.customer_id for row in rows if row.customer_id is not None}
    called = numbers_and_names(session, ids)
    found = []
    for row in rows:
        reason, _, what = row.reason.partition(":")
        number, name = called.get(row.customer_id or 0, ("", ""))
        found.append(Undecided(reason, what, row.customers, number, name))
    return found


def _stop(session: Session, services: Services, failure: Failure) -> None:
    """Let a rule that fails as a whole run no more."""
    rule = _own(session, failure.rule)
    if rule is None or rule.state not in own_rules.RUNNING:
        return
    rule.state, rule.trouble = "broken", failure.reason
    rule.changed_at, rule.changed_by = services.now(), ""
    rule.version += 1
    session.add(rule)
    session.flush()


def _tell(
    services: Services, session: Session, name: str, rows: Sequence[RuleFailure]
) -> None:
    """Owe the author of a rule, or the leads for one of the policy, its failures."""
    rule = _own(session, name)
    message = RuleFailed(
        title=rule.title if rule else "",
        rule=name,
        ticket=f"{rule.id}:{rule.version}" if rule else "",
        failures=undecided(session, rows),
        stopped=rule is not None and rule.state == "broken",
        at=services.now(),
    )
    reasons = "|".join(row.reason for row in rows)
    sign = hashlib.sha256(reasons.encode()).hexdigest()[:12]
    key = f"rule:{name}:v{rule.version if rule else services.policy.hash[:8]}:{sign}"
    for person in _whom(services, session, rule):
        owe(services, session, person, message, key=f"{key}:{person}")
    own_rules.mark_told(session, name, [row.reason for row in rows], services.now())


def _whom(services: Services, session: Session, rule: OwnRule | None) -> list[str]:
    if rule is not None:
        return [rule.author] if is_person(rule.author) else []
    leads = [*people.holders(session, "lead"), *people.holders(session, "admin")]
    named = sorted(name for name in services.admins if is_person(name))
    return [*dict.fromkeys([*leads, *named])][:MOST_TOLD]


def _own(session: Session, name: str) -> OwnRule | None:
    if not name.startswith(own_rules.PREFIX):
        return None
    return own_rules.called(session, name)
