"""Questions about the people who use the desk, and the roles they hold."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from storage.prepared import Prepared
from storage.tables import RoleGrant, User


class Known(NamedTuple):
    """What we know of a person; read at every request, so lighter than a `User`."""

    slack_id: str
    name: str
    email: str | None
    language: str
    timezone: str
    guest: bool
    stranger: bool
    seen_at: datetime


_PERSON = Prepared(
    columns(*(getattr(User, name) for name in Known._fields), col(RoleGrant.role))
    .outerjoin(
        RoleGrant,
        (col(RoleGrant.slack_id) == col(User.slack_id))
        & col(RoleGrant.revoked_at).is_(None),
    )
    .where(col(User.slack_id) == bindparam("slack_id"))
)
"""Asked at every request, so built once: a person, with each role they hold."""


_ROLES = Prepared(
    columns(col(RoleGrant.role), col(RoleGrant.area))
    .where(
        col(RoleGrant.slack_id) == bindparam("slack_id"),
        col(RoleGrant.revoked_at).is_(None),
    )
    .order_by(col(RoleGrant.role), col(RoleGrant.area))
)


def user_and_roles(
    session: Session, slack_id: str
) -> tuple[Known | None, frozenset[str]]:
    """Return what we know of a person, and the roles they hold."""
    found = _PERSON.rows(session, slack_id=slack_id)
    if not found:
        roles = standing_roles(session, slack_id)
        return None, frozenset(role for role, _ in roles)
    *about, _ = found[0]
    return Known(*about), frozenset(row.role for row in found if row.role)


def standing_roles(session: Session, slack_id: str) -> Sequence[tuple[str, str]]:
    """Return each (role, area) that a person holds; the area "" is everywhere."""
    session.flush()  # what this session has granted counts
    return _ROLES.rows(session, slack_id=slack_id)


def holders(session: Session, role: str) -> Sequence[str]:
    """Return the Slack ids of those who hold `role`, anywhere."""
    grants = (
        select(RoleGrant.slack_id)
        .where(RoleGrant.role == role, col(RoleGrant.revoked_at).is_(None))
        .distinct()
        .order_by(RoleGrant.slack_id)
    )
    return session.exec(grants).all()


def grant_role(
    session: Session, slack_id: str, role: str, area: str, *, by: str, at: datetime
) -> bool:
    """Give a role; return False if it is held already."""
    if (role, area) in standing_roles(session, slack_id):
        return False
    session.add(
        RoleGrant(slack_id=slack_id, role=role, area=area, granted_by=by, granted_at=at)
    )
    return True


def revoke_role(
    session: Session, slack_id: str, role: str, area: str, *, by: str, at: datetime
) -> bool:
    """Take a role; return False if it was not held."""
    statement = (
        update(RoleGrant)
        .where(
            col(RoleGrant.slack_id) == slack_id,
            col(RoleGrant.role) == role,
            col(RoleGrant.area) == area,
            col(RoleGrant.revoked_at).is_(None),
        )
        .values(revoked_at=at, revoked_by=by)
    )
    return bool(session.connection().execute(statement).rowcount)


def user_by_email(session: Session, email: str) -> User | None:
    """Return the person with this e-mail address, if they used the desk before."""
    return session.exec(select(User).where(User.email == email)).first()


def save_user(session: Session, user: User) -> None:
    """Keep `user`, in place of what was known of them."""
    session.merge(user)
