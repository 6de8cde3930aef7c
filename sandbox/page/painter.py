"""What one person sees, as HTML: messages, views, the list of conversations."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from sandbox.blocks.dates import Reader, written
from sandbox.blocks.draw import Drawing, draw, draw_attachments, draw_options
from sandbox.blocks.emojis import by_name
from sandbox.blocks.limits import Surface
from sandbox.blocks.mrkdwn import Names, draw_mrkdwn
from sandbox.model import App, Channel, File, Json, Message, View
from sandbox.page.words import Words
from sandbox.world import World

_ENVIRONMENT = Environment(
    loader=ChoiceLoader(
        [PackageLoader("sandbox.page"), PackageLoader("sandbox.blocks")]
    ),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["json"] = lambda value: json.dumps(
    value, ensure_ascii=False, indent=1, default=str
)


@dataclass(frozen=True)
class Unread:
    """How many messages a person has not read; `mine` are direct or call them."""

    messages: int = 0
    mine: int = 0


PAGE = 60
"""Messages drawn at once; older ones come as the person scrolls up."""


@dataclass(frozen=True)
class Painter:
    """Draws the workspace for `me`, in their language."""

    world: World
    me: str
    words: Words

    @property
    def names(self) -> Names:
        """Return how ids read in this person's eyes."""
        user = self.world.users[self.me]
        now = datetime.fromtimestamp(self.world.now(), UTC)
        return Names(
            self.person,
            self.place_name,
            Reader(self.words.locale, ZoneInfo(user.tz), now),
            self.me,
        )

    def person(self, identity: str) -> str:
        """Return a person's shown name, or ""."""
        user = self.world.users.get(identity)
        return user.shown_name if user else ""

    def place_name(self, identity: str) -> str:
        """Return a channel's name, or ""."""
        channel = self.world.channels.get(identity)
        return channel.name if channel else ""

    def title(self, channel: Channel) -> str:
        """Return what heads a conversation: its name, or whom it is with."""
        if channel.kind == "im":
            return self.person(channel.other(self.me))
        return channel.name

    def text(self, text: str) -> Markup:
        """Return a message's bare text as HTML."""
        return draw_mrkdwn(text, self.names)

    def time(self, ts: str) -> str:
        """Return the hour a message was written at."""
        return written(int(float(ts)), "{time}", self.names.reader)

    def day(self, ts: str) -> str:
        """Return the day a message was written on."""
        return written(int(float(ts)), "{day_divider_pretty}", self.names.reader)

    def emoji(self, name: str) -> str:
        """Return a reaction as an emoji, or by name where there is none."""
        return by_name(name) or f":{name}:"

    def drawing(
        self, surface: Surface, place: str, values: Json, errors: Json
    ) -> Drawing:
        """Return what the drawing of blocks needs to know."""
        return Drawing(
            self.names,
            surface,
            place,
            values=values,
            errors=errors,
            file=self.file_path,
        )

    def file_path(self, name: str) -> str:
        """Return where the page gets a file, by its id or its URL."""
        for file in self.world.files.values():
            if name == file.id or f"-{file.id}/" in name:
                return self.download(file)
        return ""

    def download(self, file: File) -> str:
        """Return where this person gets a file."""
        place = f"/files-pri/{self.world.team.id}-{file.id}"
        return f"{place}/{quote(file.name, safe='')}?as={self.me}"

    def message(self, message: Message, *, in_thread: bool = False) -> Markup:
        """Return a message, its blocks, files, reactions and thread."""
        channel = self.world.channels[message.channel]
        place = f"m{message.ts.replace('.', '-')}{'t' if in_thread else ''}"
        drawing = self.drawing("message", place, message.values, {})
        user = self.world.users.get(message.user)
        files = [self.world.files[f] for f in message.files if f in self.world.files]
        return self._render(
            "message.html",
            message=message,
            author=message.username or self.person(message.user) or message.user,
            user=user,
            app=self.world.apps.get(message.app_id),
            blocks=draw(message.blocks, drawing) if message.blocks else "",
            attachments=draw_attachments(message.attachments, drawing)
            if message.attachments
            else "",
            files=files,
            replies=channel.replies(message.ts),
            in_thread=in_thread,
        )

    def conversation(
        self, channel: Channel, before: str = "", read: str | None = None
    ) -> tuple[Markup, bool]:
        """Return the latest messages (before `before`), and whether there are older.

        A line stands before the first of others that is later than `read`.
        """
        private = [m for m in channel.private.values() if m.to == self.me]
        roots = [
            m
            for m in (*channel.messages.values(), *private)
            if (not m.thread_ts or m.thread_ts == m.ts or m.broadcast or m.to)
            and (not before or m.ts < before)
            and m.subtype != "assistant_app_thread"
        ]
        shown = sorted(roots, key=lambda m: m.ts)[-PAGE:]
        fresh = [
            m.ts
            for m in shown
            if read is not None and m.ts > read and not m.to and m.user != self.me
        ]
        parts, day = [], ""
        for message in shown:
            today = self.day(message.ts)
            if today != day:
                parts.append(self._render("day.html", day=today, new=""))
                day = today
            if fresh and message.ts == fresh[0]:
                new = self.words("New")
                parts.append(self._render("day.html", day="", new=new))
            parts.append(self.message(message))
        return Markup().join(parts), len(roots) > len(shown)

    def thread(self, channel: Channel, ts: str) -> Markup:
        """Return a thread: its first message and all replies."""
        root = channel.messages.get(ts)
        private = [
            m for m in channel.private.values() if m.to == self.me and m.thread_ts == ts
        ]
        replies = sorted([*channel.replies(ts), *private], key=lambda m: m.ts)
        shown = [root] if root and root.subtype != "assistant_app_thread" else []
        return Markup().join(
            self.message(message, in_thread=True) for message in (*shown, *replies)
        )

    def sidebar(self, current: str) -> Markup:
        """Return the list of conversations, people and apps."""
        mine = [c for c in self.world.channels.values() if self.knows(c)]
        unread = {c.id: self.unread(c) for c in mine}
        return self._render(
            "sidebar.html",
            current=current,
            channels=[c for c in mine if not c.is_direct],
            people=[
                u
                for u in self.world.users.values()
                if not u.bot_id and not u.deleted and u.id != self.me
            ],
            apps=list(self.world.apps.values()),
            direct={
                c.other(self.me): c
                for c in mine
                if c.kind == "im" and self.me in c.members
            },
            groups=[c for c in mine if c.kind == "mpim"],
            unread=unread,
        )

    def knows(self, channel: Channel) -> bool:
        """Return whether the person may know that the channel exists."""
        guest = self.world.users[self.me]
        restricted = guest.is_restricted or guest.is_ultra_restricted
        return self.me in channel.members or (
            channel.kind == "channel" and not restricted
        )

    def unread(self, channel: Channel) -> Unread:
        """Return how much of others the person has not read."""
        if self.me not in channel.members:
            return Unread()
        found = list(self._since(channel, channel.read.get(self.me, "")))
        told = channel.is_direct
        mine = sum(told or self._calls_me(message.text) for message in found)
        return Unread(len(found), mine)

    def _since(self, channel: Channel, read: str) -> Iterator[Message]:
        """Yield the others' messages after `read`, the newest first."""
        for message in reversed(channel.messages.values()):
            if message.ts <= read:
                return
            silent = message.thread_ts and not message.broadcast
            if message.user != self.me and not silent:
                yield message

    def _calls_me(self, text: str) -> bool:
        called = (f"<@{self.me}", "<!channel", "<!here", "<!everyone")
        return any(name in text for name in called)

    def is_there(self, app: App) -> bool:
        """Return whether the app can be asked: connected, or at a URL of its own."""
        return bool(app.request_url or app.connections)

    def stack(self) -> list[Json]:
        """Return the modals that stand over the page, the lowest first."""
        views = self.world.stack(self.me)
        return [{"id": view.id, "html": self.view(view)} for view in views]

    def view(self, view: View, errors: Json | None = None) -> Markup:
        """Return a modal as a form, or a Home's blocks."""
        drawing = self.drawing(
            "modal" if view.kind == "modal" else "home",
            f"v{view.id}",
            view.values,
            errors or {},
        )
        return self._render(
            "view.html",
            view=view,
            body=view.body,
            d=drawing,
            app=self.world.apps[view.app_id],
            blocks=draw(view.body["blocks"], drawing),
        )

    def options(self, answer: Json) -> Markup:
        """Return an app's options, for the list below an external select."""
        return draw_options(answer, self.drawing("message", "o", {}, {}))

    def entry(self, entry: Json) -> Markup:
        """Return an entry of the inspector."""
        return self._render("entry.html", entry=entry)

    def shell(self, theme: str) -> Markup:
        """Return the page around everything."""
        return self._render("page.html", theme=theme)

    def _render(self, template: str, **given: object) -> Markup:
        html = _ENVIRONMENT.get_template(template).render(
            p=self, w=self.words, world=self.world, me=self.me, **given
        )
        return Markup(html)  # noqa: S704 - the template escapes by itself
