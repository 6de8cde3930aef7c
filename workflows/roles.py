"""Who may do what: roles are seen by all, granted and taken by admins."""

from dataclasses import dataclass
from typing import get_args

from risk.errors import N_, UserError
from risk.policy.check import Role
from storage import people
from templates.messages.roles import RoleChanged, RoleLine, Roles
from workflows.services import Actor, Services

ROLES: tuple[str, ...] = get_args(Role)


@dataclass(eq=False)
class NoSuchRole(UserError):
    """A role that the desk does not know."""

    role: str
    known: str
    message = N_("There is no role “%(role)s”. The roles are: %(known)s.")


@dataclass(eq=False)
class AdminsOnly(UserError):
    """Somebody else than an admin changes roles."""

    message = N_("Only an admin can change roles. `/risk role` shows who that is.")


@dataclass(eq=False)
class EverybodySells(UserError):
    """The role that everybody has cannot be taken."""

    message = N_("Everybody has the role “sales”; it is neither given nor taken.")


@dataclass(eq=False)
class Unmet(UserError):
    """Nobody with this e-mail address has used the desk."""

    email: str
    message = N_(
        "Nobody with the address %(email)s has used the desk yet. Use their Slack id:"
        " in Slack, their profile, ⋮, “Copy member ID”."
    )


def person_called(services: Services, person: str) -> str:
    """Return the Slack id of a person given by it, or by e-mail address.

    Raises:
        Unmet: we do not know the address.

    """
    if "@" not in person:
        return person.strip()
    with services.database.read() as session:
        user = people.user_by_email(session, person.strip())
    if user is None:
        raise Unmet(person)
    return user.slack_id


def show_roles(services: Services, actor: Actor, slack_id: str | None = None) -> Roles:
    """Return the roles of a person, by default the actor's, and who the admins are."""
    whose = slack_id or actor.slack_id
    with services.database.read() as session:
        user, _ = people.user_and_roles(session, whose)
        granted = people.standing_roles(session, whose)
        admins = people.holders(session, "admin")
    lines = [RoleLine("sales", ""), *(RoleLine(role, area) for role, area in granted)]
    if whose == actor.slack_id and "admin" in actor.roles - {r.role for r in lines}:
        lines.append(RoleLine("admin", ""))
    configured = {name for name in services.admins if "@" not in name}
    return Roles(
        name=user.name if user else whose,
        mine=whose == actor.slack_id,
        roles=lines,
        admins=sorted({*admins, *configured}),
    )


def change_role(
    services: Services,
    actor: Actor,
    slack_id: str,
    role: str,
    *,
    give: bool,
    area: str = "",
) -> RoleChanged:
    """Give a role to a person, in a region or everywhere, or take it away.

    Raises:
        AdminsOnly: the actor may not.
        NoSuchRole: the desk does not know the role.
        EverybodySells: the role is everybody's.

    """
    if "admin" not in actor.roles:
        raise AdminsOnly
    if role not in ROLES:
        raise NoSuchRole(role, ", ".join(ROLES))
    if role == "sales":
        raise EverybodySells
    with services.database.write() as session:
        user, _ = people.user_and_roles(session, slack_id)
        change = people.grant_role if give else people.revoke_role
        changed = change(
            session, slack_id, role, area, by=actor.slack_id, at=services.now()
        )
    name = user.name if user else slack_id
    return RoleChanged(name=name, role=role, area=area, given=give, changed=changed)
