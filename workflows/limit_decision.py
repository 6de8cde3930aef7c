"""Sets a limit, asks a second person for one, and decides on what was asked.

Whoever decides holds a role whose step covers the amount, in the customer's region;
above the policy's four eyes, two people do, and never the one who asked. Rights, state
and version are looked at again at the click. Each decision leaves a receipt.
"""

from decimal import Decimal
from typing import Any

from sqlmodel import Session

from storage import limits
from storage.tables import CreditLimit, LimitRequest
from templates.messages.limit import LimitDone, LimitRefusal, Worth
from workflows.finding import let_in
from workflows.gone import CustomerGone
from workflows.limit_ground import Case, LimitGround, ground_within
from workflows.limit_late import RequestGone, refuse_second, same_limit, still_waits
from workflows.limit_receipt import write_receipt
from workflows.limit_rights import OwnRequest, most_alone
from workflows.limit_wish import (
    LimitWish,
    NoRateFor,
    Wanted,
    checked,
    checked_reason,
    checked_until,
    worth_of_row,
)
from workflows.limit_word import close_asks, owe_asks, owe_done
from workflows.rights import NobodyDecides, NotYours, deciders, holds, named
from workflows.services import Actor, Services


def put_limit(services: Services, actor: Actor, wish: LimitWish) -> LimitDone:
    """Set the limit at once where `actor` may alone; else ask a second person for it.

    Raises:
        WrongField: something of the wish cannot be.
        LimitMoved, AskedAlready, NobodyDecides, CustomerGone, OursOnly.

    """
    ground, wanted = _looked_at(services, actor, wish)
    with services.database.read() as session:
        alone = most_alone(services, session, actor, ground.customer.region)
    if alone is not None and wanted.in_base <= alone:
        return _set(services, actor, wish, ground, wanted)
    return _request(services, actor, wish, ground, wanted)


def set_limit(services: Services, actor: Actor, wish: LimitWish) -> LimitDone:
    """Set the limit at once.

    Raises:
        NotYours: the amount needs another role, or a second person.
        WrongField, LimitMoved, CustomerGone, OursOnly: as above.

    """
    ground, wanted = _looked_at(services, actor, wish)
    return _set(services, actor, wish, ground, wanted)


def request_limit(services: Services, actor: Actor, wish: LimitWish) -> LimitDone:
    """Ask those who may decide for the limit; raise as `put_limit`."""
    ground, wanted = _looked_at(services, actor, wish)
    return _request(services, actor, wish, ground, wanted)


def refusal_form(
    services: Services, actor: Actor, request_id: int, version: int
) -> LimitRefusal:
    """Return the form that asks why; raise as `decide_limit` if it is too late."""
    let_in(actor)
    with services.database.read() as session:
        request = _request_of(session, request_id)
        ground = ground_within(services, session, request.customer_id)
        still_waits(session, actor, request, version)
        _may_decide(Case(services, session, actor, ground), request)
    return LimitRefusal(
        name=ground.customer.name,
        metadata=f"{request_id}:{version}",
        worth=worth_of_row(ground, request),
        asked_by=request.asked_by,
    )


def decide_limit(
    services: Services,
    actor: Actor,
    request_id: int,
    version: int,
    *,
    approve: bool,
    reason: str = "",
) -> LimitDone:
    """Approve a request, which sets the limit, or refuse it with a reason.

    Raises:
        Approved, Refused, Replaced, RequestGone, LimitMoved: it is too late.
        OwnRequest, NotYours: it is not this person's to decide.
        WrongField: a reason is missing; or its day or rate no longer holds.

    """
    let_in(actor)
    why = None if approve else checked_reason(reason)
    with services.database.read() as session:
        asked = _request_of(session, request_id)
        ground = ground_within(services, session, asked.customer_id)
    with services.database.write() as session:
        case = Case(services, session, actor, ground)
        _lock(case)
        request = _request_of(session, request_id)
        still_waits(session, actor, request, version)
        _may_decide(case, request)
        if approve:
            if request.currency not in ground.rates:
                raise NoRateFor(request.currency)
            customer_id, since = request.customer_id, request.asked_at
            same_limit(session, actor, customer_id, since=since)
            checked_until(ground, request.valid_until)
        done = _decided(case, request, why)
    services.wake_delivery()
    return done


def _looked_at(
    services: Services, actor: Actor, wish: LimitWish
) -> tuple[LimitGround, Wanted]:
    let_in(actor)
    with services.database.read() as session:
        ground = ground_within(services, session, wish.customer_id)
    return ground, checked(services, ground, wish)


def _set(
    services: Services,
    actor: Actor,
    wish: LimitWish,
    ground: LimitGround,
    wanted: Wanted,
) -> LimitDone:
    with services.database.write() as session:
        case = Case(services, session, actor, ground)
        _lock(case)
        alone = most_alone(services, session, actor, ground.customer.region)
        if alone is None or wanted.in_base > alone:
            raise NotYours(named(_roles(services, wanted.in_base)))
        same_limit(session, actor, wish.customer_id, seen=wish.seen)
        limit = CreditLimit(
            source=f"{wish.origin}:{actor.slack_id}",
            set_by=actor.slack_id,
            **_columns(case, wanted.worth, wanted),
        )
        limits.replace_limit(session, limit)
        done = _done(case, wish, wanted, "set")
        waiting = limits.waiting_for(session, wish.customer_id)
        if waiting is not None:
            _replace(case, waiting)
        write_receipt(case, done, limit)
    services.wake_delivery()
    return done


