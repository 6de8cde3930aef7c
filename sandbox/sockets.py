"""Socket Mode: each envelope to one of an app's connections, until one acks it."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.ids import new_id, new_secret
from sandbox.model import App, Json
from sandbox.world import World

MAX_CONNECTIONS = 10
REFRESH_SECONDS = 4 * 3600.0
GRACE_SECONDS = 10.0
"""Between the word that a connection is to be refreshed and its end."""


@dataclass(eq=False)
class Connection:
    """One of an app's WebSockets."""

    id: str
    app_id: str
    websocket: WebSocket
    leaving: bool = False
    """Told to go; it gets nothing new."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, message: Json) -> bool:
        """Send `message`; return whether the connection still stood."""
        try:
            async with self.lock:
                await self.websocket.send_text(json.dumps(message))
        except (WebSocketDisconnect, RuntimeError, OSError):
            return False
        return True


@dataclass(eq=False)
class Envelope:
    """A payload on its way, until it is acknowledged."""

    app_id: str
    message: Json
    acked: "asyncio.Future[Any]"
    carrier: Connection | None = None


class Sockets:
    """All apps' connections, and the envelopes in flight."""

    def __init__(self, world: World) -> None:
        """Start with none."""
        self._world = world
        self._tickets: dict[str, str] = {}
        self._connections: dict[str, list[Connection]] = {}
        self._flying: dict[str, Envelope] = {}
        self._turn = count()

    def ticket(self, app: App) -> str:
        """Return a one-time path at which `app` may connect."""
        ticket = new_secret()
        self._tickets[ticket] = app.id
        return f"/link/?ticket={ticket}&app_id={app.id}"

    def connected(self, app_id: str) -> int:
        """Return how many connections the app has."""
        return len(self._connections.get(app_id, ()))

    async def serve(self, websocket: WebSocket) -> None:
        """Serve a connection until it ends."""
        app_id = self._tickets.pop(websocket.query_params.get("ticket", ""), None)
        await websocket.accept()
        if app_id is None or app_id not in self._world.apps:
            await websocket.close(1008)
            return
        connection = Connection(new_id("N"), app_id, websocket)
        others = self._connections.setdefault(app_id, [])
        if len(others) >= MAX_CONNECTIONS:
            await connection.send(_disconnect("too_many_websockets"))
            await websocket.close()
            return
        others.append(connection)
        self._count(app_id)
        await connection.send(_hello(app_id, len(others)))
        self._refresh_later(connection)
        try:
            await self._listen(connection)
        finally:
            await self._lost(connection)

    def _count(self, app_id: str) -> None:
        """Note how many connections the app has, and tell of it."""
        app = self._world.apps[app_id]
        was, app.connections = app.connections, self.connected(app_id)
        if bool(was) != bool(app.connections):
            told = {"app": app_id, "connections": app.connections}
            self._world.changed("app", "", "", told)

    def _refresh_later(self, connection: Connection) -> None:
        async def refresh() -> None:
            await self._retire(connection)

        self._world.clock.at(self._world.now() + REFRESH_SECONDS, refresh)

    async def _listen(self, connection: Connection) -> None:
        await self._resend(connection.app_id)
        while True:
            try:
                said = json.loads(await connection.websocket.receive_text())
            except (WebSocketDisconnect, RuntimeError):
                return
            except ValueError:
                continue
            self._take_ack(connection, said)

    def _take_ack(self, connection: Connection, said: Any) -> None:
        if not isinstance(said, dict):
            return
        envelope = self._flying.get(str(said.get("envelope_id")))
        if envelope is None or envelope.app_id != connection.app_id:
            return
        if not envelope.acked.done():
            envelope.acked.set_result(said.get("payload"))

    async def _lost(self, connection: Connection) -> None:
        """Forget a connection; what it had not acked goes to another."""
        connection.leaving = True
        with suppress(ValueError):
            self._connections[connection.app_id].remove(connection)
        self._count(connection.app_id)
        for envelope in self._flying.values():
            if envelope.carrier is connection:
                envelope.carrier = None
        await self._resend(connection.app_id)

    async def _resend(self, app_id: str) -> None:
        for envelope in tuple(self._flying.values()):
            waits = envelope.carrier is None and not envelope.acked.done()
            if waits and envelope.app_id == app_id:
                await self._carry(envelope)

    async def _carry(self, envelope: Envelope) -> None:
        """Send the envelope over one connection; it waits where there is none."""
        while True:
            free = [
                connection
                for connection in self._connections.get(envelope.app_id, ())
                if not connection.leaving
            ]
            if not free:
                return
            connection = free[next(self._turn) % len(free)]
            envelope.carrier = connection
            if await connection.send(envelope.message):
                return
            envelope.carrier = None
            connection.leaving = True

    async def send(
        self, app: App, kind: str, payload: Json, seconds: float, **extra: Any
    ) -> Any:
        """Send a payload; return the ack's own. `TimeoutError`: it was not acked."""
        identity = str(uuid4())
        message = {
            "envelope_id": identity,
            "type": kind,
            "payload": payload,
            **extra,
        }
        loop = asyncio.get_running_loop()
        envelope = Envelope(app.id, message, loop.create_future())
        self._flying[identity] = envelope
        try:
            await self._carry(envelope)
            return await asyncio.wait_for(envelope.acked, seconds)
        finally:
            del self._flying[identity]

    async def disconnect(self, app_id: str, *, politely: bool) -> int:
        """End the app's connections, with warning or without; return how many."""
        connections = tuple(self._connections.get(app_id, ()))
        for connection in connections:
            if politely:
                await self._retire(connection)
            else:
                connection.leaving = True
                await self._close(connection)
        return len(connections)

    async def _retire(self, connection: Connection) -> None:
        """Ask the app to connect anew; hang up a little later."""
        if connection.leaving:
            return
        connection.leaving = True
        await connection.send(_disconnect("refresh_requested"))

        async def hang_up() -> None:
            await self._close(connection)

        self._world.clock.at(self._world.now() + GRACE_SECONDS, hang_up)

    async def _close(self, connection: Connection) -> None:
        with suppress(WebSocketDisconnect, RuntimeError, OSError):
            await connection.websocket.close()


def _hello(app_id: str, number: int) -> Json:
    return {
        "type": "hello",
        "num_connections": number,
        "debug_info": {
            "host": "applink-sandbox",
            "build_number": 1,
            "approximate_connection_time": int(REFRESH_SECONDS),
        },
        "connection_info": {"app_id": app_id},
    }


def _disconnect(reason: str) -> Json:
    return {
        "type": "disconnect",
        "reason": reason,
        "debug_info": {"host": "applink-sandbox"},
    }
