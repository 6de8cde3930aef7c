"""One browser tab: what its person does goes to `Actions`; `News` is what they see."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.act import Actions
from sandbox.blocks.emojis import search
from sandbox.config import Hint
from sandbox.model import Channel, Json
from sandbox.outcome import Outcome
from sandbox.page.known import Wanted, known_conversations
from sandbox.page.news import Looking, News, found
from sandbox.page.painter import Painter
from sandbox.reading import read_json
from sandbox.refusal import Refused
from sandbox.typed import as_typed
from sandbox.world import World

LATEST_TRAFFIC = 100
LONGEST_LIST = 50


class Tab:
    """Serves a tab's WebSocket until it closes."""

    def __init__(
        self,
        world: World,
        actions: Actions,
        painter: Painter,
        hints: list[Hint],
        websocket: WebSocket,
    ) -> None:
        """Act as the painter's person."""
        self._world, self._act, self._p = world, actions, painter
        self._hints, self._socket = hints, websocket
        self._me = painter.me
        self._at = Looking()
        self._out: asyncio.Queue[Json] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._news = News(world, painter, self._at, self._send, self._spawn)

    async def serve(self) -> None:
        """Listen to the tab and to the world at once."""
        await self._socket.accept()
        stop = self._world.listen(self._news)
        sender = asyncio.create_task(self._send_all())
        self._send("hello", **self._hello())
        try:
            while True:
                asked = read_json(await self._socket.receive_text())
                if isinstance(asked, dict):
                    self._spawn(self._answer(asked))
        except (WebSocketDisconnect, RuntimeError, ValueError):
            pass
        finally:
            stop()
            for task in (sender, *self._tasks):
                task.cancel()

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send_all(self) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                await self._socket.send_json(await self._out.get())

    def _send(self, kind: str, **data: Any) -> None:
        self._out.put_nowait({"kind": kind, **data})

    def _hello(self) -> Json:
        world = self._world
        return {
            "me": self._me,
            "people": [
                {"id": u.id, "name": u.name, "shown": u.shown_name}
                for u in world.users.values()
            ],
            "channels": [
                {"id": c.id, "name": c.name, "private": c.kind == "group"}
                for c in world.channels.values()
                if not c.is_direct and self._p.knows(c)
            ],
            "apps": [
                {
                    "id": app.id,
                    "name": app.name,
                    "bot": app.bot_user,
                    "commands": app.commands,
                    "shortcuts": app.shortcuts,
                    "home": app.has_home,
                    "assistant": app.is_assistant,
                }
                for app in world.apps.values()
            ],
            "words": self._p.words.all(),
            "hints": [{"text": h.text, "channel": h.channel} for h in self._hints],
            "first": next(
                (c.id for c in world.channels.values() if self._me in c.members), ""
            ),
            "sidebar": self._p.sidebar(""),
            "stack": self._p.stack(),
        }

    async def _answer(self, asked: Json) -> None:
        """Do what the tab asks, and answer by the number of its question."""
        try:
            said = await self._verb(str(asked.get("do")))(asked)
        except Refused as refused:
            text = ": ".join([refused.error, *refused.messages])
            said = {"ok": False, "error": refused.error, "text": text}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            said = {"ok": False, "error": "invalid_arguments", "text": str(error)}
        self._send("answer", id=asked.get("id"), **said)

    def _verb(self, name: str) -> Callable[[Json], Awaitable[Json]]:
        verb: Callable[[Json], Awaitable[Json]] | None = getattr(
            self, f"on_{name}", None
        )
        if verb is None:
            raise Refused("unknown_verb", name)
        return verb

    async def on_open(self, asked: Json) -> Json:
        """Open a conversation: a channel, a person, an app."""
        channel = await self._wanted(asked)
        self._at.channel = channel.id
        app = self._app_of(channel)
        if app is not None and asked.get("tab", "home") == "home" and app.has_home:
            await self._act.open_home(self._me, app.id)
        elif app is not None:
            await self._act.open_home(self._me, app.id, "messages")
        member = self._me in channel.members
        read = channel.read.get(self._me, "") if member else None
        html, older = self._p.conversation(channel, read=read)
        await self._read(channel)
        known = self._world.homes.get((app.id, self._me)) if app else None
        return {
            "channel": channel.id,
            "title": self._p.title(channel),
            "topic": channel.topic,
            "direct": channel.is_direct,
            "member": member,
            "archived": channel.is_archived,
            "app": app.id if app else "",
            "sidebar": self._p.sidebar(channel.id),
            "home": self._p.view(self._world.views[known]) if known else "",
            "html": html,
            "older": older,
            "empty": not channel.messages,
        }

    async def _wanted(self, asked: Json) -> Channel:
        if asked.get("person") or asked.get("app"):
            return await self._act.open_dm(
                self._me, asked.get("person") or asked["app"]
            )
        channel = self._world.channels.get(str(asked.get("channel")))
        if channel is None:
            raise Refused("channel_not_found")
        return channel

    def _app_of(self, channel: Channel) -> Any:
        if channel.kind != "im":
            return None
        return self._world.app_by(bot_user=channel.other(self._me))

    async def _read(self, channel: Channel) -> None:
        if channel.messages and self._me in channel.members:
            await self._act.mark_read(
                self._me, channel.id, next(reversed(channel.messages))
            )

    async def on_read(self, asked: Json) -> Json:
        """Mark a conversation read."""
        await self._read(self._world.channels[asked["channel"]])
        return {}

    async def on_older(self, asked: Json) -> Json:
        """Return the messages before the oldest that is shown."""
        channel = self._world.channels[asked["channel"]]
        html, older = self._p.conversation(channel, asked["before"])
        return {"html": html, "older": older}

    async def on_say(self, asked: Json) -> Json:
        """Post what was typed, or run it if it is a command."""
        text, thread = asked["text"], asked.get("thread_ts")
        if text.startswith("/"):
            if thread:
                command = text.split()[0]
                raise Refused(f"{command} is not supported in threads. Sorry!")
            outcome = await self._act.command(self._me, asked["channel"], text)
            return _of(outcome)
        await self._act.say(
            self._me,
            asked["channel"],
            text,
            thread,
            broadcast=bool(asked.get("broadcast")),
        )
        return {"ok": True}

    async def on_typed(self, asked: Json) -> Json:
        """Return a message's text as its writer typed it, to be edited."""
        message = found(self._world.channels[asked["channel"]], asked["ts"])
        return {"text": as_typed(self._world, message.text) if message else ""}

    async def on_edit(self, asked: Json) -> Json:
        """Change the person's own message."""
        await self._act.edit(self._me, asked["channel"], asked["ts"], asked["text"])
        return {"ok": True}

    async def on_delete(self, asked: Json) -> Json:
        """Delete the person's own message, or dismiss a private one."""
        await self._act.delete(self._me, asked["channel"], asked["ts"])
        return {"ok": True}

    async def on_react(self, asked: Json) -> Json:
        """Add a reaction, or take it away."""
        do = self._act.unreact if asked.get("remove") else self._act.react
        await do(self._me, asked["channel"], asked["ts"], asked["name"])
        return {"ok": True}

    async def on_join(self, asked: Json) -> Json:
        """Join a channel and open it."""
        await self._act.join(self._me, asked["channel"])
        return await self.on_open(asked)

    async def on_action(self, asked: Json) -> Json:
        """Use an element of a message, a modal or a Home."""
        outcome = await self._act.block_action(
            self._me,
            asked["container"],
            asked["block_id"],
            asked["action_id"],
            asked.get("value"),
            state=asked.get("state"),
        )
        return _of(outcome)

    async def on_options(self, asked: Json) -> Json:
        """Ask an app for the options that fit what was typed."""
        outcome = await self._act.options(
            self._me,
            asked["container"],
            asked["block_id"],
            asked["action_id"],
            asked["value"],
        )
        return _of(outcome) | {"html": self._p.options(outcome.body)}

    async def on_conversations(self, asked: Json) -> Json:
        """Return the conversations that fit what was typed into a select."""
        wanted, text = Wanted.of(asked.get("filter")), asked["text"].casefold()
        found = known_conversations(self._p, wanted)
        fit = [one for one in found if text in one["label"].casefold()]
        return {"found": fit[:LONGEST_LIST]}

    async def on_submit(self, asked: Json) -> Json:
        """Submit the modal on top."""
        outcome = await self._act.submit_view(self._me, asked["view"], asked["values"])
        return _of(outcome) | {"errors": outcome.errors}

    async def on_close(self, asked: Json) -> Json:
        """Close the modal on top, or all of them."""
        clear = bool(asked.get("clear"))
        await self._act.close_view(self._me, asked["view"], clear=clear)
        return {"ok": True}

    async def on_shortcut(self, asked: Json) -> Json:
        """Use a shortcut."""
        outcome = await self._act.shortcut(
            self._me, asked["callback_id"], asked.get("channel"), asked.get("ts")
        )
        return _of(outcome)

    async def on_open_thread(self, asked: Json) -> Json:
        """Open a thread beside the conversation."""
        channel = self._world.channels[asked["channel"]]
        self._at.thread = asked["ts"]
        pane = channel.assistants.get(asked["ts"])
        return {
            "html": self._p.thread(channel, asked["ts"]),
            "status": pane.status if pane else "",
            "prompts": pane.prompts if pane else [],
            "title": pane.title if pane else "",
        }

    async def on_assistant(self, asked: Json) -> Json:
        """Open a new thread of an app's assistant."""
        return await self._act.start_assistant(
            self._me, asked["app"], asked.get("context")
        )

    async def on_inspect(self, asked: Json) -> Json:
        """Show the traffic, from now on, or no longer."""
        self._at.inspects = bool(asked.get("on"))
        traffic = [c.data for c in self._world.changes if c.kind == "traffic"]
        latest = traffic[-LATEST_TRAFFIC:] if self._at.inspects else []
        return {"entries": [self._p.entry(entry) for entry in latest]}

    async def on_emoji(self, asked: Json) -> Json:
        """Return the emoji whose names have the text in them."""
        return {"emoji": search(str(asked.get("text", "")))}


def _of(outcome: Outcome) -> Json:
    return {"ok": outcome.ok, "error": outcome.error, "text": outcome.text}
