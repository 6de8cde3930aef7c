"""The workspace's state, and who is told when it changes."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sandbox.clock import Clock
from sandbox.ids import named_id
from sandbox.model import App, Channel, File, Json, Message, Team, User, View

REMEMBERED = 20_000
"""Changes kept for those who ask later."""


@dataclass(frozen=True)
class Change:
    """Something that happened; `number` counts them.

    Kinds and what `data` holds:

    - message, ephemeral: `message`; message_changed: `message`,
      `previous_message`; message_deleted: `ts`, `previous_message`;
      ephemeral_replaced: `ts`, `message` (None where it was deleted)
    - reaction: `ts`, `reaction`, `added`, `item_user`
    - view_opened, view_updated, view_pushed, view_closed: `view`, and `stack`,
      the user's view ids from the bottom to the top; home_published: `view`
    - file: `file`; file_shared: `file` and the message's `ts`; file_deleted: `file_id`
    - typing_status: `thread_ts`, `status`; prompts: `thread_ts`, `title`,
      `prompts`; title: `thread_ts`, `title`
    - read: `ts`
    - traffic: the inspector's entry, see `sandbox.traffic`
    - error: `text` as the user reads it, `error` as Slack names it
    - channel: `channel`, `event` (created, archived, unarchived,
      renamed, opened, topic, purpose);
      member: `channel`, `joined`; user: `user`
    - app: `app` came or went, `connections` it has now
    - reset: nothing; all is new
    """

    number: int
    kind: str
    channel: str
    """Where, or empty."""
    user: str
    """Who did it; who alone sees it, for ephemeral, view_…, home, error."""
    data: Json


Listener = Callable[[Change], None]


@dataclass
class Trigger:
    """A permission to open one view, for three seconds."""

    id: str
    app_id: str
    user: str
    issued: float
    channel: str = ""
    view_id: str = ""
    """The view that it came from."""
    used: bool = False


@dataclass
class ReplyUrl:
    """What a `response_url` stands for."""

    id: str
    app_id: str
    user: str
    channel: str
    issued: float
    message_ts: str = ""
    """The message that was clicked."""
    thread_ts: str = ""
    uses: int = 0


@dataclass
class Scheduled:
    """A message that an app wants posted later."""

    id: str
    app_id: str
    channel: str
    post_at: int
    created: int
    arguments: Json


@dataclass
class Rules:
    """What may be switched in the workspace."""

    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    one_message_a_second: bool = False
    """Slack's limit for posts to one channel."""


@dataclass
class World:
    """A workspace."""

    team: Team
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    """Open modals and published Homes, by id."""
    stacks: dict[str, list[str]] = field(default_factory=dict)
    """Each user's open modals, by id, from the bottom to the top."""
    homes: dict[tuple[str, str], str] = field(default_factory=dict)
    """The Home view's id by (app id, user id)."""
    apps: dict[str, App] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    """Other companies, of Slack Connect."""
    scheduled: dict[str, Scheduled] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    replies: dict[str, ReplyUrl] = field(default_factory=dict)
    last_posts: dict[str, float] = field(default_factory=dict)
    """When an app last posted, by channel."""
    rules: Rules = field(default_factory=Rules)
    clock: Clock = field(default_factory=Clock)
    changes: deque[Change] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    url: str = "http://127.0.0.1:3000"
    """Where this server is reached, without a final slash."""
    _listeners: list[Listener] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _last_ts: int = 0

    def become(self, fresh: "World") -> None:
        """Be as `fresh` is, with the same apps, address and listeners."""
        self.users, self.channels = fresh.users, fresh.channels
        emptied: tuple[dict[Any, Any], ...] = (
            self.files,
            self.views,
            self.stacks,
            self.homes,
            self.scheduled,
            self.triggers,
            self.replies,
            self.last_posts,
        )
        for kept in emptied:
            kept.clear()
        self.rules = Rules()
        self.clock.clear()
        self.changed("reset", "", "", {})

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each change; return what stops that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def changed(self, kind: str, channel: str, user: str, data: Json) -> Change:
        """Tell all listeners of a change."""
        change = Change(next(self._numbers), kind, channel, user, data)
        self.changes.append(change)
        for listener in tuple(self._listeners):
            listener(change)
        return change

    def new_ts(self) -> str:
        """Return a message time stamp that no other message has."""
        micros = max(int(self.clock.now() * 1_000_000), self._last_ts + 1)
        self._last_ts = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06}"

    def now(self) -> float:
        """Return the workspace's present moment."""
        return self.clock.now()

    def app_by(self, **wanted: Any) -> App | None:
        """Return the app with these attributes, as `bot_token="xoxb-…"`."""
        for app in self.apps.values():
            if all(getattr(app, name) == value for name, value in wanted.items()):
                return app
        return None

    def channel_named(self, name: str) -> Channel | None:
        """Return the channel of that name, with or without its #, or of that id."""
        bare = name.removeprefix("#")
        for channel in self.channels.values():
            if name == channel.id or (bare == channel.name and bare):
                return channel
        return None

    def user_named(self, name: str) -> User | None:
        """Return the user of that handle, name or id, with or without its @."""
        bare = name.removeprefix("@").casefold()
        if name in self.users:
            return self.users[name]
        for user in self.users.values():
            names = (user.name, user.display_name, user.real_name)
            if bare and bare in {n.casefold() for n in names}:
                return user
        return None

    def direct(self, first: str, second: str) -> Channel:
        """Return the direct message between two users, opened if need be."""
        pair = {first, second}
        for channel in self.channels.values():
            if channel.kind == "im" and set(channel.members) == pair:
                return channel
        identity = named_id("D", "-".join(sorted(pair)))
        members = [first] if first == second else [first, second]
        channel = Channel(identity, "", "im", first, int(self.now()), members)
        self.channels[identity] = channel
        return channel

    def message(self, channel: str, ts: str) -> Message | None:
        """Return the message at `ts`, ephemeral ones too."""
        place = self.channels.get(channel)
        if place is None:
            return None
        return place.messages.get(ts) or place.private.get(ts)

    def stack(self, user: str) -> list[View]:
        """Return the user's open modals, from the bottom to the top."""
        return [self.views[v] for v in self.stacks.get(user, ()) if v in self.views]
