"""A small client of the control API, so that tests of a bot read like chat.

workspace = Workspace("http://127.0.0.1:3000")
ann = workspace.user("ann", "#sales")
ann.types("/risk Acme")
ann.sees("Acme Trading").clicks("Why?")
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any

import httpx

from sandbox.plain_http import plain_client

Json = dict[str, Any]
PATIENCE = 10.0


class Refusal(Exception):
    """The workspace does not do what was asked; `error` is its name for why."""

    def __init__(self, answer: Json) -> None:
        """Say why in the workspace's words."""
        about = answer.get("response_metadata", {}).get("messages", [])
        super().__init__(": ".join([answer["error"], *about]))
        self.error = str(answer["error"])


@dataclass
class Workspace:
    """A running sandbox, at `url`."""

    url: str
    _http: httpx.Client = field(
        default_factory=lambda: plain_client(timeout=90), repr=False
    )

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def do(self, verb: str, **body: Any) -> Json:
        """Ask for one thing of the control API; return the answer.

        Raises:
            Refusal: it is not done.

        """
        said = self._http.post(f"{self.url}/_sandbox/{verb}", json=body)
        answer: Json = said.json()
        if not answer["ok"]:
            raise Refusal(answer)
        return answer

    def user(self, name: str, channel: str = "") -> "Person":
        """Return a person, talking in `channel`."""
        return Person(self, name, channel)

    def app(self, name: str = "") -> Json:
        """Return an app with its tokens and secrets; the only one, if not named."""
        apps: list[Json] = self.do("workspace")["apps"]
        return next(app for app in apps if name in {"", app["name"], app["id"]})

    def fault(self, kind: str, **about: Any) -> None:
        """Set a fault: it strikes once, unless `times` says otherwise."""
        self.do("fault", kind=kind, **about)


@dataclass
class Person:
    """Somebody in a conversation."""

    workspace: Workspace
    name: str
    channel: str = ""

    def to(self, app_or_person: str) -> "Person":
        """Return the same person, in their direct messages with another or an app."""
        opened = self.do("dm", **{"with": app_or_person})
        return Person(self.workspace, self.name, opened["channel"])

    def at(self, channel: str) -> "Person":
        """Return the same person in another channel."""
        return Person(self.workspace, self.name, channel)

    def do(self, verb: str, **body: Any) -> Json:
        """Do one thing, as `Workspace.do`."""
        here = {"channel": self.channel} if self.channel else {}
        return self.workspace.do(verb, **{"user": self.name, **here, **body})

    def types(self, text: str) -> Json:
        """Type a message or, after a slash, a command; return what came of it."""
        if text.startswith("/"):
            outcome: Json = self.do("command", text=text)["outcome"]
            return outcome
        said: Json = self.do("say", text=text)["message"]
        return said

    def replies(self, to: "Seen", text: str) -> Json:
        """Reply in the thread of a message."""
        message: Json = self.do("say", text=text, thread_ts=to.ts)["message"]
        return message

    def messages(self, thread: str = "") -> list["Seen"]:
        """Return what is before them in the conversation, oldest first."""
        asked = {"thread_ts": thread} if thread else {}
        found = self.do("messages", **asked)["messages"]
        return [Seen(self, message) for message in found]

    def sees(self, text: str, seconds: float = PATIENCE, *, after: str = "") -> "Seen":
        """Return the newest message with `text` in it; wait for it if need be."""
        for _ in _until(seconds):
            for message in reversed(self.messages()):
                if text in message.words and message.ts > after:
                    return message
        shown = "\n---\n".join(m.words for m in self.messages()[-5:])
        raise AssertionError(f"{self.name} does not see {text!r}, but:\n{shown}")

    def never_sees(self, text: str) -> None:
        """Assert that no message shows `text`."""
        shown = [m.words for m in self.messages() if text in m.words]
        if shown:
            raise AssertionError(f"{self.name} sees {text!r}: {shown[0]}")

    def modal(self, text: str = "", seconds: float = PATIENCE) -> Json:
        """Return the modal on top; wait for one that has `text`."""
        shown = ""
        for _ in _until(seconds):
            views = self.do("modals")["views"]
            if views:
                shown = words_of(views[-1])
                if text in shown:
                    top: Json = views[-1]
                    return top
        raise AssertionError(f"no modal with {text!r}, but: {shown}")

    def fills(self, **fields: Any) -> Json:
        """Fill in the modal on top; fields by label or block id."""
        return self.do("fill", fields=fields)

    def submits(self, **fields: Any) -> Json:
        """Submit the modal on top, filled in; return what came of it."""
        outcome: Json = self.do("submit", fields=fields)["outcome"]
        return outcome

    def clicks(self, name: str, **body: Any) -> Json:
        """Press what is called `name`, in the modal or the newest message."""
        outcome: Json = self.do("click", name=name, **body)["outcome"]
        return outcome

    def closes(self, *, everything: bool = False) -> None:
        """Close the modal on top, or all of them."""
        self.do("close", clear=everything)

    def home(self, text: str = "", app: str = "", seconds: float = PATIENCE) -> Json:
        """Open an app's Home; return it once it shows `text`."""
        self.do("home", app=app)
        shown = ""
        for _ in _until(seconds):
            try:
                view: Json = self.do("homeview", app=app)["view"]
            except Refusal:
                continue
            shown = words_of(view)
            if text in shown:
                return view
        raise AssertionError(f"no Home with {text!r}, but: {shown}")

    def uploads(self, name: str, content: str, text: str = "") -> str:
        """Share a file; return its id."""
        shared = self.do("upload", name=name, content=content, text=text)
        return str(shared["file"])


@dataclass
class Seen:
    """A message as somebody sees it."""

    reader: Person
    message: Json

    @property
    def ts(self) -> str:
        """Return its time stamp, which names it."""
        return str(self.message["ts"])

    @property
    def words(self) -> str:
        """Return all its words: text, blocks, attachments."""
        return words_of(self.message)

    @property
    def is_private(self) -> bool:
        """Return whether only the reader sees it."""
        return bool(self.message["ephemeral"])

    def clicks(self, name: str, **body: Any) -> Json:
        """Press what is called `name` on it; return what came of it."""
        return self.reader.clicks(name, ts=self.ts, **body)

    def thread(self) -> list["Seen"]:
        """Return the thread below it, its first message included."""
        return self.reader.messages(self.message.get("thread_ts") or self.ts)


def words_of(thing: Any) -> str:
    """Return every text in a message or view, one a line."""
    return "\n".join(_texts(thing))


def _texts(thing: Any) -> Iterator[str]:
    if isinstance(thing, list):
        for each in thing:
            yield from _texts(each)
    elif isinstance(thing, dict):
        for name, value in thing.items():
            if name in {"text", "title", "label", "hint", "value"}:
                yield from [value] if isinstance(value, str) else _texts(value)
            elif isinstance(value, dict | list):
                yield from _texts(value)


def _until(seconds: float) -> Iterator[None]:
    """Yield now and then until `seconds` are over, at least once."""
    end = monotonic() + seconds
    yield
    while monotonic() < end:
        sleep(0.05)
        yield
