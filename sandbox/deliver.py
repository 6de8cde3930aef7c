"""Requests to an app, over its socket or to its URL, and what it acknowledges."""

import json
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from sandbox.events import Events
from sandbox.faults import Faults
from sandbox.http_out import TIMEOUT, UNREACHABLE, HttpOut
from sandbox.model import App, Json
from sandbox.sockets import Sockets
from sandbox.traffic import Traffic
from sandbox.world import World

UNVERIFIED = "url_not_verified"
ANSWERED = frozenset({"view_submission", "block_suggestion"})
"""Interactions whose acknowledgement may carry an answer."""


@dataclass
class Ack:
    """How an app acknowledged; without `ok` it did not, and `error` names why."""

    ok: bool = True
    error: str = ""
    body: Json = field(default_factory=dict)
    status: int = 200
    no_retry: bool = False
    """The app asked not to be sent this again."""


class Delivery:
    """Brings payloads to apps."""

    def __init__(self, world: World, faults: Faults, traffic: Traffic) -> None:
        """Deliver what happens in `world`, with `faults`, written to `traffic`."""
        self._world = world
        self._faults = faults
        self._traffic = traffic
        self.sockets = Sockets(world)
        self.http = HttpOut()
        self._known_urls: set[str] = set()
        self.events = Events(world, faults, self.ask)

    async def ask(
        self, app: App, kind: str, payload: Json, retry: Json | None = None
    ) -> Ack:
        """Send a payload and wait for its ack, as long as Slack does.

        `kind` is the socket envelope's: slash_commands, interactive, events_api.
        """
        name = name_of(kind, payload)
        await self._strike(app, name, payload)
        started = perf_counter()
        if app.request_url and kind == "events_api" and not await self._verified(app):
            return Ack(ok=False, error=UNVERIFIED, status=0)
        if app.request_url:
            ack = await self._by_http(app, kind, payload, retry or {})
        else:
            ack = await self._by_socket(app, kind, payload, retry or {})
        self._traffic.record(
            "out",
            "http" if app.request_url else "socket",
            name,
            app=app.id,
            request=payload,
            response=ack.body if ack.ok else {"error": ack.error},
            status=ack.status,
            seconds=perf_counter() - started,
        )
        return ack

    async def _verified(self, app: App) -> bool:
        """Return whether the app's URL has echoed our challenge; ask it at first."""
        if app.request_url in self._known_urls:
            return True
        started = perf_counter()
        echoed = await self.http.verify(
            app, self._world.now(), self._world.rules.ack_seconds
        )
        self._traffic.record(
            "out",
            "http",
            "url_verification",
            app=app.id,
            request={"type": "url_verification"},
            response={} if echoed else {"error": UNVERIFIED},
            status=200 if echoed else 0,
            seconds=perf_counter() - started,
        )
        if echoed:
            self._known_urls.add(app.request_url)
        return echoed

    async def _strike(self, app: App, name: str, payload: Json) -> None:
        if self._faults.strike({"expire_trigger"}, name):
            trigger = self._world.triggers.get(payload.get("trigger_id", ""))
            if trigger is not None:
                trigger.issued = 0.0
        if self._faults.strike({"drop_socket"}, name):
            await self.sockets.disconnect(app.id, politely=False)

    async def _by_socket(self, app: App, kind: str, payload: Json, retry: Json) -> Ack:
        accepts = kind == "slash_commands" or payload.get("type") in ANSWERED
        extra: Json = {"accepts_response_payload": accepts}
        if kind == "events_api":
            extra["retry_attempt"] = retry.get("attempt", 0)
            extra["retry_reason"] = retry.get("reason", "")
        seconds = self._world.rules.ack_seconds
        if not self.sockets.connected(app.id) and kind != "events_api":
            dropped = self._faults.standing
            if not any(f.kind == "drop_socket" for f in dropped):
                return Ack(ok=False, error=UNREACHABLE, status=0)
        try:
            said = await self.sockets.send(app, kind, payload, seconds, **extra)
        except TimeoutError:
            return Ack(ok=False, error=TIMEOUT, status=0)
        return Ack(body=_body(said))

    async def _by_http(self, app: App, kind: str, payload: Json, retry: Json) -> Ack:
        status, headers, text = await self.http.send(
            app,
            kind,
            payload,
            now=self._world.now(),
            seconds=self._world.rules.ack_seconds,
            retry=retry,
        )
        no_retry = headers.get("x-slack-no-retry") == "1"
        if not status:
            return Ack(ok=False, error=text, status=0)
        if not 200 <= status < 300:
            error = f"http_{status}"
            return Ack(ok=False, error=error, status=status, no_retry=no_retry)
        return Ack(body=_body(text), status=status, no_retry=no_retry)


def name_of(kind: str, payload: Json) -> str:
    """Return what the inspector and faults call a payload."""
    if kind == "slash_commands":
        return str(payload["command"])
    if kind == "events_api":
        return str(payload["event"]["type"])
    return str(payload["type"])


def _body(said: Any) -> Json:
    """Return the ack's body as an object; bare text is a message's text."""
    if isinstance(said, str):
        text = said.strip()
        try:
            said = json.loads(text) if text else {}
        except ValueError:
            said = text
    if isinstance(said, dict):
        return said
    return {"text": said} if isinstance(said, str) and said else {}
