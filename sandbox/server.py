"""The server that apps take for Slack and people open in a browser."""

import asyncio
import hashlib
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from sandbox import replies, snapshot
from sandbox.act import Actions
from sandbox.api.call import parsed
from sandbox.config import Config, build_world
from sandbox.connections import Connections
from sandbox.control import control_routes
from sandbox.deliver import Delivery
from sandbox.faults import Faults
from sandbox.files import MAX_BYTES
from sandbox.http_out import LOOPBACK
from sandbox.model import File, Json
from sandbox.page.routes import page_routes
from sandbox.refusal import Refused
from sandbox.traffic import Traffic
from sandbox.web_api import WebApi
from sandbox.world import World

_AVATAR = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72">'
    '<rect width="72" height="72" rx="12" fill="#{color}"/>'
    '<text x="36" y="48" font-family="sans-serif" font-size="34" fill="#fff"'
    ' text-anchor="middle">{letter}</text></svg>'
)
_SAFE = {"Content-Security-Policy": "default-src 'none'; sandbox"}
"""A file or picture of somebody's does nothing in the browser that opens it."""


class PortBusy(Exception):
    """Another program has the port; the text says so plainly."""


@dataclass
class Workspace:
    """The parts of a running workspace."""

    config: Config
    world: World
    faults: Faults
    traffic: Traffic
    delivery: Delivery
    actions: Actions
    connections: Connections
    kept_in: Path | None = None
    """The file that keeps the workspace between runs, if one does."""

    @classmethod
    def of(cls, config: Config, kept_in: Path | None = None) -> "Workspace":
        """Return a workspace as `config` has it, or as `kept_in` remembers it."""
        world = build_world(config)
        if kept_in is not None:
            snapshot.read(world, kept_in)
        faults = Faults()
        traffic = Traffic(world)
        delivery = Delivery(world, faults, traffic)
        actions = Actions(world, delivery)
        parts = (world, faults, traffic, delivery, actions, Connections())
        return cls(config, *parts, kept_in)

    def reset(self) -> None:
        """Return to the workspace as it was at first; apps stay connected."""
        self.faults.clear()
        self.world.become(build_world(self.config))


def create_app(workspace: Workspace) -> Starlette:
    """Return the ASGI app of a workspace: Web API, Socket Mode, page, control."""
    api = WebApi(
        workspace.world,
        workspace.delivery,
        workspace.faults,
        workspace.traffic,
        workspace.connections,
    )
    http = _Http(workspace)
    routes = [
        Route("/api/{method}", api.answer, methods=["GET", "POST"]),
        WebSocketRoute("/link/", workspace.delivery.sockets.serve),
        Route("/actions/{team}/{reply}", http.reply, methods=["POST"]),
        Route("/upload/v1/{file}", http.upload, methods=["POST", "PUT"]),
        Route("/files-pri/{place}/{rest:path}", http.download),
        Route("/avatar/{who}", http.avatar),
        *control_routes(workspace),
        *page_routes(workspace.world, workspace.actions, workspace.config.hints),
    ]

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        stop_listening = workspace.delivery.events.listen()
        work: list[Callable[[], Coroutine[Any, Any, None]]] = [
            workspace.world.clock.run
        ]
        if workspace.kept_in is not None:
            work.append(snapshot.keeper(workspace.world, workspace.kept_in))
        tasks = [asyncio.create_task(each()) for each in work]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        stop_listening()
        await workspace.delivery.events.stop()
        await workspace.delivery.http.aclose()

    return Starlette(routes=routes, lifespan=running)


