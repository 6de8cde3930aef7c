"""Who may decide on an amount: by the policy's steps, in the customer's region."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from risk.errors import N_, UserError
from storage import limits, people
from workflows.services import Actor

MOST_TOLD = 20
"""So many people are asked to decide, at most."""


@dataclass(eq=False)
class NotYours(UserError):
    """Somebody decides who holds none of the roles that may."""

    roles: str
    message = N_(
        "This amount is decided by somebody with the role %(roles)s."
        " `/risk role` shows yours, and who can give you another."
    )


@dataclass(eq=False)
class NobodyDecides(UserError):
    """Nobody holds a role that may decide, but the person who asks."""

    roles: str
    least: str
    message = N_(
        "This amount needs a second person with the role %(roles)s, and nobody else"
        " has it. An admin can give it: `/risk role @person +%(least)s`."
    )


def named(roles: Sequence[str]) -> str:
    """Return roles as an error's words name them."""
    return " / ".join(roles)


def holds(
    session: Session, actor: Actor, roles: Sequence[str], region: str | None
) -> bool:
    """Return whether `actor` holds one of `roles` where the customer is.

    A role that was given for regions counts in these alone.
    """
    mine = [role for role in roles if role in actor.roles]
    if not mine:
        return False
    granted = people.standing_roles(session, actor.slack_id)
    return any(
        _reaches([area for held, area in granted if held == role], region)
        for role in mine
    )


def deciders(
    session: Session, roles: Sequence[str], region: str | None, but: str
) -> list[str]:
    """Return who is asked to decide: those with the least role that anybody has.

    `but` is whoever asks; guests are left out.
    """
    for role in roles:
        held = [
            person
            for person in people.holders(session, role)
            if person != but and _may_read(session, person)
        ]
        near = [
            person
            for person in held
            if _reaches(
                [a for r, a in people.standing_roles(session, person) if r == role],
                region,
            )
        ]
        if near:
            return near[:MOST_TOLD]
    return []


def _reaches(areas: Sequence[str], region: str | None) -> bool:
    """Return whether a role in these areas counts in `region`.

    A role without any area was given by the settings, or at the terminal.
    """
    where = (region or "").casefold()
    return not areas or any(area.casefold() in {"", where} for area in areas)


def _may_read(session: Session, slack_id: str) -> bool:
    user = limits.called(session, slack_id)
    return user is None or not (user.guest or user.stranger)
