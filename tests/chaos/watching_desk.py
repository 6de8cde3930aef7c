"""A desk that imports, watches and delivers until it is killed; made to be forked.

Its clock runs fast, and on over its deaths, so that minutes of waiting take moments.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import configure_mappers
from sqlmodel import func, select

from bot.slack import SlackPost
from connectors.files import open_file
from storage.database import Database
from storage.tables import ImportedFile, Touched
from templates.engine import Renderer
from workflows.alerts.tending import spend_what_is_left, tend_alerts
from workflows.deliver import deliver, recover
from workflows.digest import owe_digests
from workflows.import_files import import_file
from workflows.monitor.sweep import sweep_due, sweep_touched
from workflows.services import Services

SPEED = 60
"""Seconds of the desk's clock in a second."""

RENDER = Renderer()
"""Made before any desk is forked."""

configure_mappers()

MORNING = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


def services_of(database_url: str, now: Callable[[], datetime]) -> Services:
    """Return a desk's services at a clock."""
    return Services(Database(database_url), RENDER, now, ZoneInfo("UTC"), "USD")


def live(database_url: str, slack_url: str, started: float, folder: str) -> None:
    """Work until killed: files of `folder` one after another, and what follows."""

    def now() -> datetime:
        return MORNING + timedelta(seconds=(time.time() - started) * SPEED)

    services = services_of(database_url, now)
    post = SlackPost("xoxb-test", slack_url, now)
    while True:
        work(services, post, Path(folder))
        time.sleep(0.01)


def work(services: Services, post: SlackPost, folder: Path) -> None:
    """Do all that is due once, as the schedule has it done."""
    sweep_touched(services)  # whom a desk that was killed has left
    if file := _next_file(services, folder):
        import_file(services, open_file(file), by="chaos")
    sweep_touched(services)
    sweep_due(services)
    tend_alerts(services, lambda _: "ours")
    spend_what_is_left(services)
    owe_digests(services, lambda _: "ours")
    recover(services)
    deliver(services, post, by=str(os.getpid()))


def _next_file(services: Services, folder: Path) -> Path | None:
    """Return the file to import; None before all that was imported is looked at.

    Else what comes with one file and goes with the next might never be seen.
    """
    with services.database.read() as session:  # both as of one moment
        done = session.exec(select(func.count()).select_from(ImportedFile)).one()
        unseen = session.exec(select(func.count()).select_from(Touched)).one()
    waiting = sorted(folder.glob("*.csv"))[done:]
    return waiting[0] if waiting and not unseen else None
