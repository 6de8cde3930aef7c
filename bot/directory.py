"""Who people are, as Slack's directory says; what we knew stands when it is slow."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from storage.tables import User
from workflows.people import known_actor, remember
from workflows.services import Actor, Services

log = logging.getLogger(__name__)


class Directory:
    """Looks people up in the store, and in Slack when that is missing or a day old."""

    def __init__(self, services: Services, client: WebClient) -> None:
        """Ask Slack through `client`, whose timeout must leave time to answer."""
        self._services = services
        self._client = client

    def actor(self, slack_id: str) -> Actor:
        """Return the person; what we last knew, or a stranger to us, if Slack fails."""
        actor, fresh = known_actor(self._services, slack_id)
        if fresh:
            return actor
        try:
            answer = self._client.users_info(user=slack_id, include_locale=True)
        except (SlackApiError, SlackClientError, OSError) as error:
            log.warning("directory.failed", extra={"error": type(error).__name__})
            return actor
        return remember(self._services, user_of(answer["user"], self._services.now))


def user_of(answer: dict[str, Any], now: Callable[[], datetime]) -> User:
    """Return what Slack says of a person, in our terms."""
    profile = answer.get("profile") or {}
    return User(
        slack_id=answer["id"],
        name=profile.get("real_name") or answer.get("real_name") or answer["id"],
        email=profile.get("email"),
        language=answer.get("locale") or "en",
        timezone=answer.get("tz") or "UTC",
        guest=bool(answer.get("is_restricted") or answer.get("is_ultra_restricted")),
        stranger=bool(answer.get("is_stranger")),
        seen_at=now(),
    )
