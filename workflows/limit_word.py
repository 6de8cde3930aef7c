"""Whom the desk tells about a limit that was asked for, and what: by the outbox."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session

from storage import limits, outbox
from storage.tables import LimitRequest
from templates.messages.base import Message
from templates.messages.limit import LimitAsk, LimitDone
from workflows.limit import group_of, proposal_of, standing_of
from workflows.limit_ground import LimitGround
from workflows.limit_rights import MOST_TOLD
from workflows.limit_wish import worth_of_row
from workflows.services import Actor, Services


def owe_asks(
    services: Services,
    session: Session,
    actor: Actor,
    ground: LimitGround,
    request: LimitRequest,
    roles: Sequence[str],
    deciders: Sequence[str],
) -> None:
    """Put a request before the policy's channel, or else before each decider."""
    channel = services.policy.policy.approval.channel
    ask = _ask(services, ground, request, roles)
    for n, where in enumerate([channel] if channel else deciders):
        language = _language(session, where, actor)
        _owe(services, session, ask, _key(request, n), where, language)


def close_asks(
    services: Services,
    session: Session,
    actor: Actor,
    ground: LimitGround,
    request: LimitRequest,
) -> None:
    """Let each message that asked for a decision say what was decided instead."""
    ask = _ask(services, ground, request, ())
    keys = [_key(request, n) for n in range(MOST_TOLD)]
    for key, where in sorted(limits.owed_by_key(session, keys).items()):
        said = services.render(ask, _language(session, where, actor))
        outbox.put(
            session,
            key=f"{key}:{request.version}",
            channel=where,
            method="update",
            thread_key=key,
            text=said.text,
            blocks=said.blocks,
            at=services.now(),
        )


def owe_done(
    services: Services, session: Session, request: LimitRequest, done: LimitDone
) -> None:
    """Tell whoever asked, in a direct message, what became of it."""
    if not is_person(request.asked_by):
        return
    user = limits.called(session, request.asked_by)
    language = user.language if user else "en"
    key = f"limit-done:{request.id}"
    _owe(services, session, done, key, request.asked_by, language)


def person_called(session: Session, slack_id: str) -> str:
    """Return the name of a person, or how they were written down."""
    user = limits.called(session, slack_id)
    return user.name if user else slack_id


def when(actor: Actor, moment: datetime) -> str:
    """Return a moment as an error's words say it, in the actor's time zone."""
    return f"{in_zone_of(actor, moment):%Y-%m-%d %H:%M}"


def in_zone_of(actor: Actor, moment: datetime) -> datetime:
    """Return `moment` in the actor's time zone; in UTC where nobody knows it."""
    try:
        return moment.astimezone(ZoneInfo(actor.timezone))
    except (ZoneInfoNotFoundError, ValueError):
        return moment


def is_person(slack_id: str) -> bool:
    """Return whether this is somebody in Slack, not the terminal or a file."""
    return slack_id[:1] in {"U", "W"} and slack_id.isalnum() and slack_id.isupper()


def _ask(
    services: Services,
    ground: LimitGround,
    request: LimitRequest,
    roles: Sequence[str],
) -> LimitAsk:
    return LimitAsk(
        ticket=f"{request.id}:{request.version}",
        number=ground.customer.number,
        name=ground.customer.name,
        currency=services.currency,
        worth=worth_of_row(services, ground, request),
        until=request.valid_until,
        reason=request.reason,
        asked_by=request.asked_by,
        roles=roles,
        exposure=ground.position.exposure.net,
        proposal=proposal_of(ground),
        standing=standing_of(services, ground),
        group=group_of(services, ground),
        state=request.state,
        decided_by=request.decided_by,
        decided_reason=request.decision_reason,
    )


def _owe(
    services: Services,
    session: Session,
    message: Message,
    key: str,
    where: str,
    language: str,
) -> None:
    said = services.render(message, language)
    outbox.put(
        session,
        key=key,
        channel=where,
        text=said.text,
        blocks=said.blocks,
        at=services.now(),
    )


def _language(session: Session, where: str, actor: Actor) -> str:
    """Return what a person reads; a channel gets the language of who acts."""
    user = limits.called(session, where) if is_person(where) else None
    return user.language if user else actor.language


def _key(request: LimitRequest, n: int) -> str:
    return f"limit-ask:{request.id}:{n}"
