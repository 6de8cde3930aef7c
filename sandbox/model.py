"""What a workspace is made of: people, conversations, messages, files, views, apps.

Times are seconds since 1970 (UTC), as on Slack's wire; `ts` is Slack's message
time stamp, `"1700000000.000100"`, unique in the workspace.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
"""A JSON object of Slack's."""

ChannelKind = Literal["channel", "group", "im", "mpim"]
"""Public channel, private channel, direct message, group direct message."""


@dataclass
class Team:
    """A workspace."""

    id: str
    name: str
    domain: str


@dataclass
class User:
    """A person, or an app's bot user (then `bot_id` and `app_id` are set)."""

    id: str
    name: str
    """The handle, without the @."""
    real_name: str
    team_id: str
    display_name: str = ""
    email: str = ""
    title: str = ""
    locale: str = "en-US"
    tz: str = "UTC"
    color: str = "4bbe2e"
    is_admin: bool = False
    is_restricted: bool = False
    """A guest of several channels."""
    is_ultra_restricted: bool = False
    """A guest of one channel."""
    is_stranger: bool = False
    """Of another company, sharing no channel with those who ask."""
    deleted: bool = False
    bot_id: str = ""
    app_id: str = ""
    updated: int = 0

    @property
    def shown_name(self) -> str:
        """Return the name beside the user's messages."""
        return self.display_name or self.real_name or self.name


@dataclass
class Message:
    """A message; one only for `to`'s eyes where that is set (ephemeral)."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str = ""
    broadcast: bool = False
    """A reply also shown in the channel."""
    subtype: str = ""
    bot_id: str = ""
    app_id: str = ""
    username: str = ""
    """The name that an app gave this one message; likewise the icons."""
    icons: Json = field(default_factory=dict)
    to: str = ""
    files: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    """Who reacted, by the emoji's name."""
    edited: Json | None = None
    metadata: Json | None = None
    values: Json = field(default_factory=dict)
    """What users chose in its stateful elements: block id → action id → value."""
    client_msg_id: str = ""


@dataclass
class Assistant:
    """The assistant pane's thread: what the app has put into it."""

    status: str = ""
    title: str = ""
    prompts_title: str = ""
    prompts: list[Json] = field(default_factory=list)
    context: Json = field(default_factory=dict)


@dataclass
class Channel:
    """A conversation of any kind, with all that was said in it."""

    id: str
    name: str
    kind: ChannelKind
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    is_archived: bool = False
    is_general: bool = False
    is_ext_shared: bool = False
    """Shared with another company (Slack Connect)."""
    connected_teams: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    """By `ts`, oldest first."""
    private: dict[str, Message] = field(default_factory=dict)
    """The ephemeral ones, by `ts`."""
    read: dict[str, str] = field(default_factory=dict)
    """The `ts` up to which each user has read."""
    assistants: dict[str, Assistant] = field(default_factory=dict)
    """By the thread's `ts`."""
    threads: dict[str, list[str]] = field(default_factory=dict)
    """The `ts` of each thread's replies, by its root's `ts`."""

    @property
    def is_direct(self) -> bool:
        """Return whether it is a direct message, to one or to a group."""
        return self.kind in {"im", "mpim"}

    def other(self, user: str) -> str:
        """Return the other person of a direct message (oneself, if there is none)."""
        return next((m for m in self.members if m != user), user)

    def replies(self, thread_ts: str) -> list[Message]:
        """Return the thread's replies, oldest first, without its root."""
        return [self.messages[ts] for ts in self.threads.get(thread_ts, ())]


@dataclass
class File:
    """An uploaded file."""

    id: str
    name: str
    title: str
    user: str
    created: int
    content: bytes = b""
    mimetype: str = "application/octet-stream"
    filetype: str = "binary"
    pretty_type: str = "Binary"
    is_complete: bool = False
    """Whether the upload was completed; until then nobody sees the file."""
    shares: dict[str, list[str]] = field(default_factory=dict)
    """The `ts` of the messages that carry it, by channel."""
    given_to: list[str] = field(default_factory=list)
    """The apps that got it in a form."""


@dataclass
class View:
    """A modal or an App Home as one user has it before them."""

    id: str
    app_id: str
    user: str
    kind: Literal["modal", "home"]
    body: Json
    """As the app gave it: title, blocks, submit, private_metadata, …"""
    hash: str
    root_id: str
    previous_id: str = ""
    values: Json = field(default_factory=dict)
    """The state: block id → action id → {"type": …, "value": …}."""
    origin: Json = field(default_factory=dict)
    """The conversation it was opened from, for selects that default to it."""


@dataclass
class App:
    """An installed app, with the tokens that speak for it."""

    id: str
    name: str
    bot_user: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    manifest: Json
    request_url: str = ""
    """Where signed requests go when the app uses HTTP rather than Socket Mode."""
    connections: int = 0
    """How many sockets it has open."""

    def _of(self, *path: str) -> Any:
        found: Any = self.manifest
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return found

    @property
    def scopes(self) -> frozenset[str]:
        """Return what the bot token may do."""
        return frozenset(self._of("oauth_config", "scopes", "bot") or ())

    @property
    def events(self) -> frozenset[str]:
        """Return the events that the app subscribed to, as `message.im`."""
        settings = self._of("settings", "event_subscriptions", "bot_events")
        return frozenset(settings or ())

    @property
    def commands(self) -> list[Json]:
        """Return its slash commands, each with its `command` and `usage_hint`."""
        return list(self._of("features", "slash_commands") or ())

    @property
    def shortcuts(self) -> list[Json]:
        """Return its shortcuts, each with `name`, `type` and `callback_id`."""
        return list(self._of("features", "shortcuts") or ())

    @property
    def is_assistant(self) -> bool:
        """Return whether it lives in the assistant pane too."""
        return self._of("features", "assistant_view") is not None

    @property
    def has_home(self) -> bool:
        """Return whether it has a Home tab."""
        return bool(self._of("features", "app_home", "home_tab_enabled"))

    @property
    def is_interactive(self) -> bool:
        """Return whether clicks, shortcuts and submissions are sent to it."""
        return bool(self._of("settings", "interactivity", "is_enabled"))

    @property
    def uses_socket(self) -> bool:
        """Return whether it wants Socket Mode."""
        return bool(self._of("settings", "socket_mode_enabled"))

    @property
    def unfurl_domains(self) -> list[str]:
        """Return the domains whose links it unfurls."""
        return list(self._of("features", "unfurl_domains") or ())
