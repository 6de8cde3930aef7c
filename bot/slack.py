"""Slack as delivery sees it: send once, and find what was sent."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, NoReturn

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from storage.tables import OutboxMessage
from templates.blocks import NEW_BLOCKS, without_new_blocks
from workflows.deliver import Busy, NotNow, Refused, Sent, Unclear

log = logging.getLogger(__name__)

EVENT = "riskdesk_outbox"
TIMEOUT_SECONDS = 30
REMEMBER_OLD = timedelta(days=1)
"""How long we send no new blocks to a workspace that refused them."""

CLOCKS_DIFFER = timedelta(minutes=5)
MAX_PAGES = 20

NOT_THE_MESSAGES_FAULT = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "missing_scope",
        "org_login_required",
        "team_added_to_org",
        "ekm_access_denied",
        "access_denied",
    }
)
"""Somebody must mend the installation; the message waits for that."""

BROKEN = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
NO_LOOKUP = frozenset({"unknown_method", "missing_scope", "method_not_supported"})
"""Why a server may be unable to say what stands in a channel."""


class SlackPost:
    """Sends outbox messages, marked so that a later search can find them."""

    def __init__(
        self, token: str | None, base_url: str, now: Callable[[], datetime]
    ) -> None:
        """Use a client of our own: the SDK's default one posts again when cut off."""
        self._client = WebClient(
            token, base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[]
        )
        self._now = now
        self._old_until: datetime | None = None
        self._warned = False

    def send(self, message: OutboxMessage, thread_ts: str | None) -> Sent:
        """Send `message`, without the newest blocks where Slack refuses them."""
        new = any(block["type"] in NEW_BLOCKS for block in message.blocks)
        if not new or self._is_old():
            return self._send(message, thread_ts, without_new_blocks(message.blocks))
        try:
            return self._send(message, thread_ts, message.blocks)
        except Refused as refused:
            if str(refused) != "invalid_blocks":
                raise
        sent = self._send(message, thread_ts, without_new_blocks(message.blocks))
        self._old_until = self._now() + REMEMBER_OLD
        log.warning("slack.no_new_blocks", extra={"key": message.key})
        return sent

    def find(self, message: OutboxMessage, thread_ts: str | None) -> Sent | None:
        """Return where Slack has `message`; None where it has not, or cannot say."""
        try:
            channel = self._conversation(message.channel)
            return self._search(message, channel, thread_ts)
        except SlackApiError as error:
            if _name(error) not in NO_LOOKUP:
                _raise(error)
            if not self._warned:
                self._warned = True
                log.warning("slack.no_lookup", extra={"error": _name(error)})
            return None
        except (OSError, HTTPException) as error:
            raise Unclear(type(error).__name__) from error

    def _is_old(self) -> bool:
        return self._old_until is not None and self._now() < self._old_until

    def _send(
        self,
        message: OutboxMessage,
        thread_ts: str | None,
        blocks: list[dict[str, Any]],
    ) -> Sent:
        try:
            answer = self._call(message, thread_ts, blocks)
        except SlackApiError as error:
            _raise(error)
        except (OSError, HTTPException) as error:
            raise Unclear(type(error).__name__) from error
        ts = answer.get("ts") or answer.get("message_ts") or ""
        return Sent(str(answer.get("channel") or message.channel), str(ts))

    def _call(
        self,
        message: OutboxMessage,
        thread_ts: str | None,
        blocks: list[dict[str, Any]],
    ) -> Any:
        said: dict[str, Any] = {"channel": message.channel, "text": message.text}
        if blocks:
            said["blocks"] = blocks
        if message.method == "update":
            said["channel"] = self._conversation(message.channel)
            return self._client.chat_update(ts=thread_ts or "", **said)
        said["thread_ts"] = thread_ts
        if message.method == "ephemeral":
            return self._client.chat_postEphemeral(user=message.user or "", **said)
        if message.method == "broadcast":
            said["reply_broadcast"] = bool(thread_ts)
        mark = {"event_type": EVENT, "event_payload": {"key": message.key}}
        return self._client.chat_postMessage(metadata=mark, unfurl_links=False, **said)

    def _conversation(self, channel: str) -> str:
        """Return the conversation's id, which for a person is their direct message."""
        if channel[:1] not in "UW":
            return channel
        answer = self._client.conversations_open(users=channel)
        return str(answer["channel"]["id"])

    def _search(
        self, message: OutboxMessage, channel: str, thread_ts: str | None
    ) -> Sent | None:
        oldest = str((message.queued_at - CLOCKS_DIFFER).timestamp())
        said: dict[str, Any] = {"limit": 200, "include_all_metadata": True}
        if thread_ts:
            pages = self._client.conversations_replies(
                channel=channel, ts=thread_ts, **said
            )
        else:
            pages = self._client.conversations_history(
                channel=channel, oldest=oldest, **said
            )
        for number, page in enumerate(pages):
            for post in page.get("messages") or ():
                payload = (post.get("metadata") or {}).get("event_payload") or {}
                if payload.get("key") == message.key:
                    return Sent(channel, str(post["ts"]))
            if number >= MAX_PAGES:
                break
        return None


def _raise(error: SlackApiError) -> NoReturn:
    """Raise what Slack's refusal means to delivery."""
    status, headers, name = _status(error), _headers(error), _name(error)
    if status == HTTPStatus.TOO_MANY_REQUESTS or name in {
        "ratelimited",
        "rate_limited",
    }:
        raise Busy(timedelta(seconds=_seconds(headers))) from error
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or name in BROKEN or not name:
        raise Unclear(name or f"http_{status}") from error
    if name in NOT_THE_MESSAGES_FAULT:
        raise NotNow(name) from error
    raise Refused(name) from error


def _seconds(headers: dict[str, str]) -> float:
    said = headers.get("retry-after", "")
    return max(float(said), 1.0) if said.replace(".", "", 1).isdigit() else 1.0


def _status(error: SlackApiError) -> int:
    """Return the HTTP status; the SDK keeps an answer it could not read as a dict."""
    response: Any = error.response
    if isinstance(response, dict):
        return int(response.get("status") or 0)
    return int(response.status_code)


def _headers(error: SlackApiError) -> dict[str, str]:
    response: Any = error.response
    given = response if isinstance(response, dict) else {"headers": response.headers}
    headers = given.get("headers") or {}
    return {str(name).lower(): str(value) for name, value in headers.items()}


def _name(error: SlackApiError) -> str:
    """Return Slack's name for what is wrong; empty where it gave none."""
    response: Any = error.response
    data = {} if isinstance(response, dict) else response.data
    return str(data.get("error") or "") if isinstance(data, dict) else ""
