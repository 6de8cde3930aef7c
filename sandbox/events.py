"""The Events API: what happens reaches the apps, and is sent again if it must be."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

from sandbox.event_types import events_of
from sandbox.faults import Faults
from sandbox.ids import new_id
from sandbox.message_shape import message_json
from sandbox.model import App, Channel, Json
from sandbox.views import view_json
from sandbox.world import Change, World

if TYPE_CHECKING:
    from sandbox.deliver import Ack

Ask = Callable[[App, str, Json, Json | None], Awaitable["Ack"]]

RETRY_AFTER = (1.0, 60.0, 300.0)
"""Seconds before the first, second and third retry."""

_HTTP_REASONS = {"operation_timeout": "http_timeout"}


class Events:
    """Sends each app the events that it subscribed to."""

    def __init__(self, world: World, faults: Faults, ask: Ask) -> None:
        """Send by `ask`, which brings a payload to an app."""
        self._world = world
        self._faults = faults
        self._ask = ask
        self._tasks: set[asyncio.Task[None]] = set()

    def listen(self) -> Callable[[], None]:
        """Start to hear of changes; return what stops that."""
        return self._world.listen(self._heard)

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _heard(self, change: Change) -> None:
        for app in tuple(self._world.apps.values()):
            for event in events_of(self._world, change, app):
                self.send(app, event, change.channel)

    def send(self, app: App, event: Json, channel: str = "") -> str:
        """Send an event, now and until it is acknowledged; return its id."""
        payload = self._payload(app, event, channel)
        name = event["type"]
        if self._faults.strike({"duplicate_event"}, name, channel):
            self._spawn(self._try(app, payload, 0, ""))
        late = self._faults.strike({"late_event"}, name, channel)
        if self._faults.strike({"drop_event"}, name, channel):
            self._retry(app, payload, 0, "operation_timeout")
        elif late:
            self._later(late.seconds, lambda: self._try(app, payload, 0, ""))
        else:
            self._spawn(self._try(app, payload, 0, ""))
        return str(payload["event_id"])

    def _payload(self, app: App, event: Json, channel: str) -> Json:
        place = self._world.channels.get(channel)
        team = self._world.team.id
        return {
            "token": app.verification_token,
            "team_id": team,
            "context_team_id": team,
            "context_enterprise_id": None,
            "api_app_id": app.id,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": int(self._world.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team,
                    "user_id": app.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(place and place.is_ext_shared),
            "event_context": new_id("4-"),
        }

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _later(
        self, seconds: float, work: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        async def start() -> None:
            self._spawn(work())

        self._world.clock.at(self._world.now() + seconds, start)

    async def _try(self, app: App, payload: Json, attempt: int, reason: str) -> None:
        retry = {"attempt": attempt, "reason": reason} if attempt else None
        ack = await self._ask(app, "events_api", payload, retry)
        if not ack.ok and not ack.no_retry:
            self._retry(app, payload, attempt, ack.error)

    def _retry(self, app: App, payload: Json, attempt: int, error: str) -> None:
        if attempt >= len(RETRY_AFTER):
            return
        reason = _reason(app, error)
        self._later(
            RETRY_AFTER[attempt],
            lambda: self._try(app, payload, attempt + 1, reason),
        )

    def home_opened(self, app: App, user: str, channel: Channel, tab: str) -> None:
        """Tell the app that the user opened its Home or Messages tab."""
        if "app_home_opened" not in app.events:
            return
        event: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": channel.id,
            "tab": tab,
            "event_ts": self._world.new_ts(),
        }
        view_id = self._world.homes.get((app.id, user))
        if view_id and tab == "home":
            event["view"] = view_json(self._world, self._world.views[view_id])
        self.send(app, event, channel.id)

    def assistant_started(
        self, app: App, user: str, channel: Channel, thread_ts: str
    ) -> None:
        """Tell the app that the user opened its assistant pane."""
        root = channel.messages[thread_ts]
        told = {"message": message_json(self._world, root)}
        self._world.changed("message", channel.id, root.user, told)
        if "assistant_thread_started" not in app.events:
            return
        thread = {
            "user_id": user,
            "context": channel.assistants[thread_ts].context,
            "channel_id": channel.id,
            "thread_ts": thread_ts,
        }
        event = {"type": "assistant_thread_started", "assistant_thread": thread}
        self.send(app, event | {"event_ts": self._world.new_ts()}, channel.id)


def _reason(app: App, error: str) -> str:
    """Return why an event is sent again, as Slack says it."""
    if not app.request_url:
        return "timeout"
    if error.startswith("http_"):
        return "http_error"
    return _HTTP_REASONS.get(error, "connection_failed")
