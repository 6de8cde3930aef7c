"""The credit team decides on a check: release, refuse, ask back, check again.

Never by the person who asked. Rights, state and version are looked at again under a
lock, so that of two people who click one decides and the other hears who did.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from risk.check import Position
from risk.errors import N_, UserError
from risk.offers import answer
from risk.order import Order
from storage import checks, receipts
from storage.tables import CheckEntry, OrderCheck, Receipt
from templates.messages.check import (
    Asked,
    AskForm,
    CheckNews,
    CheckRechecked,
    DecideForm,
    Done,
    WordsForm,
)
from workflows.check import (
    CheckGone,
    WayGone,
    account_of,
    at_todays_rate,
    order_line,
    ways,
)
from workflows.check_card import (
    name_of,
    places_of,
    put_card,
    put_in_thread,
    region_of,
    tell_asker,
    way_as_json,
    way_of_json,
)
from workflows.finding import let_in
from workflows.receipts import answered_again, inputs_of, outcome_of, receipt_by_id
from workflows.rights import NobodyDecides, NotYours, holds, named
from workflows.services import Actor, Services

LONGEST_WORDS = 2000


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


@dataclass(eq=False)
class WordsMissing(UserError):
    """A refusal or a question without words."""

    message = N_("Say it in a few words; they are read by the one who asked.")


@dataclass(eq=False)
class UntilWrong(UserError):
    """A release that has ended already, or lasts longer than the policy lets it."""

    latest: str
    message = N_("A release lasts from today until %(latest)s at most.")


def ask_form(services: Services, actor: Actor, check_id: int) -> AskForm:
    """Return the form in which a check is put before the credit team."""
    let_in(actor)
    with services.database.read() as session:
        check = _check(checks.by_id(session, check_id))
        name = name_of(session, check)
        frozen = answered_again(receipt_by_id(session, check.receipt_id))
    role = services.policy.policy.approval.role_for(check.worth)
    return AskForm(check_id, name, order_line(frozen.order, services.currency), role)


def ask_team(services: Services, actor: Actor, check_id: int, words: str) -> Asked:
    """Put a check before the credit team, once, with a word to it.

    Raises:
        Meanwhile: it is before them already, or decided.
        UserError: nobody holds a role that decides on it.

    """
    let_in(actor)
    approval = services.policy.policy.approval
    with services.database.write() as session:
        check = _check(checks.locked(session, check_id))
        if check.state not in {"answered", "returned"}:
            raise Meanwhile(check.state, check.decided_by or check.asked_by)
        check.places = places_of(services, session, check)
        if not check.places:
            roles = approval.roles_for(check.worth)
            raise NobodyDecides(named(roles), roles[0])
        check.asked_by = actor.slack_id
        turn = _Turn(services, session, check, actor)
        turn.move("waiting", words.strip()[:LONGEST_WORDS])
        name = name_of(session, check)
    services.wake_delivery()
    return Asked(name, check_id, approval.role_for(check.worth))


def release_form(
    services: Services, actor: Actor, check_id: int, version: int
) -> DecideForm:
    """Return the form of a release; raise what keeps the actor from deciding."""
    with services.database.read() as session:
        check = _check(checks.by_id(session, check_id))
        _may_decide(services, session, actor, check, version)
        frozen = answered_again(receipt_by_id(session, check.receipt_id))
        name = name_of(session, check)
    latest = _latest(services)
    return DecideForm(
        metadata=f"{check_id}:{version}",
        name=name,
        order=order_line(frozen.order, services.currency),
        ways=ways(frozen.order, frozen.answer.offers, services.currency),
        until=latest,
        latest=latest,
    )


def words_form(
    services: Services, actor: Actor, kind: str, which: tuple[int, int]
) -> WordsForm:
    """Return the form of a refusal, a question back, or its answer (`reply`).

    `which` is the check's id, and its version as the button saw it.
    """
    check_id, version = which
    with services.database.read() as session:
        check = _check(checks.by_id(session, check_id))
        if kind == "reply":
            _may_reply(actor, check, version)
        else:
            _may_decide(services, session, actor, check, version)
        frozen = answered_again(receipt_by_id(session, check.receipt_id))
        name = name_of(session, check)
    return WordsForm(
        kind=kind,
        metadata=f"{check_id}:{version}",
        name=name,
        order=order_line(frozen.order, services.currency),
        question=(check.note or "") if kind == "reply" else "",
    )


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
    today, latest = services.today(), _latest(services)
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
        check = _check(checks.locked(session, check_id))
        _may_decide(services, session, actor, check, version)
        check.note = question
        turn = _Turn(services, session, check, actor)
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
        check = _check(checks.locked(session, check_id))
        _may_reply(actor, check, version)
        _Turn(services, session, check, actor).move("waiting", said)
        name = name_of(session, check)
    services.wake_delivery()
    return Done("replied", name)


def recheck(services: Services, actor: Actor, check_id: int, version: int) -> Done:
    """Check the order again with the facts of now; the answer goes into its thread."""
    policy = services.policy.policy.check
    with services.database.write() as session:
        check = _check(checks.locked(session, check_id))
        _may_decide(services, session, actor, check, version)
        frozen = answered_again(receipt_by_id(session, check.receipt_id))
        account = account_of(services, session, check.customer_id, check.currency)
        order = at_todays_rate(account, frozen.order)
        found = answer(policy, account.position, order)
        turn = _Turn(services, session, check, actor)
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


@dataclass(frozen=True, slots=True)
class _Turn:
    """Somebody's turn at a check that is locked: nobody else is at it."""

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
        check = _check(checks.locked(session, which[0]))
        _may_decide(services, session, actor, check, which[1])
        turn = _Turn(services, session, check, actor)
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


def _check(found: OrderCheck | None) -> OrderCheck:
    if found is None:
        raise CheckGone
    return found


def _may_decide(
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


def _may_reply(actor: Actor, check: OrderCheck, version: int) -> None:
    let_in(actor)
    if check.state != "returned" or check.version != version:
        raise Meanwhile(check.state, check.decided_by or check.asked_by)
    if actor.slack_id != check.asked_by:
        raise NotTheirs


def _words(text: str) -> str:
    said = text.strip()[:LONGEST_WORDS]
    if not said:
        raise WordsMissing
    return said


def _latest(services: Services) -> date:
    days = services.policy.policy.approval.release_days
    return services.today() + timedelta(days=days)
