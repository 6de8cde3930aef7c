"""The control API, `/_sandbox/…`: act as anyone, wait, read back, set faults.

Every request and answer is a JSON object; `docs/sandbox.md` shows each by example.
People and conversations are named by id or by name.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.control.conditions import Conditions
from sandbox.control.people import People
from sandbox.control.reading import Reading
from sandbox.model import Json
from sandbox.reading import read_json
from sandbox.refusal import Refused

if TYPE_CHECKING:
    from sandbox.server import Workspace

Verb = Callable[[Json], Awaitable[Json]]
GROUPS = (People, Reading, Conditions)
VERBS = {
    name: group for group in GROUPS for name in vars(group) if not name.startswith("_")
}
"""What can be asked of the control API, by name: which group does it."""


def control_routes(workspace: "Workspace") -> list[Route]:
    """Return the routes of the control API."""
    groups = {group: group(workspace) for group in GROUPS}

    async def handle(request: Request) -> Response:
        try:
            body = await _body(request)
            verb = request.path_params["verb"]
            does: Verb = getattr(groups[_group(verb)], verb)
            said = await does(body)
        except Refused as refused:
            return JSONResponse(refused.answer(), 400)
        except (TypeError, ValueError, AttributeError) as error:
            wrong = Refused("invalid_arguments", str(error))
            return JSONResponse(wrong.answer(), 400)
        return JSONResponse({"ok": True} | said)

    path = "/_sandbox/{verb}"
    return [Route(path, handle, methods=["GET", "POST"])]


def _group(name: str) -> type[People | Reading | Conditions]:
    if name not in VERBS:
        known = ", ".join(sorted(VERBS))
        raise Refused("unknown_verb", f"no {name!r}; there are: {known}")
    return VERBS[name]


async def _body(request: Request) -> Json:
    if request.method == "GET":
        return dict(request.query_params)
    text = (await request.body()).decode("utf-8", "replace")
    try:
        body = read_json(text or "{}")
    except ValueError as error:
        raise Refused("invalid_json", str(error)) from error
    if not isinstance(body, dict):
        raise Refused("json_not_object")
    return body