@dataclass
class _Http:
    """What is neither Web API nor page: answers, files, pictures."""

    workspace: Workspace

    async def reply(self, request: Request) -> Response:
        """Take what an app sends to a `response_url`."""
        world, traffic = self.workspace.world, self.workspace.traffic
        text = (await request.body()).decode("utf-8", "replace")
        status, said = 200, {"ok": True}
        body: Any = {}
        app = ""
        try:
            body = _object(text)
            url = replies.use(world, request.path_params["reply"])
            app = url.app_id
            replies.answer(world, url, body)
        except Refused as refused:
            gone = refused.error in {"expired_url", "used_url"}
            status, said = (404 if gone else 400), refused.answer()
        traffic.record(
            "in",
            "response_url",
            "response_url",
            app=app,
            request=body,
            response=said,
            status=status,
        )
        if status == 200:
            return PlainTextResponse("ok")
        return JSONResponse(said, status)

    async def upload(self, request: Request) -> Response:
        """Take a file's bytes, bare or as a form's only file."""
        file = self.workspace.world.files.get(request.path_params["file"])
        if file is None or file.is_complete:
            return PlainTextResponse("file_not_found", 404)
        content = await _bytes_of(request)
        if len(content) > MAX_BYTES:
            return PlainTextResponse("file_upload_size_restricted", 413)
        file.content = content
        return PlainTextResponse(f"OK - {len(content)}")

    async def download(self, request: Request) -> Response:
        """Give a file to a bot that may read it, or to the page's users."""
        world = self.workspace.world
        file = world.files.get(request.path_params["place"].partition("-")[2])
        if file is None or not file.is_complete or not self._may_read(request, file):
            return PlainTextResponse("file_not_found", 404)
        # Never shown by the browser itself: a file may be a page with a script.
        name = quote(file.name, safe="")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(file.content, headers=headers | _SAFE, media_type=file.mimetype)

    def _may_read(self, request: Request, file: File) -> bool:
        world = self.workspace.world
        token = request.headers.get("authorization", "").partition(" ")[2].strip()
        reader = request.query_params.get("as", "")
        if token:
            app = world.app_by(bot_token=token)
            if app is None or "files:read" not in app.scopes:
                return False
            reader = app.bot_user
            if app.id in file.given_to:
                return True
        if reader not in world.users:
            return False
        places = [world.channels[c] for c in file.shares if c in world.channels]
        return file.user == reader or any(
            reader in p.members or (p.kind == "channel" and not token) for p in places
        )

    async def avatar(self, request: Request) -> Response:
        """Draw a person's picture: their initial on a colour of their own."""
        who = request.path_params["who"]
        user = self.workspace.world.users.get(who)
        letter = (user.shown_name if user else who)[:1].upper()
        shade = hashlib.sha256(who.encode()).hexdigest()
        color = "".join(f"{int(shade[n : n + 2], 16) // 2 + 30:02x}" for n in (0, 2, 4))
        safe = letter if letter.isalnum() else "?"
        drawn = _AVATAR.format(color=color, letter=safe)
        return Response(drawn, media_type="image/svg+xml", headers=_SAFE)


def _object(text: str) -> Json:
    said = parsed(text, "invalid_payload")
    if not isinstance(said, dict):
        raise Refused("invalid_payload")
    return said


async def _bytes_of(request: Request) -> bytes:
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return await request.body()
    async with request.form() as form:
        for value in form.values():
            if not isinstance(value, str):
                return await value.read()
    return b""


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one.

    Raises:
        PortBusy: another program has it.

    """
    # The protocol is named, or asyncio leaves Nagle on: 40 ms an answer.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise PortBusy(
            f"Port {port} of {host} is not free ({error.strerror}). Stop what uses it,"
            " or choose another: PORT=3001."
        ) from error
    return listening


def server_of(workspace: Workspace, listening: socket.socket) -> uvicorn.Server:
    """Return the server of a workspace; `run(sockets=[…])` serves until told."""
    host, port = listening.getsockname()[:2]
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared only
    workspace.world.url = f"http://{shown}:{port}"
    config = uvicorn.Config(
        create_app(workspace),
        http=workspace.connections.protocol(),
        ws="websockets-sansio",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach a server on `host`."""
    return host in LOOPBACK
