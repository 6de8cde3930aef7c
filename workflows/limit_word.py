"""Whom the desk tells about a limit that was asked for, and what: by the outbox."""

from collections.abc import Sequence

from storage import limits
from storage.tables import LimitRequest
from templates.messages.base import Message
from templates.messages.limit import LimitAsk, LimitDone
from workflows.limit import group_of, proposal_of, standing_of
from workflows.limit_ground import Case
from workflows.limit_wish import worth_of_row
from workflows.naming import is_person
from workflows.rights import MOST_TOLD
from workflows.telling import owe


def owe_asks(
    case: Case, request: LimitRequest, roles: Sequence[str], deciders: Sequence[str]
) -> None:
    """Put a request before the policy's channel, or else before each decider."""
    channel = case.services.policy.policy.approval.channel
    ask = _ask(case, request, roles)
    for n, where in enumerate([channel] if channel else deciders):
        _owe(case, ask, _key(request, n), where)


def close_asks(case: Case, request: LimitRequest) -> None:
    """Let each message that asked for a decision say what was decided instead."""
    ask = _ask(case, request, ())
    keys = [_key(request, n) for n in range(MOST_TOLD)]
    for key, where in sorted(limits.owed_by_key(case.session, keys).items()):
        _owe(case, ask, f"{key}:{request.version}", where, instead_of=key)


def owe_done(case: Case, request: LimitRequest, done: LimitDone) -> None:
    """Tell whoever asked, in a direct message, what became of it."""
    if is_person(request.asked_by):
        _owe(case, done, f"limit-done:{request.id}", request.asked_by)


def _ask(case: Case, request: LimitRequest, roles: Sequence[str]) -> LimitAsk:
    ground = case.ground
    return LimitAsk(
        ticket=f"{request.id}:{request.version}",
        customer_id=ground.customer_id,
        number=ground.customer.number,
        name=ground.customer.name,
        currency=case.services.currency,
        worth=worth_of_row(ground, request),
        until=request.valid_until,
        reason=request.reason,
        asked_by=request.asked_by,
        roles=roles,
        exposure=ground.position.exposure.net,
        proposal=proposal_of(ground),
        standing=standing_of(case.services, ground),
        group=group_of(case.services, ground),
        state=request.state,
        decided_by=request.decided_by,
        decided_reason=request.decision_reason,
    )


def _owe(
    case: Case, message: Message, key: str, where: str, instead_of: str | None = None
) -> None:
    """Owe `where` a message, or a new text for the one that has the key given."""
    owe(case.services, case.session, where, message, key=key, instead_of=instead_of)


def _key(request: LimitRequest, n: int) -> str:
    return f"limit-ask:{request.id}:{n}"
