"""Who is asking: language, time zone, roles; learnt from Slack, kept a day."""

from datetime import timedelta

from storage import people
from storage.tables import User
from workflows.services import Actor, Services

FRESH = timedelta(days=1)


def known_actor(services: Services, slack_id: str) -> tuple[Actor, bool]:
    """Return the person and whether what we know of them is less than a day old."""
    with services.database.read() as session:
        user, roles = people.user_and_roles(session, slack_id)
    if user is None:
        return Actor(slack_id), False
    return _actor(services, user, roles), services.now() - user.seen_at < FRESH


def remember(services: Services, user: User) -> Actor:
    """Keep what Slack said of a person; return them as an actor."""
    with services.database.write() as session:
        people.save_user(session, user)
        _, roles = people.user_and_roles(session, user.slack_id)
    return _actor(services, user, roles)


def _actor(
    services: Services, user: User | people.Known, roles: frozenset[str]
) -> Actor:
    mine = {"sales"} | roles
    if services.admins & {user.slack_id, user.email or user.slack_id}:
        mine.add("admin")
    return Actor(
        slack_id=user.slack_id,
        language=user.language,
        timezone=user.timezone,
        roles=frozenset(mine),
        guest=user.guest or user.stranger,
        name=user.name,
        email=user.email,
    )
