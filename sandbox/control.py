"""The control API, `/_sandbox/…`: act as anyone, wait, read back, set faults.

Every request and answer is a JSON object; `docs/sandbox.md` shows each by example.
People and conversations are named by id or by name.
"""

import asyncio
import base64
import binascii
import json
from collections.abc import Awaitable, Callable
from math import isfinite, nan
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import conversations, finding
from sandbox.faults import Fault
from sandbox.message_shape import message_json
from sandbox.model import App, Channel, Json, Message, View
from sandbox.reading import read_json
from sandbox.refusal import Refused
from sandbox.views import view_json
from sandbox.world import Change

if TYPE_CHECKING:
    from sandbox.server import Workspace

LONGEST_WAIT = 60.0
MOST_MESSAGES = 1_000
_NUMBER = int | float
_RULES: Json = {
    "ack_seconds": _NUMBER,
    "trigger_seconds": _NUMBER,
    "one_message_a_second": bool,
}
_FAULT: Json = {
    "kind": str,
    "method": str,
    "channel": str,
    "times": int | None,
    "chance": _NUMBER,
    "seconds": _NUMBER,
    "status": int,
}
"""What rules and faults are made of."""
LONGEST_MOVE = 366 * 24 * 3600.0


def control_routes(workspace: "Workspace") -> list[Route]:
    """Return the routes of the control API."""
    control = _Control(workspace)

    async def handle(request: Request) -> Response:
        try:
            body = await _body(request)
            verb = request.path_params["verb"]
            said = await _verb(verb)(control, body)
        except Refused as refused:
            return JSONResponse(refused.answer(), 400)
        except (TypeError, ValueError, AttributeError) as error:
            wrong = Refused("invalid_arguments", str(error))
            return JSONResponse(wrong.answer(), 400)
        return JSONResponse({"ok": True} | said)

    path = "/_sandbox/{verb}"
    return [Route(path, handle, methods=["GET", "POST"])]


def _verb(name: str) -> "Verb":
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


