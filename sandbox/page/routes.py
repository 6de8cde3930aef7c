"""The page's addresses: the shell, its files, its WebSocket, uploads."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from sandbox.act import Actions
from sandbox.config import Hint
from sandbox.files import MAX_BYTES
from sandbox.page.painter import Painter
from sandbox.page.tab import Tab
from sandbox.page.words import words_for
from sandbox.refusal import Refused
from sandbox.world import World

STATIC = Path(__file__).parent / "static"
THEMES = {"light", "dark"}
_POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data:; connect-src 'self'; form-action 'none';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""Nothing from elsewhere, and no script but our own files."""


def page_routes(world: World, actions: Actions, hints: list[Hint]) -> list[BaseRoute]:
    """Return the page's routes; `hints` are shown where nothing was said yet."""

    async def shell(request: Request) -> Response:
        painter = _painter(world, request)
        if painter is None:
            return HTMLResponse("This workspace has no people.", 404, _POLICY)
        theme = request.query_params.get("theme", "")
        html = painter.shell(theme if theme in THEMES else "")
        return HTMLResponse(html, headers=_POLICY)

    async def live(websocket: WebSocket) -> None:
        painter = _painter(world, websocket)
        if painter is None or not _is_ours(websocket):
            await websocket.close(1008)
            return
        await Tab(world, actions, painter, hints, websocket).serve()

    async def upload(request: Request) -> Response:
        painter = _painter(world, request)
        if painter is None or not _is_ours(request):
            return JSONResponse({"ok": False, "error": "user_not_found"}, 400)
        return await _share(actions, painter.me, request)

    return [
        Route("/", shell),
        Mount("/static", StaticFiles(directory=STATIC)),
        WebSocketRoute("/_page/live", live),
        Route("/_page/upload", upload, methods=["POST"]),
    ]


async def _share(actions: Actions, user: str, request: Request) -> Response:
    async with request.form() as form:
        file, channel = form.get("file"), str(form.get("channel") or "")
        if file is None or isinstance(file, str):
            return JSONResponse({"ok": False, "error": "invalid_arguments"}, 400)
        content = await file.read(MAX_BYTES + 1)
        text, thread = str(form.get("text") or ""), str(form.get("thread_ts") or "")
        name = file.filename or "file"
    if len(content) > MAX_BYTES:
        error = {"ok": False, "error": "file_upload_size_restricted"}
        return JSONResponse(error, 413)
    try:
        if not channel:
            shared = await actions.keep(user, name, content)
        else:
            shared = await actions.upload(
                user, channel, name, content, text, thread_ts=thread or None
            )
    except Refused as refused:
        return JSONResponse(refused.answer(), 400)
    return JSONResponse({"ok": True, "file": {"id": shared.id, "name": shared.name}})


def _painter(world: World, request: Request | WebSocket) -> Painter | None:
    """Return who sees the page, and in which language: `?as=ann&lang=zh`."""
    asked = request.query_params.get("as", "")
    user = world.user_named(asked) if asked else None
    if user is None or user.bot_id:
        user = next((u for u in world.users.values() if not u.bot_id), None)
    if user is None:
        return None
    return Painter(
        world, user.id, words_for(request.query_params.get("lang") or user.locale)
    )


def _is_ours(request: Request | WebSocket) -> bool:
    """Return whether our own page asks: another site must not act here for anyone."""
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")
