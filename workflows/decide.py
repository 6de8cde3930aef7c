"""The credit team decides on a check: release, refuse, ask back, check again.

Never by the person who asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from risk.check import Position
from risk.errors import N_, UserError
from risk.offers import answer
from risk.order import Order
from storage import checks
from storage.tables import OrderCheck
from templates.messages.check import Asked, CheckRechecked, Done
from workflows.check import WayGone, account_of, at_todays_rate, order_line, ways
from workflows.check_card import name_of, places_of, put_in_thread, way_as_json
from workflows.check_forms import latest_day
from workflows.check_turn import Meanwhile, Turn, may_decide, may_reply, there
from workflows.finding import let_in
from workflows.receipts import answered_again, receipt_by_id
from workflows.rights import NobodyDecides, named
from workflows.services import Actor, Services

LONGEST_WORDS = 2000


@dataclass(eq=False)
class WordsMissing(UserError):
    """A refusal or a question without words."""

    message = N_("Say it in a few words; they are read by the one who asked.")


@dataclass(eq=False)
class UntilWrong(UserError):
    """A release that has ended already, or lasts longer than the policy lets it."""

    latest: str
    message = N_("A release lasts from today until %(latest)s at most.")


def ask_team(services: Services, actor: Actor, check_id: int, words: str) -> Asked:
    """Put a check before the credit team, once, with a word to it.

    Raises:
        Meanwhile: it is before them already, or decided.
        UserError: nobody holds a role that decides on it.

    """
    let_in(actor)
    approval = services.policy.policy.approval
    with services.database.write() as session:
        check = there(checks.locked(session, check_id))
        if check.state not in {"answered", "returned"}:
            raise Meanwhile(check.state, check.decided_by or check.asked_by)
        check.places = places_of(services, session, check)
        if not check.places:
            roles = approval.roles_for(check.worth)
            raise NobodyDecides(named(roles), roles[0])
        check.asked_by = actor.slack_id
        turn = Turn(services, session, check, actor)
        turn.move("waiting", words.strip()[:LONGEST_WORDS])
        name = name_of(session, check)
    services.wake_delivery()
    return Asked(name, check_id, approval.role_for(check.worth))


@dataclass(frozen=True, slots=True)
class Release:
    """What a decider grants: one of the ways offered (None: as asked), until when."""

    way: int | None
    until: date
    words: str = ""


def release(
    services: Services, actor: Actor, check_id: int, version: int, given: Release
) -> Done:
    """Release an order, as asked or under conditions; it remembers what it rests on.

    Raises:
        UntilWrong, NotYourOwn, RoleNeeded, Meanwhile: it cannot be.

    """
    today, latest = services.today(), latest_day(services)
    if not today <= given.until <= latest:
        raise UntilWrong(latest.isoformat())

    def grant(session: Session, check: OrderCheck) -> Order:
        frozen = answered_again(receipt_by_id(session, check.receipt_id))
        offers = frozen.answer.offers
        check.conditions, order = {}, frozen.order
        if given.way is not None:
            if not 0 <= given.way < len(offers):
                raise WayGone
            offer = offers[given.way]
            check.conditions = way_as_json(ways(order, [offer], services.currency)[0])
            order = offer.conditions.apply(order)
        check.valid_until = given.until
        return order

    said = ("released", given.words.strip()[:LONGEST_WORDS])
    return _decide(services, actor, (check_id, version), said, grant)


def refuse(
    services: Services, actor: Actor, check_id: int, version: int, words: str
) -> Done:
    """Refuse an order, with a reason."""
    said = ("refused", _words(words))
    return _decide(services, actor, (check_id, version), said, _as_asked)


def ask_back(
    services: Services, actor: Actor, check_id: int, version: int, words: str
) -> Done:
    """Ask the one who asked; the check waits for their answer."""
    question = _words(words)
    with services.database.write() as session:
        check = there(checks.locked(session, check_id))
        may_decide(services, session, actor, check, version)
        check.note = question
        turn = Turn(services, session, check, actor)
        turn.move("returned", question)
        name = turn.tell("returned", question)
    services.wake_delivery()
    return Done("returned", name)


def reply_to_team(
    services: Services, actor: Actor, check_id: int, version: int, words: str
) -> Done:
    """Answer the credit team's question; the check waits for them again."""
    said = _words(words)
    with services.database.write() as session:
        check = there(checks.locked(session, check_id))
        may_reply(actor, check, version)
        Turn(services, session, check, actor).move("waiting", said)
        name = name_of(session, check)
    services.wake_delivery()
    return Done("replied", name)


def recheck(services: Services, actor: Actor, check_id: int, version: int) -> Done:
    """Check the order again with the facts of now; the answer goes into its thread."""
    policy = services.policy.policy.check
    with services.database.write() as session:
        check = there(checks.locked(session, check_id))
        may_decide(services, session, actor, check, version)
        frozen = answered_again(receipt_by_id(session, check.receipt_id))
        account = account_of(services, session, check.customer_id, check.currency)
        order = at_todays_rate(account, frozen.order)
        found = answer(policy, account.position, order)
        turn = Turn(services, session, check, actor)
        check.receipt_id = turn.write("check", account.position, order)
        check.answer, check.worth = found.verdict, order.worth
        said = CheckRechecked(
            by=actor.slack_id,
            verdict=found.verdict,
            failed=found.failed,
            ways=ways(order, found.offers, services.currency),
            currency=services.currency,
            order=order_line(order, services.currency),
        )
        turn.move(check.state, "", kind="rechecked")
        put_in_thread(services, session, check, f"recheck:{check.version}", said)
        name = account.customer.name
    services.wake_delivery()
    return Done("rechecked", name)


def rests_on(position: Position) -> dict[str, Any]:
    """Return the facts that a release rests on, as JSON; amounts in base currency."""
    return {
        "exposure": str(position.exposure.net),
        "limit": None if position.limit is None else str(position.limit),
        "overdue": str(position.overdue),
        "class": position.risk_class,
        "hold": position.hold,
    }


def _as_asked(session: Session, check: OrderCheck) -> Order:
    return answered_again(receipt_by_id(session, check.receipt_id)).order


def _decide(
    services: Services,
    actor: Actor,
    which: tuple[int, int],
    said: tuple[str, str],
    settle: Callable[[Session, OrderCheck], Order],
) -> Done:
    """Settle a check for good: receipt, card, and word to the one who asked.

    `which` is its id and version, `said` the state it comes to and the words.
    """
    state, words = said
    with services.database.write() as session:
        check = there(checks.locked(session, which[0]))
        may_decide(services, session, actor, check, which[1])
        turn = Turn(services, session, check, actor)
        order = settle(session, check)
        account = account_of(services, session, check.customer_id, check.currency)
        check.rests_on = rests_on(account.position)
        check.decided_by, check.decided_at = actor.slack_id, services.now()
        decision = {
            "check": check.id,
            "words": words,
            "conditions": check.conditions,
            "until": check.valid_until.isoformat() if check.valid_until else None,
        }
        check.decision_receipt_id = turn.write(
            "release" if state == "released" else "refusal",
            account.position,
            at_todays_rate(account, order),
            decision,
        )
        turn.move(state, words)
        name = turn.tell(state, words)
    services.wake_delivery()
    return Done(state, name)


def _words(text: str) -> str:
    said = text.strip()[:LONGEST_WORDS]
    if not said:
        raise WordsMissing
    return said
