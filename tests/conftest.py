"""The bot as a user meets it: a real Bolt app, real databases, a Slack on loopback."""

import inspect
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from time import time
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.app import build_app
from bot.garbage import never_search_what_is_loaded, search_seldom
from storage.database import Database
from storage.migrate import migrate
from templates.engine import Renderer
from tests import postgres as real
from tests.fake_slack import FakeSlack, Loopback, serving
from tests.postgres import Server
from tests.sqlite import Files
from workflows.services import Services

FUZZ = "FUZZ" in os.environ


def examples(usual: int) -> int:
    """Return how many examples a property is tried on: ten times as many to fuzz."""
    return usual * 10 if FUZZ else usual


# Busy machines are slow at times; and a run that decides must decide the same again.
# `make fuzz` is the one that looks for what nobody has thought of.
settings.register_profile(
    "riskdesk",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=not FUZZ,
    max_examples=examples(60),
)
settings.load_profile("riskdesk")

ROOT = Path(__file__).parent.parent
SECRET = "shhh"
NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


def pytest_collection_finish() -> None:
    """Search for garbage as the desk does: it took a tenth of all the tests' time."""
    search_seldom()
    never_search_what_is_loaded()


def pytest_sessionfinish() -> None:
    """Search for garbage once: pytest then does so five times, through all there is."""
    never_search_what_is_loaded()


@pytest.fixture(scope="session", autouse=True)
def listeners_are_read_once() -> Iterator[None]:
    """Let Bolt remember what a listener asks for: a test's app has some hundred."""
    read = cache(inspect.getfullargspec)
    with patch.object(inspect, "getfullargspec", read):
        yield


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Files]:
    """Make an empty SQLite database, migrated once."""
    file = tmp_path_factory.mktemp("template") / "empty.db"
    database = Database(f"sqlite:///{file}")
    migrate(database.engine)
    database.close()
    files = Files(file)
    yield files
    files.close()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start a PostgreSQL server."""
    with real.serving(tmp_path_factory.mktemp("pg")) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the URL of an empty, migrated database, on each engine in turn."""
    name = "sqlite" if request.param == "sqlite" else "postgres"
    server: Files | Server = request.getfixturevalue(name)
    with server.database() as url:
        yield url


@pytest.fixture(scope="session")
def opened() -> Iterator[dict[str, Database]]:
    """Keep databases by URL: they remember what SQL reads like, and whom they reach.

    To compile all statements anew takes a fifth of all time; a new connection has to
    learn again what tables there are.
    """
    kept: dict[str, Database] = {}
    yield kept
    for database in kept.values():
        database.close()


@pytest.fixture
def database(database_url: str, opened: dict[str, Database]) -> Database:
    database = opened.get(database_url) or Database(database_url)
    opened[database_url] = database
    return database


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def render() -> Renderer:
    return Renderer()


@pytest.fixture
def services(database: Database, clock: Clock, render: Renderer) -> Services:
    return Services(
        database=database,
        render=render,
        now=clock,
        timezone=ZoneInfo("UTC"),
        currency="USD",
        admins=frozenset({"UADMIN"}),
    )


@pytest.fixture(scope="session")
def loopback() -> Iterator[Loopback]:
    with serving() as loopback:
        yield loopback


@pytest.fixture
def slack(loopback: Loopback) -> Iterator[FakeSlack]:
    with loopback.slack() as slack:
        yield slack


@pytest.fixture
def app(services: Services, slack: FakeSlack) -> App:
    client = WebClient("xoxb-test", base_url=slack.url)
    return build_app(services, client, signing_secret=SECRET)


@dataclass
class Person:
    """A person typing in Slack, by signed requests to the real Bolt app."""

    app: App
    slack: FakeSlack
    slack_id: str = "U1"
    channel: str = "C1"
    _sent: int = field(default=0)

    def reads(self, locale: str) -> "Person":
        """Set the person's language in Slack's directory."""
        self.slack.users[self.slack_id] = {"locale": locale}
        return self

    def types(self, command: str, text: str = "") -> dict[str, Any]:
        """Send a slash command; return the ack body, which is the answer."""
        fields = {"command": command, "text": text, "trigger_id": "1.2.3"}
        return self.sends(self._who() | fields)

    def clicks(self, button: dict[str, Any], **payload: Any) -> dict[str, Any]:
        """Press a button that the bot has shown; return what it answers."""
        action = {"type": "button", "block_id": "b", "action_ts": "1.0"} | button
        self.interacts("block_actions", actions=[action], **payload)
        return self.slack.replies.get(timeout=5)

    def interacts(self, kind: str, **payload: Any) -> dict[str, Any]:
        """Send an interaction of `kind`; return the ack body."""
        body = {
            "type": kind,
            "user": {"id": self.slack_id, "team_id": "T1"},
            "team": {"id": "T1", "domain": "t"},
            "channel": {"id": self.channel, "name": "general"},
            "trigger_id": "1.2.3",
            "response_url": f"{self.slack.url}reply",
        }
        return self.sends({"payload": json.dumps(body | payload)})

    def submits(self, view: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
        """Submit a modal with the state `values`; return the ack body."""
        full = {"id": "V1", "hash": "h", "state": {"values": values}} | view
        return self.interacts("view_submission", view=full)

    def says(self, text: str, **event: Any) -> dict[str, Any]:
        """Send a direct message to the bot, as an event; the answer is owed."""
        return self.event("message", text=text, channel_type="im", **event)

    def event(self, kind: str, **event: Any) -> dict[str, Any]:
        """Send an event of `kind`; return the ack body."""
        self._sent += 1
        about = {"type": kind, "user": self.slack_id, "channel": self.channel}
        about |= {"ts": f"17000000{self._sent:02}.000100"}
        event_id = event.pop("event_id", f"Ev{self.slack_id}{self._sent}")
        return self.sends_json(
            {
                "type": "event_callback",
                "team_id": "T1",
                "event_id": event_id,
                "event_time": int(time()),
                "event": about | event,
            }
        )

    def sends(self, fields: dict[str, str]) -> dict[str, Any]:
        """Send a signed form; return the answer's body."""
        return self._sends(urlencode(fields), "application/x-www-form-urlencoded")

    def sends_json(self, body: dict[str, Any]) -> dict[str, Any]:
        """Send signed JSON; return the answer's body."""
        return self._sends(json.dumps(body), "application/json")

    def _who(self) -> dict[str, str]:
        return {
            "team_id": "T1",
            "user_id": self.slack_id,
            "channel_id": self.channel,
            "channel_name": "general",
            "response_url": f"{self.slack.url}reply",
        }

    def _sends(self, body: str, kind: str) -> dict[str, Any]:
        now = str(int(time()))
        signature = SignatureVerifier(SECRET).generate_signature(
            timestamp=now, body=body
        )
        headers: dict[str, str | Sequence[str]] = {
            "content-type": kind,
            "x-slack-request-timestamp": now,
            "x-slack-signature": signature or "",
        }
        response = self.app.dispatch(BoltRequest(body=body, headers=headers))
        assert response.status == 200, response.body
        answer: dict[str, Any] = json.loads(response.body) if response.body else {}
        return answer


@pytest.fixture
def person(app: App, slack: FakeSlack) -> Person:
    return Person(app, slack)
