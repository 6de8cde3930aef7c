"""The Web API over HTTP: who calls what, with what, and what Slack would answer."""

import asyncio
import inspect
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.api import METHODS
from sandbox.api.call import Call, Method, parsed
from sandbox.connections import Connections
from sandbox.deliver import Delivery
from sandbox.faults import Fault, Faults
from sandbox.model import App, Json
from sandbox.posting import TooFast
from sandbox.refusal import Refused
from sandbox.traffic import Traffic
from sandbox.world import World

BEFORE = {"rate_limit", "error_before", "cut_before"}
AFTER = {"error_after", "cut_after"}
_BEARER = "bearer "


@dataclass
class WebApi:
    """Answers `/api/<method>`."""

    world: World
    delivery: Delivery
    faults: Faults
    traffic: Traffic
    connections: Connections

    async def answer(self, request: Request) -> Response:
        """Answer a call, with the faults that are set."""
        name = request.path_params["method"]
        began = perf_counter()
        app: App | None = None
        arguments: Json = {}
        fault: Fault | None = None
        try:
            arguments = await _arguments(request)
            app = self._caller(name, request, arguments)
            fault = self.faults.strike(BEFORE, name, _channel(arguments))
            body = {} if fault else {"ok": True} | await self._run(name, app, arguments)
            fault = fault or self.faults.strike(AFTER, name, _channel(arguments))
        except TooFast as refused:
            fault = Fault("rate_limit", seconds=refused.seconds)
            body = refused.answer()
        except Refused as refused:
            body = refused.answer()
        slow = self.faults.strike({"slow"}, name, _channel(arguments))
        if slow:
            await asyncio.sleep(slow.seconds)
        answer = self._response(request, body, fault)
        if app is not None:
            answer.headers["X-OAuth-Scopes"] = ",".join(sorted(app.scopes))
        self.traffic.record(
            "in",
            "api",
            name,
            app=app.id if app else "",
            request=arguments,
            response=body if fault is None else {"fault": fault.kind, **body},
            status=answer.status_code,
            seconds=perf_counter() - began,
        )
        return answer

    async def _run(self, name: str, app: App | None, arguments: Json) -> Json:
        if name == "api.test":
            return _echo(arguments)
        assert app is not None  # noqa: S101 - `_caller` has refused all others
        call = Call(self.world, self.delivery.sockets, app, arguments)
        call.need(*METHODS[name].scopes)
        said = METHODS[name].run(call)
        return await said if inspect.isawaitable(said) else said

    def _caller(self, name: str, request: Request, arguments: Json) -> App | None:
        """Return the app that the token speaks for; None for what needs no token."""
        if name == "api.test":
            return None
        method = METHODS.get(name)
        if method is None:
            raise Refused("unknown_method", req_method=name)
        return self._known(method, _token(request, arguments))

    def _known(self, method: Method, token: str) -> App:
        if not token:
            raise Refused("not_authed")
        by_bot = self.world.app_by(bot_token=token)
        by_app = self.world.app_by(app_token=token)
        wants_app = method.token == "app"  # noqa: S105 - a kind of token
        app = by_app if wants_app else by_bot
        if app is None and (by_bot or by_app):
            raise Refused("not_allowed_token_type")
        if app is None:
            raise Refused("invalid_auth")
        return app

    def _response(self, request: Request, body: Json, fault: Fault | None) -> Response:
        if fault is None:
            return JSONResponse(body)
        if fault.kind == "rate_limit":
            wait = {"Retry-After": str(max(int(fault.seconds), 1))}
            return JSONResponse({"ok": False, "error": "ratelimited"}, 429, wait)
        if fault.kind in {"cut_before", "cut_after"}:
            self.connections.cut(request)
            return Response(status_code=499)
        return JSONResponse({"ok": False, "error": "internal_error"}, fault.status)


async def _arguments(request: Request) -> Json:
    """Return the call's arguments: of the address, a form, or JSON."""
    given: Json = dict(request.query_params)
    if request.method == "GET":
        return given
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        text = (await request.body()).decode("utf-8", "replace")
        said = parsed(text, "invalid_json") if text.strip() else {}
        if not isinstance(said, dict):
            raise Refused("json_not_object")
        return given | said
    if kind in {"application/x-www-form-urlencoded", "multipart/form-data", ""}:
        async with request.form() as form:
            return given | {
                name: value
                for name, value in form.items()
                if not isinstance(value, UploadFile)
            }
    raise Refused("invalid_post_type")


def _token(request: Request, arguments: Json) -> str:
    header = request.headers.get("authorization", "")
    if header.lower().startswith(_BEARER):
        return header[len(_BEARER) :].strip()
    return str(arguments.pop("token", "") or "")


def _channel(arguments: Json) -> str:
    return str(arguments.get("channel") or arguments.get("channel_id") or "")


def _echo(arguments: Json) -> Json:
    """Return what `api.test` says: what it was asked, or the error asked for."""
    shown: Any = {k: v for k, v in arguments.items() if k != "token"}
    if arguments.get("error"):
        raise Refused(str(arguments["error"]), args=shown)
    return {"args": shown}
