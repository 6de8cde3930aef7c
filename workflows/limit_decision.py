"""Sets a limit, asks a second person for one, and decides on what was asked.

Whoever decides holds a role whose step covers the amount, in the customer's region;
above the policy's four eyes, two people do, and never the one who asked. Rights, state
and version are looked at again at the click. Each decision leaves a receipt.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from risk.errors import N_, UserError
from storage import limits, receipts
from storage.tables import CreditLimit, LimitRequest, Receipt
from templates.messages.limit import LimitDone, LimitRefusal
from workflows.limit_ground import LimitGround, ground_within
from workflows.limit_rights import (
    NobodyDecides,
    NotYours,
    OwnRequest,
    deciders,
    holds,
    most_alone,
    named,
    roles_for,
)
from workflows.limit_wish import (
    LimitWish,
    NoRateFor,
    Wanted,
    checked,
    checked_reason,
    checked_until,
    worth_of,
    worth_of_row,
)
from workflows.limit_word import (
    close_asks,
    owe_asks,
    owe_done,
    person_called,
    when,
)
from workflows.lookup import CustomerGone, let_in
from workflows.services import Actor, Services


@dataclass(eq=False)
class LimitMoved(UserError):
    """The limit was set anew while somebody looked at the one before."""

    who: str
    amount: str
    at: str
    message = N_(
        "%(who)s set this limit to %(amount)s meanwhile (%(at)s). Look at it again with"
        " `/risk limit` before you change it."
    )


@dataclass(eq=False)
class AskedAlready(UserError):
    """Somebody else's request for the same customer waits."""

    who: str
    amount: str
    at: str
    message = N_(
        "%(who)s asked for a limit of %(amount)s already (%(at)s), and it waits to be"
        " decided. Agree with them first."
    )


@dataclass(eq=False)
class Approved(UserError):
    """Somebody approved the request meanwhile."""

    who: str
    at: str
    message = N_("%(who)s approved this meanwhile (%(at)s). Nothing was changed.")


@dataclass(eq=False)
class Refused(UserError):
    """Somebody refused the request meanwhile."""

    who: str
    at: str
    reason: str
    message = N_(
        "%(who)s refused this meanwhile (%(at)s): “%(reason)s”. Nothing was changed."
    )


@dataclass(eq=False)
class Replaced(UserError):
    """Another request, or a limit, took the place of the request."""

    who: str
    at: str
    message = N_(
        "%(who)s replaced this request by another limit (%(at)s). Nothing was changed."
    )


@dataclass(eq=False)
class RequestGone(UserError):
    """A button of a request that is no longer there."""

    message = N_("This request is no longer there. Ask for the limit again.")


