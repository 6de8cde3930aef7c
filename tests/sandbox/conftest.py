"""A workspace on a free port of this machine, with real sockets and a real clock."""

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from time import sleep
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient

from sandbox.client import Workspace as Client
from sandbox.config import config_of
from sandbox.plain_http import plain_client
from sandbox.server import Workspace, bind, server_of

CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first that is there; the one without windows opens a page in a third of the time.
"""

SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "channels:manage",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "users:read",
    "users:read.email",
    "assistant:write",
]
EVENTS = [
    "app_home_opened",
    "app_mention",
    "message.im",
    "message.channels",
    "reaction_added",
    "file_shared",
]


def manifest(**settings: Any) -> dict[str, Any]:
    """Return an app's manifest with a command, shortcuts, a Home, all scopes."""
    return {
        "display_information": {"name": "Echo"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "echo"},
            "slash_commands": [
                {
                    "command": "/echo",
                    "description": "Says it back",
                    "usage_hint": "[words]",
                    "should_escape": True,
                }
            ],
            "shortcuts": [
                {"name": "Note it", "type": "message", "callback_id": "note"},
                {"name": "New thing", "type": "global", "callback_id": "thing"},
            ],
        },
        "oauth_config": {"scopes": {"bot": SCOPES}},
        "settings": {
            "event_subscriptions": {"bot_events": EVENTS},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
            **settings,
        },
    }


def configured(**app: Any) -> dict[str, Any]:
    """Return a workspace of Ann, Bob (who reads Chinese), and a guest, with an app."""
    known = {"name": "Echo", "bot_token": "xoxb-echo", "app_token": "xapp-echo"}
    return {
        "team": {"id": "T1", "name": "Test"},
        "users": [
            {"id": "U0ANN", "name": "ann", "real_name": "Ann Lee", "tz": "UTC"},
            {"id": "U0BOB", "name": "bob", "locale": "zh-CN", "tz": "Asia/Shanghai"},
            {"id": "U0GUY", "name": "guy", "is_restricted": True},
        ],
        "channels": [
            {"id": "C0GEN", "name": "general", "members": ["ann", "bob", "Echo"]},
            {"id": "C0ALONE", "name": "alone", "members": ["ann"]},
            {
                "id": "C0SHARE",
                "name": "shared",
                "members": ["ann", "Echo"],
                "is_ext_shared": True,
            },
        ],
        "apps": [known | {"signing_secret": "shh", "manifest": manifest()} | app],
        "welcome": [{"text": "/echo hello", "channel": "C0GEN"}],
    }


@contextmanager
def serving(said: dict[str, Any]) -> Iterator[Workspace]:
    """Serve the workspace that `said` configures until the block ends."""
    workspace = Workspace.of(config_of(said))
    listening = bind("127.0.0.1", 0)
    server = server_of(workspace, listening)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        sleep(0.01)
    try:
        yield workspace
    finally:
        server.should_exit = True
        _leaving.append((thread, listening))
        while len(_leaving) > MOST_LEAVING:
            _see_off()


_leaving: list[tuple[threading.Thread, socket.socket]] = []
"""Servers that were told to end: they sleep for a while before they do."""

MOST_LEAVING = 4


def _see_off() -> None:
    thread, listening = _leaving.pop(0)
    thread.join(10)
    listening.close()


@pytest.fixture(scope="session", autouse=True)
def nobody_stays() -> Iterator[None]:
    """See all servers off at the end."""
    yield
    while _leaving:
        _see_off()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium, without a window."""
    chromium = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if chromium is None:
        missing = (
            "no Chromium on this machine (Debian: apt-get install"
            " chromium-headless-shell)"
        )
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        # No sandbox: containers run tests as root, and the pages are our own.
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        yield started
        started.close()


@pytest.fixture
def space() -> Iterator[Workspace]:
    with serving(configured()) as workspace:
        yield workspace


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """Give a client that knows nothing of Slack."""
    with plain_client() as client:
        yield client


@pytest.fixture
def workspace(space: Workspace) -> Iterator[Client]:
    client = Client(space.world.url)
    yield client
    client.close()


@pytest.fixture
def web(space: Workspace) -> WebClient:
    """Give the app's own client, of the unmodified SDK."""
    return WebClient("xoxb-echo", base_url=f"{space.world.url}/api/")


