"""A Slack on this machine's loopback: it records what the bot says to it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any
from urllib.parse import parse_qsl

Answer = dict[str, Any] | None
"""What a method answers; `status` and `headers` in it are the HTTP answer's."""


@dataclass
class FakeSlack:
    """Keeps each call; answers as Slack does, or as a test's `faults` say."""

    url: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    replies: Queue[dict[str, Any]] = field(default_factory=Queue)
    posts: list[dict[str, Any]] = field(default_factory=list)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    faults: list[Callable[[str, dict[str, Any]], Answer | bool]] = field(
        default_factory=list
    )
    """Each is asked about a call: True passes it on, else it is the answer."""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def called(self, method: str) -> list[dict[str, Any]]:
        """Return what `method` was called with, each time."""
        return [body for name, body in self.calls if name == method]

    def answer(self, method: str, body: dict[str, Any]) -> Answer:
        """Return Slack's answer to `method`, or None to hang up."""
        with self.lock:
            self.calls.append((method, body))
            for fault in self.faults:
                said = fault(method, body)
                if said is not True:
                    return said if isinstance(said, dict) else None
            return self.effect(method, body)

    def effect(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        """Do what `method` does; return its answer."""
        known = getattr(self, "_" + method.replace(".", "_"), None)
        answer: dict[str, Any] = known(body) if known else {}
        return {"ok": True} | answer

    def _auth_test(self, _: dict[str, Any]) -> dict[str, Any]:
        who = {"user_id": "UBOT", "bot_id": "B1", "user": "riskdesk"}
        return {"team_id": "T1", "team": "Team", "url": "https://t.test/"} | who

    def _reply(self, body: dict[str, Any]) -> dict[str, Any]:
        self.replies.put(body)
        return {}

    def _chat_postMessage(self, body: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - Slack's name
        for name in ("blocks", "metadata"):
            if isinstance(body.get(name), str):
                body[name] = json.loads(body[name])
        post = body | {"ts": f"{1_800_000_000 + len(self.posts)}.000100"}
        self.posts.append(post)
        return {"ts": post["ts"], "channel": body["channel"], "message": post}

    def _chat_update(self, body: dict[str, Any]) -> dict[str, Any]:
        if isinstance(body.get("blocks"), str):
            body["blocks"] = json.loads(body["blocks"])
        for post in self.posts:
            if (post["channel"], post["ts"]) == (body["channel"], body["ts"]):
                post |= {"text": body["text"], "blocks": body.get("blocks", [])}
                return {"ts": body["ts"], "channel": body["channel"]}
        return {"ok": False, "error": "message_not_found"}

    def _conversations_history(self, body: dict[str, Any]) -> dict[str, Any]:
        there = [p for p in self.posts if p["channel"] == body["channel"]]
        return {"messages": there[::-1], "has_more": False}

    def _conversations_replies(self, body: dict[str, Any]) -> dict[str, Any]:
        there = [
            p
            for p in self.posts
            if p["channel"] == body["channel"]
            and body["ts"] in {p["ts"], p.get("thread_ts")}
        ]
        return {"messages": there, "has_more": False}

    def _conversations_info(self, body: dict[str, Any]) -> dict[str, Any]:
        channel = {"id": body["channel"], "name": "general", "is_member": True}
        return {"channel": channel | self.channels.get(body["channel"], {})}

    def _conversations_open(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": f"D{body['users']}"}}

    def _conversations_members(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"members": [*self.users, "UBOT"]}

    def _users_info(self, body: dict[str, Any]) -> dict[str, Any]:
        user = {"id": body["user"], "real_name": f"Person {body['user']}"}
        about = {"locale": "en-US", "tz": "UTC", "profile": {}}
        return {"user": user | about | self.users.get(body["user"], {})}


class Loopback:
    """A server of fake Slacks, each at a path of its own: to start one takes long."""

    def __init__(self) -> None:
        """Serve nobody yet."""
        self.url = ""
        self._slacks: dict[str, FakeSlack] = {}
        self._count = 0

    @contextmanager
    def slack(self) -> Iterator[FakeSlack]:
        """Give a new Slack, which nobody reaches any more when the block ends."""
        self._count += 1
        name = str(self._count)
        slack = self._slacks[name] = FakeSlack(f"{self.url}{name}/")
        try:
            yield slack
        finally:
            del self._slacks[name]

    def at(self, path: str) -> tuple[FakeSlack | None, str]:
        """Return the Slack that a request is for, if it is there, and the rest."""
        _, name, rest = path.split("/", 2)
        return self._slacks.get(name), f"/{rest}"


@contextmanager
def serving() -> Iterator[Loopback]:
    """Yield a server on a free port until the block ends."""
    loopback = Loopback()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            slack, path = loopback.at(self.path)
            if slack is None:
                self.close_connection = True
                return
            self._send(200, slack.files.get(path, b""), {})

        def do_POST(self) -> None:
            slack, path = loopback.at(self.path)
            length = int(self.headers["Content-Length"] or 0)
            sent = self.rfile.read(length)
            # Its sender was killed while it spoke, or speaks to one that is gone.
            if len(sent) < length or slack is None:
                self.close_connection = True
                return
            raw = sent.decode()
            is_json = raw.startswith("{")
            body = json.loads(raw) if is_json else dict(parse_qsl(raw))
            answer = slack.answer(path.rpartition("/")[2], body)
            if answer is None:
                self.close_connection = True
                return
            status, headers = answer.pop("status", 200), answer.pop("headers", {})
            self._send(status, json.dumps(answer).encode(), headers)

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep test output quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        loopback.url = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        thread.start()
        try:
            yield loopback
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def running() -> Iterator[FakeSlack]:
    """Yield a fake Slack with a server of its own until the block ends."""
    with serving() as loopback, loopback.slack() as slack:
        yield slack