_MEANWHILE = {"approved": Approved, "replaced": Replaced}


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
        _still_waits(session, actor, request, version)
        _may_decide(services, session, actor, request, ground)
    return LimitRefusal(
        name=ground.customer.name,
        metadata=f"{request_id}:{version}",
        worth=worth_of_row(services, ground, request),
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
        request = _request_of(session, request_id)
        ground = ground_within(services, session, request.customer_id)
    with services.database.write() as session:
        _lock(session, request.customer_id)
        request = _request_of(session, request_id)
        _still_waits(session, actor, request, version)
        _may_decide(services, session, actor, request, ground)
        if approve:
            _same_limit(services, session, actor, ground, since=request.asked_at)
            checked_until(ground, request.valid_until)
        done = _decided(services, session, actor, ground, request, why)
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
        _lock(session, wish.customer_id)
        alone = most_alone(services, session, actor, ground.customer.region)
        if alone is None or wanted.in_base > alone:
            raise NotYours(named(_roles(services, wanted)))
        _same_limit(services, session, actor, ground, seen=wish.seen)
        done = _done(services, ground, wanted, "set", actor, wish.origin)
        limit = _limit(services, ground, wanted, actor, wish.origin)
        limits.replace_limit(session, limit)
        waiting = limits.waiting_for(session, wish.customer_id)
        if waiting is not None:
            _replace(services, session, actor, ground, waiting)
        _write_receipt(services, session, actor, ground, done, wish.origin, limit)
    services.wake_delivery()
    return done


def _request(
    services: Services,
    actor: Actor,
    wish: LimitWish,
    ground: LimitGround,
    wanted: Wanted,
) -> LimitDone:
    roles = _roles(services, wanted)
    with services.database.write() as session:
        _lock(session, wish.customer_id)
        _same_limit(services, session, actor, ground, seen=wish.seen)
        asked = deciders(session, roles, ground.customer.region, actor.slack_id)
        if not asked:
            raise NobodyDecides(named(roles), roles[0])
        waiting = limits.waiting_for(session, wish.customer_id)
        if waiting is not None:
            _refuse_second(session, actor, waiting)
            _replace(services, session, actor, ground, waiting)
        request = limits.add_request(
            session,
            LimitRequest(
                customer_id=wish.customer_id,
                amount=wanted.worth.amount,
                currency=wanted.worth.currency,
                valid_until=wanted.until,
                reason=wanted.reason,
                method=wanted.method,
                asked_by=actor.slack_id,
                asked_at=services.now(),
            ),
        )
        owe_asks(services, session, actor, ground, request, roles, asked)
    services.wake_delivery()
    return _done(services, ground, wanted, "asked", actor, wish.origin, roles)


def _refuse_second(session: Session, actor: Actor, waiting: LimitRequest) -> None:
    """Raise AskedAlready unless the request that waits is the actor's own."""
    if waiting.asked_by != actor.slack_id:
        raise AskedAlready(
            person_called(session, waiting.asked_by),
            _money(waiting),
            when(actor, waiting.asked_at),
        )


def _replace(
    services: Services,
    session: Session,
    actor: Actor,
    ground: LimitGround,
    waiting: LimitRequest,
) -> None:
    """Close a waiting request that something else takes the place of."""
    limits.settle_request(
        session,
        waiting,
        state="replaced",
        by=actor.slack_id,
        at=services.now(),
        reason=None,
    )
    close_asks(services, session, actor, ground, waiting)
    if waiting.asked_by != actor.slack_id:
        owe_done(services, session, waiting, _of_request(services, ground, waiting))


def _decided(
    services: Services,
    session: Session,
    actor: Actor,
    ground: LimitGround,
    request: LimitRequest,
    why: str | None,
) -> LimitDone:
    """Settle a request: the limit it gives, the receipt, what people are told."""
    state = "approved" if why is None else "refused"
    settled = limits.settle_request(
        session,
        request,
        state=state,
        by=actor.slack_id,
        at=services.now(),
        reason=why,
    )
    if not settled:
        raise RequestGone
    done = _of_request(services, ground, request)
    limit = None
    if why is None:
        limit = CreditLimit(
            customer_id=request.customer_id,
            known_at=services.now(),
            source=f"form:{request.asked_by}",
            currency=request.currency,
            amount=request.amount,
            valid_from=ground.as_of,
            valid_until=request.valid_until,
            method=request.method,
            reason=request.reason,
            set_by=request.asked_by,
            approved_by=actor.slack_id,
        )
        limits.replace_limit(session, limit)
    _write_receipt(services, session, actor, ground, done, "form", limit, request)
    close_asks(services, session, actor, ground, request)
    owe_done(services, session, request, done)
    return done


def _write_receipt(
    services: Services,
    session: Session,
    actor: Actor,
    ground: LimitGround,
    done: LimitDone,
    origin: str,
    limit: CreditLimit | None,
    request: LimitRequest | None = None,
) -> None:
    asked = request and {"id": request.id, "asked_by": request.asked_by}
    outcome = {
        "decision": done.what,
        "limit": limit.id if limit else None,
        "request": asked,
        "amount": str(done.worth.amount),
        "currency": done.worth.currency,
        "valid_until": done.until.isoformat(),
        "reason": done.decided_reason or done.reason,
    }
    who = {"roles": sorted(actor.roles), "from": origin}
    receipts.write(
        session,
        Receipt(
            kind="limit",
            customer_id=ground.customer_id,
            actor=actor.slack_id,
            made_at=services.now(),
            policy_version=services.policy.version,
            inputs=ground.as_inputs | {"actor": who},
            outcome=outcome,
            words=services.render(done, actor.language).text,
        ),
    )


def _limit(
    services: Services,
    ground: LimitGround,
    wanted: Wanted,
    actor: Actor,
    origin: str,
) -> CreditLimit:
    return CreditLimit(
        customer_id=ground.customer_id,
        known_at=services.now(),
        source=f"{origin}:{actor.slack_id}",
        currency=wanted.worth.currency,
        amount=wanted.worth.amount,
        valid_from=ground.as_of,
        valid_until=wanted.until,
        method=wanted.method,
        reason=wanted.reason,
        set_by=actor.slack_id,
    )


def _done(
    services: Services,
    ground: LimitGround,
    wanted: Wanted,
    what: str,
    actor: Actor,
    origin: str,
    roles: tuple[str, ...] = (),
) -> LimitDone:
    before = ground.standing
    return LimitDone(
        what=what,
        number=ground.customer.number,
        name=ground.customer.name,
        worth=wanted.worth,
        until=wanted.until,
        reason=wanted.reason,
        by=actor.slack_id,
        roles=roles,
        before=worth_of_row(services, ground, before) if before else None,
        at_terminal=origin == "terminal",
    )


def _of_request(
    services: Services, ground: LimitGround, request: LimitRequest
) -> LimitDone:
    """Return what became of a request."""
    before = ground.standing
    return LimitDone(
        what=request.state,
        number=ground.customer.number,
        name=ground.customer.name,
        worth=worth_of_row(services, ground, request),
        until=request.valid_until,
        reason=request.reason,
        by=request.decided_by or "",
        decided_reason=request.decision_reason,
        before=worth_of_row(services, ground, before) if before else None,
    )


def _may_decide(
    services: Services,
    session: Session,
    actor: Actor,
    request: LimitRequest,
    ground: LimitGround,
) -> None:
    """Raise what keeps `actor` from deciding on `request`, by today's rate."""
    if actor.slack_id == request.asked_by:
        raise OwnRequest
    if request.currency not in ground.rates:
        raise NoRateFor(request.currency)
    worth = worth_of(services, ground, request.amount, request.currency)
    in_base = worth.amount if worth.base is None else worth.base
    roles = roles_for(services.policy.policy.approval, in_base)
    if not holds(session, actor, roles, ground.customer.region):
        raise NotYours(named(roles))


def _still_waits(
    session: Session, actor: Actor, request: LimitRequest, version: int
) -> None:
    """Raise who did what meanwhile, unless the request is as it was shown."""
    if request.state == "waiting" and request.version == version:
        return
    who = person_called(session, request.decided_by or "")
    at = when(actor, request.decided_at) if request.decided_at else ""
    if request.state == "refused":
        raise Refused(who, at, request.decision_reason or "")
    raise _MEANWHILE.get(request.state, Replaced)(who, at)


def _same_limit(
    services: Services,
    session: Session,
    actor: Actor,
    ground: LimitGround,
    *,
    seen: int | None = None,
    since: datetime | None = None,
) -> None:
    """Raise LimitMoved if the limit is no longer the one seen, or is newer."""
    now = limits.standing(session, ground.customer_id)
    if now is None:
        return
    moved = seen is not None and now.id != seen
    if moved or (since is not None and now.known_at > since):
        raise LimitMoved(
            person_called(session, now.set_by),
            _money(now),
            when(actor, now.known_at),
        )


def _lock(session: Session, customer_id: int) -> None:
    if limits.lock_customer(session, customer_id) is None:
        raise CustomerGone


def _request_of(session: Session, request_id: int) -> LimitRequest:
    request = limits.request_by_id(session, request_id)
    if request is None:
        raise RequestGone
    return request


def _roles(services: Services, wanted: Wanted) -> tuple[str, ...]:
    return roles_for(services.policy.policy.approval, wanted.in_base)


def _money(row: CreditLimit | LimitRequest) -> str:
    return f"{row.currency} {row.amount:,.0f}"
