"""Verbs that tell what is there, or wait for what comes."""

import asyncio
import json
from collections.abc import Callable

from sandbox.control.fields import number
from sandbox.control.meant import Meant
from sandbox.message_shape import message_json
from sandbox.model import App, Json, Message
from sandbox.refusal import Refused
from sandbox.views import view_json
from sandbox.world import Change

LONGEST_WAIT = 60.0
MOST_MESSAGES = 1_000


class Reading(Meant):
    """Read the workspace back."""

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
        channel, user = self.channel(body), self.user(body)
        private = [m for m in channel.private.values() if m.to == user]
        everything = [*channel.messages.values(), *private]
        thread = body.get("thread_ts")
        seen = [
            self._seen(message)
            for message in sorted(everything, key=lambda m: m.ts)
            if not thread or thread in {message.ts, message.thread_ts}
        ]
        return {"messages": seen[-MOST_MESSAGES:]}

    async def modals(self, body: Json) -> Json:
        """Return a person's open modals, from the bottom to the top."""
        stack = self.world.stack(self.user(body))
        return {"views": [view_json(self.world, view) for view in stack]}

    async def homeview(self, body: Json) -> Json:
        """Return the Home that an app has published to a person."""
        known = self.world.homes.get((self.app(body).id, self.user(body)))
        if known is None:
            raise Refused("view_not_found")
        return {"view": view_json(self.world, self.world.views[known])}

    async def wait(self, body: Json) -> Json:
        """Wait for a change: by `kind`, `channel`, `user`, and what it `contains`.

        Only changes after number `after` count; returns the change, and its number.
        """
        seconds = min(number(body, "seconds", 10), LONGEST_WAIT)
        channel = self.channel(body).id if body.get("channel") else ""
        user = self.user(body) if body.get("user") else ""
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

    async def _next(self, wanted: Callable[[Change], bool]) -> Change:
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
        after = number(body, "after", 0)
        entries = [e for e in self.space.traffic.entries if e["number"] > after]
        return {"entries": entries}

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

    def _seen(self, message: Message) -> Json:
        shown = message_json(self.world, message)
        return shown | {"ephemeral": bool(message.to), "channel": message.channel}


class _Wanted:
    """Whether a change is the one waited for."""

    def __init__(self, body: Json, channel: str, user: str) -> None:
        self._kind = str(body.get("kind") or "")
        self._after = number(body, "after", 0)
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