def _request(
    services: Services,
    actor: Actor,
    wish: LimitWish,
    ground: LimitGround,
    wanted: Wanted,
) -> LimitDone:
    roles = _roles(services, wanted.in_base)
    with services.database.write() as session:
        case = Case(services, session, actor, ground)
        _lock(case)
        same_limit(session, actor, wish.customer_id, seen=wish.seen)
        asked = deciders(session, roles, ground.customer.region, actor.slack_id)
        if not asked:
            raise NobodyDecides(named(roles), roles[0])
        waiting = limits.waiting_for(session, wish.customer_id)
        if waiting is not None:
            refuse_second(session, actor, waiting)
            _replace(case, waiting)
        request = LimitRequest(
            customer_id=wish.customer_id,
            amount=wanted.worth.amount,
            currency=wanted.worth.currency,
            valid_until=wanted.until,
            reason=wanted.reason,
            method=wanted.method,
            asked_by=actor.slack_id,
            asked_at=services.now(),
        )
        owe_asks(case, limits.add_request(session, request), roles, asked)
        done = _done(case, wish, wanted, "asked", roles)
    services.wake_delivery()
    return done


def _replace(case: Case, waiting: LimitRequest) -> None:
    """Close a waiting request that something else takes the place of."""
    _settle(case, waiting, "replaced", None)
    close_asks(case, waiting)
    if waiting.asked_by != case.actor.slack_id:
        owe_done(case, waiting, _of_request(case, waiting))


def _decided(case: Case, request: LimitRequest, why: str | None) -> LimitDone:
    """Settle a request: the limit it gives, the receipt, what people are told."""
    _settle(case, request, "approved" if why is None else "refused", why)
    done = _of_request(case, request)
    limit = None
    if why is None:
        limit = CreditLimit(
            source=f"form:{request.asked_by}",
            set_by=request.asked_by,
            approved_by=case.actor.slack_id,
            **_columns(case, done.worth, request),
        )
        limits.replace_limit(case.session, limit)
    write_receipt(case, done, limit, request)
    close_asks(case, request)
    owe_done(case, request, done)
    return done


def _settle(case: Case, request: LimitRequest, state: str, why: str | None) -> None:
    settled = limits.settle_request(
        case.session,
        request,
        state=state,
        by=case.actor.slack_id,
        at=case.services.now(),
        reason=why,
    )
    if not settled:  # the customer is locked, so nobody but a hand in the database
        raise RequestGone


def _columns(case: Case, worth: Worth, of: Wanted | LimitRequest) -> dict[str, Any]:
    """Return the columns of a limit that do not depend on who set it."""
    until = of.until if isinstance(of, Wanted) else of.valid_until
    return {
        "customer_id": case.ground.customer_id,
        "known_at": case.services.now(),
        "currency": worth.currency,
        "amount": worth.amount,
        "valid_from": case.ground.as_of,
        "valid_until": until,
        "method": of.method,
        "reason": of.reason,
    }


def _done(
    case: Case,
    wish: LimitWish,
    wanted: Wanted,
    what: str,
    roles: tuple[str, ...] = (),
) -> LimitDone:
    return LimitDone(
        what=what,
        number=case.ground.customer.number,
        name=case.ground.customer.name,
        worth=wanted.worth,
        until=wanted.until,
        reason=wanted.reason,
        by=case.actor.slack_id,
        roles=roles,
        before=_before(case),
        at_terminal=wish.origin == "terminal",
    )


def _of_request(case: Case, request: LimitRequest) -> LimitDone:
    """Return what became of a request."""
    return LimitDone(
        what=request.state,
        number=case.ground.customer.number,
        name=case.ground.customer.name,
        worth=worth_of_row(case.ground, request),
        until=request.valid_until,
        reason=request.reason,
        by=request.decided_by or "",
        decided_reason=request.decision_reason,
        before=_before(case),
    )


def _before(case: Case) -> Worth | None:
    row = case.ground.standing
    return worth_of_row(case.ground, row) if row else None


def _may_decide(case: Case, request: LimitRequest) -> None:
    """Raise what keeps the actor from deciding on `request`, by today's rate.

    Where there is no rate any more, the highest step decides.
    """
    if case.actor.slack_id == request.asked_by:
        raise OwnRequest
    steps = case.services.policy.policy.approval.steps
    roles: tuple[str, ...] = (steps[-1].role,)
    in_base = worth_of_row(case.ground, request).base
    if in_base is not None:
        roles = _roles(case.services, in_base)
    if not holds(case.session, case.actor, roles, case.ground.customer.region):
        raise NotYours(named(roles))


def _lock(case: Case) -> None:
    if limits.lock_customer(case.session, case.ground.customer_id) is None:
        raise CustomerGone


def _request_of(session: Session, request_id: int) -> LimitRequest:
    request = limits.request_by_id(session, request_id)
    if request is None:
        raise RequestGone
    return request


def _roles(services: Services, in_base: Decimal) -> tuple[str, ...]:
    return services.policy.policy.approval.roles_for(in_base)