@pytest.fixture
def bolt(web: WebClient) -> App:
    """Give an unmodified Bolt app; `connected` brings it into the workspace."""
    return App(
        name="Echo",  # else it looks for one in all modules
        client=web,
        signing_secret="shh",
        process_before_response=True,
    )


@pytest.fixture
def connected(space: Workspace, bolt: App) -> Iterator[Callable[[], App]]:
    """Give what connects the app by Socket Mode, once its listeners are there."""
    handlers: list[SocketModeHandler] = []

    def connect() -> App:
        nobody = SSLContext(PROTOCOL_TLS_CLIENT)  # no certificate is read from disk
        client = WebClient(base_url=f"{space.world.url}/api/", ssl=nobody)
        handler = SocketModeHandler(bolt, "xapp-echo", web_client=client)
        handler.connect()  # type: ignore[no-untyped-call] # the SDK says no types
        handlers.append(handler)
        while not space.delivery.sockets.connected(next(iter(space.world.apps))):
            sleep(0.01)
        return bolt

    yield connect
    for handler in handlers:
        hang_up(handler)


def hang_up(handler: SocketModeHandler) -> None:
    """Close a connection at once; the SDK would wait some seconds for what may come."""
    client = handler.client
    client.closed, client.auto_reconnect_enabled = True, False
    client.message_queue.put(None)
    session = client.current_session
    if session is not None and session.sock is not None:
        with suppress(OSError):
            session.sock.shutdown(socket.SHUT_RDWR)
    handler.close()  # type: ignore[no-untyped-call] # the SDK says no types


Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, workspace: Client) -> Iterator[Opened]:
    """Give what opens the page as somebody; fail on any error in the browser."""
    wrong: list[str] = []
    pages: list[Page] = []

    def open_page(who: str, at: str = "C0GEN", width: int = 1200, **more: str) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda said: wrong.append(said.text) if said.type == "error" else None,
        )
        page.on("request", lambda asked: _only_ours(asked.url, workspace, wrong))
        words = "".join(f"&{name}={value}" for name, value in more.items())
        page.goto(f"{workspace.url}/?as={who}{words}#{at}")
        expect(page.locator("#title")).not_to_be_empty()
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert wrong == []


def _only_ours(url: str, workspace: Client, wrong: list[str]) -> None:
    if not url.startswith(
        (workspace.url, workspace.url.replace("http", "ws"), "data:")
    ):
        wrong.append(f"asked another host: {url}")


class _Url(BaseHTTPRequestHandler):
    app: App
    seen: list[tuple[dict[str, str], str]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.seen.append((headers, body))
        once = headers.get("x-slack-retry-num") is None and "boom" in body
        if once or "doom" in body or "never" in body:
            self.send_response(500)
            if "never" in body:
                self.send_header("X-Slack-No-Retry", "1")
            self.end_headers()
            return
        said = self.app.dispatch(BoltRequest(body=body, headers=dict(headers)))
        self.send_response(said.status)
        for name, value in said.first_headers().items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write((said.body or "").encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def by_http() -> Iterator[tuple[Workspace, App, list[tuple[dict[str, str], str]]]]:
    """Give a workspace whose app listens at a URL, with signed requests."""
    server = HTTPServer(("127.0.0.1", 0), _Url)
    url = f"http://127.0.0.1:{server.server_port}/slack/events"
    settings = manifest(socket_mode_enabled=False)
    with serving(configured(manifest=settings, request_url=url)) as space:
        web = WebClient("xoxb-echo", base_url=f"{space.world.url}/api/")
        _Url.app = App(
            name="Echo",
            client=web,
            signing_secret="shh",
            process_before_response=True,
        )
        _Url.seen = []
        often = {"poll_interval": 0.01}
        thread = threading.Thread(target=server.serve_forever, kwargs=often)
        thread.start()
        yield space, _Url.app, _Url.seen
        server.shutdown()
        thread.join()
        server.server_close()
