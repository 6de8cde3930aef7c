"""Who reads a channel or is a person, as Slack says: our own people, or others."""

import logging
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.directory import user_of
from workflows.digest import OURS, UNSURE
from workflows.digest_trouble import LOST, OUTSIDERS
from workflows.naming import is_person
from workflows.people import known_actor, remember
from workflows.services import Services

log = logging.getLogger(__name__)


class Readers:
    """Answers who reads a channel; people are remembered for a day."""

    def __init__(self, services: Services, client: WebClient) -> None:
        """Ask Slack through `client`."""
        self._services = services
        self._client = client

    def __call__(self, channel: str) -> str:
        """Return `ours`, `outsiders`, `unsure`, or Slack's name for its loss."""
        try:
            return self._of(channel)
        except SlackApiError as error:
            name = str(error.response.get("error") or "")
            if name in LOST:
                return name
            if name == "unknown_method":
                log.warning("readers.unknown_method", extra={"channel": channel})
                return OURS  # a server without strangers has no way to ask for them
            log.warning("readers.failed", extra={"channel": channel, "error": name})
        except (OSError, HTTPException) as error:
            facts = {"channel": channel, "error": type(error).__name__}
            log.warning("readers.failed", extra=facts)
        return UNSURE

    def _of(self, channel: str) -> str:
        if is_person(channel):
            return OUTSIDERS if self._is_outsider(channel) else OURS
        info = self._client.conversations_info(channel=channel)["channel"]
        if info.get("is_archived"):
            return "is_archived"
        if info.get("is_ext_shared") or info.get("is_pending_ext_shared"):
            return OUTSIDERS
        if info.get("is_member") is False and not info.get("is_im"):
            return "not_in_channel"
        pages = self._client.conversations_members(channel=channel, limit=200)
        members = (member for page in pages for member in page.get("members") or ())
        return OUTSIDERS if any(self._is_outsider(m) for m in members) else OURS

    def _is_outsider(self, slack_id: str) -> bool:
        actor, fresh = known_actor(self._services, slack_id)
        if not fresh:
            answer = self._client.users_info(user=slack_id, include_locale=True)
            user = user_of(answer["user"], self._services.now)
            actor = remember(self._services, user)
        return actor.guest
