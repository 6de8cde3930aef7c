"""Who may decide on a limit: by the policy's steps, in the customer's region."""

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from risk.errors import N_, UserError
from workflows.rights import holds
from workflows.services import Actor, Services


@dataclass(eq=False)
class OwnRequest(UserError):
    """Somebody decides on what they asked for themselves."""

    message = N_(
        "You asked for this limit yourself, so a second person has to decide on it."
    )


def most_alone(
    services: Services, session: Session, actor: Actor, region: str | None
) -> Decimal | None:
    """Return the most that `actor` may set without another; None: nothing.

    In base currency; never more than what needs four eyes.
    """
    policy = services.policy.policy.approval
    ends = [
        policy.four_eyes_above if step.amount is None else step.amount
        for step in policy.steps
        if holds(session, actor, [step.role], region)
    ]
    return min(max(ends), policy.four_eyes_above) if ends else None
