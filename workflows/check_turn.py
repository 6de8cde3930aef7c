"""Somebody's turn at a check: who may have it, and what it leaves behind.

Rights, state and version are looked at under a lock, so that of two people who click
one decides and the other hears who did.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from risk.check import Position
from risk.errors import N_, UserError
from risk.offers import answer
from risk.order import Order
from storage import checks, receipts
from storage.tables import CheckEntry, OrderCheck, Receipt
from templates.messages.check import CheckNews
from workflows.check import CheckGone, order_line
from workflows.check_card import name_of, put_card, region_of, tell_asker, way_of_json
from workflows.finding import let_in
from workflows.receipts import answered_again, inputs_of, outcome_of, receipt_by_id
from workflows.rights import NotYours, holds, named
from workflows.services import Actor, Services


@dataclass(eq=False)
class NotYourOwn(UserError):
    """Somebody decides on what they asked for."""

    message = N_("You asked for this yourself, so somebody else decides on it.")


@dataclass(eq=False)
class Meanwhile(UserError):
    """The check has moved on since the button was drawn."""

    state: str
    who: str
    message = N_("Meanwhile this check is %(state)s (%(who)s). Look at its card again.")


@dataclass(eq=False)
class NotTheirs(UserError):
    """Somebody else answers for the one who asked."""

    message = N_("Only the one who asked answers this.")


def there(found: OrderCheck | None) -> OrderCheck:
    """Return the check that was found; raise CheckGone where none was."""
    if found is None:
        raise CheckGone
    return found


def may_decide(
    services: Services,
    session: Session,
    actor: Actor,
    check: OrderCheck,
    version: int,
) -> None:
    """Raise what keeps the actor from deciding on a check as they saw it."""
    let_in(actor)
    if check.state not in checks.PENDING or check.version != version:
        raise Meanwhile(check.state, check.decided_by or check.asked_by)
    if actor.slack_id == check.asked_by:
        raise NotYourOwn
    roles = services.policy.policy.approval.roles_for(check.worth)
    if not holds(session, actor, roles, region_of(session, check)):
        raise NotYours(named(roles))


def may_reply(actor: Actor, check: OrderCheck, version: int) -> None:
    """Raise what keeps the actor from answering the credit team's question."""
    let_in(actor)
    if check.state != "returned" or check.version != version:
        raise Meanwhile(check.state, check.decided_by or check.asked_by)
    if actor.slack_id != check.asked_by:
        raise NotTheirs


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn at a check that is locked: nobody else is at it."""

    services: Services
    session: Session
    check: OrderCheck
    actor: Actor

    def move(self, state: str, words: str, *, kind: str = "") -> None:
        """Bring the check into a state, write the step down, and redraw its card."""
        check = self.check
        first = check.state == "answered"
        check.state = state
        check.version += 1
        hours = self.services.policy.policy.approval.remind_hours
        due = self.services.now() + timedelta(hours=hours)
        check.remind_at = due if state in checks.PENDING else None
        self.session.add(check)
        step = CheckEntry(
            check_id=check.id or 0,
            at=self.services.now(),
            actor=self.actor.slack_id,
            kind=kind or ("asked" if first else state),
            text=words,
        )
        checks.note(self.session, step)
        self.session.flush()
        put_card(self.services, self.session, check, first=first)

    def write(
        self,
        kind: str,
        position: Position,
        order: Order,
        decision: dict[str, Any] | None = None,
    ) -> int | None:
        """Write a receipt with the check as it comes out now; return its id."""
        policy = self.services.policy.policy.check
        inputs = inputs_of(policy, position, order)
        if decision is not None:
            inputs["decision"] = decision
        receipt = Receipt(
            kind=kind,
            customer_id=self.check.customer_id,
            actor=self.actor.slack_id,
            made_at=self.services.now(),
            policy_version=self.services.policy.version,
            inputs=inputs,
            outcome=outcome_of(answer(policy, position, order)),
            words=str((decision or {}).get("words", "")),
        )
        return receipts.write(self.session, receipt).id

    def tell(self, kind: str, words: str) -> str:
        """Owe the one who asked word of what became of it; return the name."""
        check = self.check
        frozen = answered_again(receipt_by_id(self.session, check.receipt_id))
        news = CheckNews(
            check_id=check.id or 0,
            kind=kind,
            name=name_of(self.session, check),
            order=order_line(frozen.order, self.services.currency),
            by=self.actor.slack_id,
            words=words,
            version=check.version,
            way=way_of_json(check.conditions),
            valid_until=check.valid_until if kind == "released" else None,
            currency=self.services.currency,
        )
        tell_asker(self.services, self.session, check, news)
        return news.name
