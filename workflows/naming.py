"""People and moments, as the words of a message or an error name them."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session

from storage import limits
from workflows.services import Actor


def person_called(session: Session, slack_id: str) -> str:
    """Return the name of a person, or how they were written down."""
    user = limits.called(session, slack_id)
    return user.name if user else slack_id


def is_person(slack_id: str) -> bool:
    """Return whether this is somebody in Slack, not the terminal or a file."""
    return slack_id[:1] in {"U", "W"} and slack_id.isalnum() and slack_id.isupper()


def when(actor: Actor, moment: datetime) -> str:
    """Return a moment as an error says it: `2026-03-04 09:30`, in the actor's zone."""
    try:
        moment = moment.astimezone(ZoneInfo(actor.timezone))
    except (ZoneInfoNotFoundError, ValueError):
        return f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"{moment:%Y-%m-%d %H:%M}"
