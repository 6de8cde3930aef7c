"""Signed HTTP requests to an app that listens itself."""

import hashlib
import hmac
import json
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from sandbox.model import App, Json
from sandbox.plain_http import plain_async_client
from sandbox.refusal import Refused

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
TIMEOUT, UNREACHABLE = "operation_timeout", "dispatch_failed"


def check_url(url: str) -> str:
    """Return `url`, an app's, if it is on this machine: we call no other."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        raise Refused("invalid_arguments", f"{url} is not an http URL on loopback")
    return url


def signature(secret: str, timestamp: str, body: str) -> str:
    """Return Slack's `v0=…` signature of a request."""
    basis = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), basis, hashlib.sha256).hexdigest()


def encoded(kind: str, payload: Json) -> tuple[str, str]:
    """Return a request's body and content type: a form, or JSON for events."""
    form = "application/x-www-form-urlencoded"
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    if kind == "slash_commands":
        return urlencode(payload), form
    return urlencode({"payload": json.dumps(payload)}), form


class HttpOut:
    """Calls the apps' request URLs."""

    def __init__(self) -> None:
        """Make the client; no connection is open yet."""
        self._client = plain_async_client()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def send(
        self,
        app: App,
        kind: str,
        payload: Json,
        *,
        now: float,
        seconds: float,
        retry: Json,
    ) -> tuple[int, dict[str, str], str]:
        """Send `payload`; return the answer's status, headers and text.

        Where there is none the status is 0 and the text says why, as Slack names it.
        """
        body, content_type = encoded(kind, payload)
        timestamp = str(int(now))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(app.signing_secret, timestamp, body),
        }
        if retry:
            headers["X-Slack-Retry-Num"] = str(retry["attempt"])
            headers["X-Slack-Retry-Reason"] = retry["reason"]
        try:
            answer = await self._client.post(
                app.request_url, content=body, headers=headers, timeout=seconds
            )
        except httpx.TimeoutException:
            return 0, {}, TIMEOUT
        except httpx.HTTPError:
            return 0, {}, UNREACHABLE
        return answer.status_code, dict(answer.headers), answer.text

    async def verify(self, app: App, now: float, seconds: float) -> bool:
        """Ask the app's URL to echo a challenge, as Slack does before events."""
        challenge = hashlib.sha256(f"{app.id}{now}".encode()).hexdigest()
        payload = {
            "token": app.verification_token,
            "challenge": challenge,
            "type": "url_verification",
        }
        status, _, text = await self.send(
            app, "events_api", payload, now=now, seconds=seconds, retry={}
        )
        return status == HTTPStatus.OK and _echoed(text) == challenge


def _echoed(text: str) -> Any:
    try:
        said = json.loads(text)
    except ValueError:
        return text.strip()
    return said.get("challenge") if isinstance(said, dict) else said
