"""What the world tells a tab: each change that its person may see, drawn anew."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from sandbox.model import Channel, Message
from sandbox.page.painter import Painter
from sandbox.world import Change, World

SIDEBAR_SECONDS = 0.05


@dataclass
class Looking:
    """What a tab has open."""

    channel: str = ""
    thread: str = ""
    inspects: bool = False


class Send(Protocol):
    """What sends something to the tab."""

    def __call__(self, kind: str, **data: Any) -> None:
        """Send `data`, and of what kind it is."""


class News:
    """Listens to the world for one tab."""

    def __init__(
        self,
        world: World,
        painter: Painter,
        looking: Looking,
        send: Send,
        spawn: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        """Draw for the painter's person; `spawn` runs what happens a little later."""
        self._world, self._p, self._at = world, painter, looking
        self._send, self._spawn = send, spawn
        self._me = painter.me
        self._draws_sidebar = False
        views = ("view_opened", "view_updated", "view_pushed", "view_closed")
        self._tell: dict[str, Callable[[Change], None]] = {
            "message": self._said,
            "message_changed": self._changed,
            "message_deleted": self._deleted,
            "ephemeral": self._private,
            "ephemeral_replaced": self._private_replaced,
            "reaction": self._reacted,
            "home_published": self._views,
            "typing_status": self._pane,
            "prompts": self._pane,
            "title": self._pane,
            "read": self._mine_read,
            "traffic": self._traffic,
            "error": self._error,
            "app": self._people,
            "channel": self._people,
            "member": self._people,
            "user": self._people,
            "reset": self._reset,
            **dict.fromkeys(views, self._views),
        }

    def __call__(self, change: Change) -> None:
        """Tell the tab of a change, if it concerns what its person may see."""
        tell = self._tell.get(change.kind)
        if tell is not None:
            tell(change)

    def _said(self, change: Change) -> None:
        channel = self._world.channels[change.channel]
        message = found(channel, change.data["message"]["ts"])
        if message is None or not self._may_see(channel):
            return
        self._show("message", channel, message)
        self._sidebar()

    def _changed(self, change: Change) -> None:
        channel = self._world.channels[change.channel]
        message = found(channel, change.data["message"]["ts"])
        if message is not None and self._may_see(channel):
            self._show("changed", channel, message)

    def _private(self, change: Change) -> None:
        if change.user != self._me:
            return
        channel = self._world.channels[change.channel]
        message = found(channel, change.data["message"]["ts"])
        if message is not None:
            self._show("message", channel, message)

    def _private_replaced(self, change: Change) -> None:
        if change.user != self._me:
            return
        channel, ts = self._world.channels[change.channel], change.data["ts"]
        message = found(channel, ts)
        if message is None:
            self._send("gone", channel=channel.id, ts=ts)
        else:
            self._show("changed", channel, message)

    def _deleted(self, change: Change) -> None:
        channel, ts = self._world.channels[change.channel], change.data["ts"]
        if not self._may_see(channel):
            return
        left = channel.messages.get(ts)
        if left is not None:
            self._show("changed", channel, left)
            return
        self._send("gone", channel=channel.id, ts=ts)
        root = channel.messages.get(
            change.data["previous_message"].get("thread_ts", "")
        )
        if root is not None:
            self._show("changed", channel, root)

    def _reacted(self, change: Change) -> None:
        channel = self._world.channels[change.channel]
        message = found(channel, change.data["ts"])
        if message is not None and self._may_see(channel):
            self._show("changed", channel, message)

    def _show(self, kind: str, channel: Channel, message: Message) -> None:
        root = message.thread_ts if message.thread_ts != message.ts else ""
        in_channel = not root or message.broadcast or bool(message.to)
        told = {
            "channel": channel.id,
            "ts": message.ts,
            "thread_ts": message.thread_ts,
            "html": self._p.message(message) if in_channel else "",
        }
        if self._at.thread in {message.ts, root} and self._at.thread:
            told["thread_html"] = self._p.message(message, in_thread=True)
        self._send(kind, **told)
        first = channel.messages.get(root) if root else None
        if first is not None and kind == "message":
            html = self._p.message(first)
            self._send("changed", channel=channel.id, ts=root, thread_ts="", html=html)

    def _may_see(self, channel: Channel) -> bool:
        return self._me in channel.members or (
            channel.kind == "channel" and channel.id == self._at.channel
        )

    def _views(self, change: Change) -> None:
        if change.user != self._me:
            return
        if change.kind == "home_published":
            view = self._world.views[change.data["view"]["id"]]
            self._send("home", app=view.app_id, html=self._p.view(view))
            return
        self._send("stack", views=self._p.stack(), how=change.kind)

    def _error(self, change: Change) -> None:
        if change.user == self._me:
            self._send("error", text=change.data["text"])

    def _pane(self, change: Change) -> None:
        if self._may_see(self._world.channels[change.channel]):
            self._send(change.kind, channel=change.channel, **change.data)

    def _traffic(self, change: Change) -> None:
        if self._at.inspects:
            self._send("traffic", html=self._p.entry(change.data))

    def _people(self, _: Change) -> None:
        self._sidebar()

    def _mine_read(self, change: Change) -> None:
        if change.user == self._me:
            self._sidebar()

    def _sidebar(self) -> None:
        """Draw the list on the left anew, once for all that happens meanwhile."""
        if not self._draws_sidebar:
            self._draws_sidebar = True
            self._spawn(self._draw_sidebar())

    async def _draw_sidebar(self) -> None:
        await asyncio.sleep(SIDEBAR_SECONDS)
        self._draws_sidebar = False
        self._send("sidebar", html=self._p.sidebar(self._at.channel))

    def _reset(self, _: Change) -> None:
        self._send("reset")


def found(channel: Channel, ts: str) -> Message | None:
    """Return a message of a channel, one that only its reader sees too."""
    return channel.messages.get(ts) or channel.private.get(ts)
