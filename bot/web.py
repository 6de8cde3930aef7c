"""The web server: Slack's signed requests, `/healthz` and `/metrics`."""

import socket as sockets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http import HTTPStatus
from threading import Lock
from time import time

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from slack_bolt.adapter.starlette.handler import (
    to_bolt_request,
    to_starlette_response,
)
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.desk import STOP_SECONDS, Desk
from bot.terminal import CannotGoOn
from storage.database import DatabaseFailed
from storage.migrate import pending

REPLAY_SECONDS = 300
"""How long Slack's signatures hold; later they are stale."""

LARGEST_REQUEST = 1_000_000
"""Bytes; Slack sends far less."""


class Replays:
    """Remembers the signatures that were used while they hold."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._until: dict[str, float] = {}
        self._lock = Lock()

    def is_first(self, signature: str, now: float) -> bool:
        """Return whether `signature` comes for the first time; remember it."""
        with self._lock:
            while self._until and next(iter(self._until.values())) < now:
                del self._until[next(iter(self._until))]
            if signature in self._until:
                return False
            # A clock ahead of ours may sign for later, by as much again.
            self._until[signature] = now + 2 * REPLAY_SECONDS
            return True


class Door:
    """Lets a signed request in, once."""

    def __init__(self, desk: Desk, signing_secret: str) -> None:
        """Answer by `desk` what `signing_secret` signed."""
        self._desk = desk
        self._verifier = SignatureVerifier(signing_secret)
        self._replays = Replays()

    async def __call__(self, request: Request) -> Response:
        """Return the desk's answer; 401 to the unsigned, stale and replayed."""
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_REQUEST:
                return self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not self._is_signed(request, body):
            return self._refuse(HTTPStatus.UNAUTHORIZED)
        asked = to_bolt_request(request, body)
        metrics, app = self._desk.metrics, self._desk.app
        answer = await run_in_threadpool(metrics.dispatch, app, asked)
        return to_starlette_response(answer)

    def _is_signed(self, request: Request, body: bytes) -> bool:
        stamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not (stamp.isascii() and stamp.isdecimal() and signature.isascii()):
            return False
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return False
        if not self._verifier.is_valid(text, stamp, signature):
            return False
        return self._replays.is_first(signature, time())

    def _refuse(self, status: HTTPStatus) -> Response:
        self._desk.metrics.refuse("refused")
        return JSONResponse({"error": status.phrase}, status)


def create_web(desk: Desk, signing_secret: str | None) -> Starlette:
    """Return the server around `desk`, which it starts and stops.

    Without a secret it takes no requests of Slack's: they come by Socket Mode.
    """
    routes = [
        Route("/healthz", _health(desk)),
        Route("/metrics", _metrics(desk)),
    ]
    if signing_secret:
        door = Door(desk, signing_secret)

        async def enter(request: Request) -> Response:
            return await door(request)

        routes.append(Route("/slack/events", enter, methods=["POST"]))
    return Starlette(routes=routes, lifespan=_lifespan(desk))


def listen(host: str, port: int) -> sockets.socket:
    """Return a socket bound to `port`, so that a busy one is said at once.

    Raises:
        CannotGoOn: another program listens there, or we may not.

    """
    family = sockets.AF_INET6 if ":" in host else sockets.AF_INET
    # The protocol is named, or asyncio leaves Nagle on: 40 ms an answer.
    bound = sockets.socket(family, sockets.SOCK_STREAM, sockets.IPPROTO_TCP)
    bound.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise CannotGoOn(
            f"Port {port} on {host} cannot be used: {error.strerror}. "
            "Another program may listen there; set PORT to a free one."
        ) from error
    return bound


def serve(web: Starlette, bound: sockets.socket) -> None:
    """Serve until SIGTERM or Ctrl-C; return when all in hand is finished."""
    config = uvicorn.Config(
        web,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[bound])


def _lifespan(
    desk: Desk,
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await run_in_threadpool(desk.start)
        try:
            yield
        finally:
            await run_in_threadpool(desk.stop)

    return lifespan


def _health(desk: Desk) -> Callable[[Request], Response]:
    def health(_: Request) -> Response:
        troubles = desk.troubles
        try:
            if pending(desk.services.database.engine):
                troubles.append("migrations")
        except DatabaseFailed:
            troubles.append("database")
        status = HTTPStatus.SERVICE_UNAVAILABLE if troubles else HTTPStatus.OK
        return JSONResponse({"ok": not troubles, "troubles": troubles}, status)

    return health


def _metrics(desk: Desk) -> Callable[[Request], Response]:
    def metrics(_: Request) -> Response:
        return Response(desk.metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return metrics