class _Control:
    """What the verbs do."""

    def __init__(self, workspace: "Workspace") -> None:
        self.space = workspace
        self.world, self.act = workspace.world, workspace.actions

    # What people do

    async def say(self, body: Json) -> Json:
        """Post a message; `thread_ts` replies in a thread."""
        message = await self.act.say(
            self._user(body),
            self._channel(body).id,
            _text(body, "text"),
            body.get("thread_ts"),
        )
        return {"message": message_json(self.world, message)}

    async def edit(self, body: Json) -> Json:
        """Change one's own message."""
        where = self._channel(body).id, _text(body, "ts")
        message = await self.act.edit(self._user(body), *where, _text(body, "text"))
        return {"message": message_json(self.world, message)}

    async def delete(self, body: Json) -> Json:
        """Delete one's own message, or dismiss one only visible to oneself."""
        where = self._channel(body).id, _text(body, "ts")
        await self.act.delete(self._user(body), *where)
        return {}

    async def react(self, body: Json) -> Json:
        """Add a reaction; with `remove`, take it away."""
        do = self.act.unreact if body.get("remove") else self.act.react
        where = self._channel(body).id, _text(body, "ts")
        await do(self._user(body), *where, _text(body, "name"))
        return {}

    async def command(self, body: Json) -> Json:
        """Type a slash command."""
        outcome = await self.act.command(
            self._user(body), self._channel(body).id, _text(body, "text")
        )
        return {"outcome": outcome.as_json()}

    async def shortcut(self, body: Json) -> Json:
        """Use a shortcut; with `channel` and `ts`, on that message."""
        channel = self._channel(body).id if body.get("channel") else None
        outcome = await self.act.shortcut(
            self._user(body), _text(body, "callback_id"), channel, body.get("ts")
        )
        return {"outcome": outcome.as_json()}

    async def click(self, body: Json) -> Json:
        """Press the button, or use the control, that is called `name`."""
        user, control = self._user(body), self._control(body)
        value = finding.chosen(self.world, control.element, body.get("value"))
        outcome = await self.act.block_action(
            user,
            control.container,
            control.block["block_id"],
            control.element["action_id"],
            value,
        )
        return {"outcome": outcome.as_json()}

    async def type(self, body: Json) -> Json:
        """Type into an external select; returns the options that the app offers."""
        user, control = self._user(body), self._control(body)
        outcome = await self.act.options(
            user,
            control.container,
            control.block["block_id"],
            control.element["action_id"],
            _text(body, "value"),
        )
        return {"outcome": outcome.as_json()}

    async def fill(self, body: Json) -> Json:
        """Fill in fields of the modal on top, by label or block id."""
        view = self._modal(body)
        await self.act.set_state(view.user, view.id, self._values(view, body))
        return {"view": view_json(self.world, view)}

    async def submit(self, body: Json) -> Json:
        """Submit the modal on top, its fields filled in first."""
        view = self._modal(body)
        values = self._values(view, body)
        outcome = await self.act.submit_view(view.user, view.id, values)
        return {"outcome": outcome.as_json()}

    async def close(self, body: Json) -> Json:
        """Close the modal on top; with `clear`, the whole stack."""
        view, clear = self._modal(body), bool(body.get("clear"))
        outcome = await self.act.close_view(view.user, view.id, clear=clear)
        return {"outcome": outcome.as_json()}

    async def home(self, body: Json) -> Json:
        """Open an app's Home (`tab`: home or messages)."""
        app, user = self._app(body), self._user(body)
        channel = await self.act.open_home(user, app.id, body.get("tab", "home"))
        return {"channel": channel.id}

    async def dm(self, body: Json) -> Json:
        """Open the direct message with a person or an app (`with`)."""
        name = _text(body, "with")
        app = self._app_called(name)
        other = app.id if app else self._named(name)
        channel = await self.act.open_dm(self._user(body), other)
        return {"channel": channel.id}

    async def upload(self, body: Json) -> Json:
        """Share a file: `name`, and `content` as text or `base64`.

        Without `channel` it is shared with nobody, for a form's field.
        """
        try:
            coded = base64.b64decode(str(body.get("base64", "")), validate=True)
        except (binascii.Error, ValueError) as error:
            raise Refused("invalid_arguments", "base64 is not base64") from error
        content = str(body.get("content", "")).encode() or coded
        who, name = self._user(body), _text(body, "name")
        if not body.get("channel"):
            return {"file": (await self.act.keep(who, name, content)).id}
        where, text = self._channel(body).id, str(body.get("text", ""))
        return {"file": (await self.act.upload(who, where, name, content, text)).id}

    async def assistant(self, body: Json) -> Json:
        """Open a thread of an app's assistant pane."""
        app, user = self._app(body), self._user(body)
        return await self.act.start_assistant(user, app.id, body.get("context"))

    async def join(self, body: Json) -> Json:
        """Join a channel; with `leave`, leave it."""
        do = self.act.leave if body.get("leave") else self.act.join
        await do(self._user(body), self._channel(body).id)
        return {}

    async def invite(self, body: Json) -> Json:
        """Bring `others` into a channel; an app by its name."""
        others = [self._named(str(name)) for name in body.get("others", [])]
        channel = await self.act.invite(
            self._user(body), self._channel(body).id, others
        )
        return {"members": channel.members}

    async def archive(self, body: Json) -> Json:
        """Archive a channel."""
        conversations.archive(self.world, self._channel(body), self._user(body))
        return {}

    # What is there

    async def workspace(self, _: Json) -> Json:
        """Return people, conversations and apps, with the apps' secrets."""
        return {
            "url": self.world.url,
            "users": [{"id": u.id, "name": u.name} for u in self.world.users.values()],
            "channels": [
                {"id": c.id, "name": c.name, "kind": c.kind, "members": c.members}
                for c in self.world.channels.values()
            ],
            "apps": [self._app_json(app) for app in self.world.apps.values()],
        }

    async def messages(self, body: Json) -> Json:
        """Return what a person sees in a conversation or a thread, oldest first."""
        channel, user = self._channel(body), self._user(body)
        private = [m for m in channel.private.values() if m.to == user]
        everything = [*channel.messages.values(), *private]
        thread = body.get("thread_ts")
        seen = [
            _seen(self, message)
            for message in sorted(everything, key=lambda m: m.ts)
            if not thread or thread in {message.ts, message.thread_ts}
        ]
        return {"messages": seen[-MOST_MESSAGES:]}

    async def modals(self, body: Json) -> Json:
        """Return a person's open modals, from the bottom to the top."""
        stack = self.world.stack(self._user(body))
        return {"views": [view_json(self.world, view) for view in stack]}

    async def homeview(self, body: Json) -> Json:
        """Return the Home that an app has published to a person."""
        known = self.world.homes.get((self._app(body).id, self._user(body)))
        if known is None:
            raise Refused("view_not_found")
        return {"view": view_json(self.world, self.world.views[known])}

    async def wait(self, body: Json) -> Json:
        """Wait for a change: by `kind`, `channel`, `user`, and what it `contains`.

        Only changes after number `after` count; returns the change, and its number.
        """
        seconds = min(_number(body, "seconds", 10), LONGEST_WAIT)
        channel = self._channel(body).id if body.get("channel") else ""
        user = self._user(body) if body.get("user") else ""
        wanted = _Wanted(body, channel, user)
        try:
            change = await asyncio.wait_for(self._next(wanted), seconds)
        except TimeoutError as error:
            raise Refused(
                "timeout", f"nothing like {body} within {seconds} s"
            ) from error
        return {
            "number": change.number,
            "kind": change.kind,
            "channel": change.channel,
            "user": change.user,
            "data": change.data,
        }

    async def _next(self, wanted: "Callable[[Change], bool]") -> Change:
        for change in tuple(self.world.changes):
            if wanted(change):
                return change
        found: asyncio.Future[Change] = asyncio.get_running_loop().create_future()

        def heard(change: Change) -> None:
            if wanted(change) and not found.done():
                found.set_result(change)

        stop = self.world.listen(heard)
        try:
            return await found
        finally:
            stop()

    async def now(self, _: Json) -> Json:
        """Return the latest change's number, to wait for later ones, and the time."""
        changes = self.world.changes
        number = changes[-1].number if changes else 0
        return {"number": number, "time": self.world.now()}

    async def traffic(self, body: Json) -> Json:
        """Return every call and payload after number `after`, both ways."""
        after = _number(body, "after", 0)
        entries = [e for e in self.space.traffic.entries if e["number"] > after]
        return {"entries": entries}

    # What goes wrong

    async def fault(self, body: Json) -> Json:
        """Set a fault; without `kind`, list those that stand."""
        if "kind" in body:
            unknown = body.keys() - _FAULT.keys()
            if unknown:
                raise Refused("invalid_arguments", f"a fault has no {sorted(unknown)}")
            self.space.faults.add(Fault(**_typed(body, _FAULT)))
        return {"faults": [f.as_json() for f in self.space.faults.standing]}

    async def calm(self, _: Json) -> Json:
        """Take all faults away."""
        self.space.faults.clear()
        return {}

    async def seed(self, body: Json) -> Json:
        """Make what happens by chance the same again."""
        self.space.faults.seed(int(_number(body, "seed", 0)))
        return {}

    async def rules(self, body: Json) -> Json:
        """Switch ack_seconds, trigger_seconds, one_message_a_second."""
        unknown = body.keys() - _RULES.keys()
        if unknown:
            raise Refused("invalid_arguments", f"no rules {sorted(unknown)}")
        for name, value in _typed(body, _RULES).items():
            setattr(self.world.rules, name, value)
        return {name: getattr(self.world.rules, name) for name in sorted(_RULES)}

    async def disconnect(self, body: Json) -> Json:
        """End an app's sockets; with `politely`, after asking it to connect anew."""
        ended = await self.space.delivery.sockets.disconnect(
            self._app(body).id, politely=bool(body.get("politely"))
        )
        return {"ended": ended}

    async def clock(self, body: Json) -> Json:
        """Move the clock ahead by `seconds`."""
        seconds = _number(body, "seconds", 0)
        if not 0 <= seconds <= LONGEST_MOVE:
            raise Refused("invalid_arguments", "a clock moves ahead, a year at most")
        self.world.clock.move(seconds)
        return {"time": self.world.now()}

    async def reset(self, _: Json) -> Json:
        """Return to the workspace as it was at first, without what was said."""
        self.space.reset()
        return {}

    def _app_json(self, app: App) -> Json:
        return {
            "id": app.id,
            "name": app.name,
            "bot_user": app.bot_user,
            "bot_token": app.bot_token,
            "app_token": app.app_token,
            "signing_secret": app.signing_secret,
            "connections": self.space.delivery.sockets.connected(app.id),
        }

    # Who and what is meant

    def _user(self, body: Json) -> str:
        user = self.world.user_named(_text(body, "user"))
        if user is None:
            raise Refused("user_not_found", f"nobody is called {body['user']!r}")
        return user.id

    def _named(self, name: str) -> str:
        app, user = self._app_called(name), self.world.user_named(name)
        if app is None and user is None:
            raise Refused("user_not_found", f"nobody is called {name!r}")
        return app.bot_user if app else user.id if user else ""

    def _channel(self, body: Json) -> Channel:
        name = _text(body, "channel")
        channel = self.world.channel_named(name)
        if channel is None:
            raise Refused("channel_not_found", f"no channel is called {name!r}")
        return channel

    def _app_called(self, name: str) -> App | None:
        known = self.world.apps.values()
        return next((a for a in known if name in {a.id, a.name, a.bot_user}), None)

    def _app(self, body: Json) -> App:
        """Return the app named; the only one, where none is."""
        name = str(body.get("app") or "")
        apps = list(self.world.apps.values())
        app = self._app_called(name) if name else (apps[0] if apps else None)
        if app is None:
            raise Refused("app_not_found", f"no app is called {name!r}")
        return app

    def _modal(self, body: Json) -> View:
        stack = self.world.stack(self._user(body))
        if not stack:
            raise Refused("view_not_found", "no modal is open")
        return stack[-1]

    def _control(self, body: Json) -> finding.Control:
        """Return the control called `name`: of a message, a Home, or what is newest."""
        user, name = self._user(body), _text(body, "name")
        if body.get("home"):
            known = self.world.homes.get((self._app(body).id, user))
            if known is None:
                raise Refused("view_not_found", "no Home is published")
            return finding.find([self.world.views[known]], name)
        channel = self._channel(body).id if body.get("channel") else ""
        if body.get("ts"):
            message = self.world.message(channel, str(body["ts"]))
            if message is None:
                raise Refused("message_not_found")
            return finding.find([message], name)
        return finding.find(finding.latest_first(self.world, user, channel), name)

    def _values(self, view: View, body: Json) -> Json:
        """Return `body`'s fields, named by label or block id, as Slack's state."""
        values: Json = {}
        for name, value in (body.get("fields") or {}).items():
            control = finding.find([view], name)
            said = finding.chosen(self.world, control.element, value)
            mine = values.setdefault(control.block["block_id"], {})
            mine[control.element["action_id"]] = said
        return values


