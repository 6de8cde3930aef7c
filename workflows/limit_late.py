"""What was done to a limit while somebody looked at it: who did what, and when."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from risk.errors import N_, UserError
from storage import limits
from storage.tables import CreditLimit, LimitRequest
from workflows.naming import person_called, when
from workflows.services import Actor


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


def still_waits(
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


def same_limit(
    session: Session,
    actor: Actor,
    customer_id: int,
    *,
    seen: int | None = None,
    since: datetime | None = None,
) -> None:
    """Raise LimitMoved if the limit is no longer the one seen, or is newer."""
    now = limits.standing(session, customer_id)
    if now is None:
        return
    moved = seen is not None and now.id != seen
    if moved or (since is not None and now.known_at > since):
        raise LimitMoved(
            person_called(session, now.set_by),
            _money(now),
            when(actor, now.known_at),
        )


def refuse_second(session: Session, actor: Actor, waiting: LimitRequest) -> None:
    """Raise AskedAlready unless the request that waits is the actor's own."""
    if waiting.asked_by != actor.slack_id:
        raise AskedAlready(
            person_called(session, waiting.asked_by),
            _money(waiting),
            when(actor, waiting.asked_at),
        )


def _money(row: CreditLimit | LimitRequest) -> str:
    return f"{row.currency} {row.amount:,.0f}"
