"""A desk that owes and delivers until it is killed; made to be forked.

Its clock runs fast, and on over its deaths, so that minutes of waiting take moments.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.slack import SlackPost
from storage.database import Database
from templates.engine import Renderer
from workflows.deliver import deliver, recover
from workflows.digest import owe_digests
from workflows.services import Services

RENDER = Renderer()
"""Made before any desk is forked."""

SPEED = 120
"""Seconds of the desk's clock in a second."""


def live(database_url: str, slack_url: str, started: float) -> None:
    """Work against these until killed; the clock shows 09:00 at `started`."""
    morning = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)

    def now() -> datetime:
        return morning + timedelta(seconds=(time.time() - started) * SPEED)

    services = Services(Database(database_url), RENDER, now, ZoneInfo("UTC"), "USD")
    post = SlackPost("xoxb-test", slack_url, now)
    while True:
        owe_digests(services, lambda _: "ours")
        recover(services)
        deliver(services, post, by=str(os.getpid()))
        time.sleep(0.02)
