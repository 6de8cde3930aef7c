"""`riskdesk demo`: the whole desk at work in a browser, with a made-up company."""

import shutil
import signal
import sys
import threading
import webbrowser
from datetime import UTC, datetime
from os import environ
from pathlib import Path
from time import sleep
from typing import Annotated

import typer
import uvicorn

from bot.demo.company import build_company
from bot.demo.load import load_company
from bot.demo.people import MANAGER
from bot.demo.workspace import APP_TOKEN, BOT_TOKEN, demo_workspace
from bot.desk import Desk
from bot.logs import set_up
from bot.settings import Settings
from bot.terminal import CannotGoOn
from sandbox.config import config_of
from sandbox.server import PortBusy, Workspace, bind, server_of
from storage.database import Database
from storage.migrate import migrate
from workflows.home import has_customers

FOLDER = Path(".demo")


def demo(
    *,
    port: Annotated[int, typer.Option(help="Where the page is; 0 takes a free one")] = (
        3000
    ),
    reset: Annotated[bool, typer.Option("--reset", help="Start afresh")] = False,
    folder: Annotated[Path, typer.Option(help="Where the demo is kept")] = FOLDER,
) -> None:
    """Show the desk at work: a workspace in the browser, a company, the bot.

    What was said and done is kept between runs; --reset starts afresh.

    Example: riskdesk demo --port 3001
    """
    try:
        listening = bind("127.0.0.1", port)
    except PortBusy as error:
        raise CannotGoOn(str(error)) from error
    if reset:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    workspace = Workspace.of(config_of(demo_workspace()), folder / "workspace.json")
    server = server_of(workspace, listening)
    page = workspace.world.url
    settings = _settings(page, folder)
    set_up(settings.log_level)
    _load(settings)
    serving = threading.Thread(
        target=server.run, kwargs={"sockets": [listening]}, name="sandbox"
    )
    serving.start()
    try:
        _work(settings, server, page)
    finally:
        server.should_exit = True
        serving.join()


def _settings(page: str, folder: Path) -> Settings:
    return Settings.load(
        {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": f"{page}/api/",
            "DATABASE_URL": f"sqlite:///{folder / 'desk.db'}",
            "RISKDESK_ADMINS": MANAGER.slack_id,
            "LOG_LEVEL": environ.get("LOG_LEVEL", "WARNING"),
        }
    )


def _load(settings: Settings) -> None:
    """Fill an empty database; one that was filled before stays as it is."""
    database = Database(settings.database_url)
    migrate(database.engine)
    now = datetime.now(UTC)
    if not has_customers(database):
        typer.echo("Making a company of 300 customers …")
        today = now.astimezone(settings.timezone).date()
        load_company(database, build_company(today), now)
    database.close()


def _work(settings: Settings, server: uvicorn.Server, page: str) -> None:
    """Run the desk until the terminal, or whoever started us, says stop."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not server.started:
        if server.should_exit:
            sys.exit(1)
        sleep(0.02)
    desk = Desk.build(settings, http=False)
    desk.start()
    typer.echo(f"The desk is at work: {page}/  (Ctrl+C stops it)")
    if environ.get("DISPLAY") or sys.platform in {"darwin", "win32"}:
        webbrowser.open(page)
    stop.wait()
    typer.echo("Stopping …")
    desk.stop()