class _Wanted:
    """Whether a change is the one waited for."""

    def __init__(self, body: Json, channel: str, user: str) -> None:
        self._kind = str(body.get("kind") or "")
        self._after = _number(body, "after", 0)
        self._contains = str(body.get("contains") or "")
        self._channel, self._user = channel, user

    def __call__(self, change: Change) -> bool:
        if change.number <= self._after or change.kind == "traffic" != self._kind:
            return False
        if self._kind and change.kind != self._kind:
            return False
        if self._channel and change.channel != self._channel:
            return False
        if self._user and change.user != self._user:
            return False
        if not self._contains:
            return True
        return self._contains in json.dumps(
            change.data, ensure_ascii=False, default=str
        )


def _seen(control: _Control, message: Message) -> Json:
    shown = message_json(control.world, message)
    return shown | {"ephemeral": bool(message.to), "channel": message.channel}


def _text(body: Json, name: str) -> str:
    value: Any = body.get(name)
    if not isinstance(value, str) or not value:
        raise Refused("invalid_arguments", f"{name} is missing, or is no text")
    return value


def _number(body: Json, name: str, default: float) -> float:
    """Return a finite number, given as one or as text."""
    value: Any = body.get(name)
    if value is None or value == "":
        return default
    number = float(str(value)) if isinstance(value, _NUMBER | str) else nan
    if not isfinite(number):
        raise Refused("invalid_arguments", f"{name} is no number: {value!r}")
    return number


def _typed(body: Json, kinds: Json) -> Json:
    """Return `body` if each of its values is of its kind."""
    for name, value in body.items():
        kind = kinds[name]
        fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if not fits or (isinstance(value, _NUMBER) and not isfinite(value)):
            raise Refused("invalid_arguments", f"{name} cannot be {value!r}")
    return body


Verb = Callable[[_Control, Json], Awaitable[Json]]
VERBS: dict[str, Verb] = {
    name: method for name, method in vars(_Control).items() if not name.startswith("_")
}
"""What can be asked of the control API, by name."""
