"""Questions about the people who use the desk."""

from sqlmodel import Session, col, select

from storage.tables import RoleGrant, User


def user_and_roles(
    session: Session, slack_id: str
) -> tuple[User | None, frozenset[str]]:
    """Return what we know of a person, and the roles they hold."""
    user = session.get(User, slack_id)
    grants = select(RoleGrant.role).where(
        RoleGrant.slack_id == slack_id, col(RoleGrant.revoked_at).is_(None)
    )
    return user, frozenset(session.exec(grants))


def save_user(session: Session, user: User) -> None:
    """Keep `user`, in place of what was known of them."""
    session.merge(user)
