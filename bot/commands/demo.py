"""`riskdesk demo`: the whole desk at work in a browser, with a made-up company."""

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
from bot.garbage import never_search_what_is_loaded
from bot.logs import set_up
from bot.settings import Settings
from bot.terminal import CannotGoOn
from sandbox.config import config_of
from sandbox.server import PortBusy, Workspace, bind, server_of
from storage.database import Database
from storage.migrate import migrate
from workflows.home import has_customers

FOLDER = Path(".demo")
WORKSPACE, DATABASE = "workspace.json", "desk.db"


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
    folder.mkdir(parents=True, exist_ok=True)
    if reset:
        _forget(folder)
    workspace = Workspace.of(config_of(demo_workspace()), folder / WORKSPACE)
    server = server_of(workspace, listening)
    page = workspace.world.url
    stop = _asked_to_stop()
    serving = threading.Thread(
        target=server.run, kwargs={"sockets": [listening]}, name="sandbox"
    )
    serving.start()
    try:
        _serve(server)
        typer.echo(f"The workspace is open: {page}/")
        settings = _settings(page, folder)
        set_up(settings.log_level)
        _load(settings)
        if not stop.is_set():
            _work(settings, page, stop)
    finally:
        server.should_exit = True
        serving.join()


def _forget(folder: Path) -> None:
    """Delete what a demo keeps, and nothing else that lies in its folder."""
    for name in (WORKSPACE, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (folder / name).unlink(missing_ok=True)


def _asked_to_stop() -> threading.Event:
    """Return what is set once the terminal, or whoever started us, says stop."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _serve(server: uvicorn.Server) -> None:
    """Wait until the page answers; the desk joins the workspace later."""
    while not server.started:
        if server.should_exit:
            sys.exit(1)
        sleep(0.02)


def _settings(page: str, folder: Path) -> Settings:
    return Settings.load(
        {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": f"{page}/api/",
            "DATABASE_URL": f"sqlite:///{folder / DATABASE}",
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


def _work(settings: Settings, page: str, stop: threading.Event) -> None:
    """Run the desk until told to stop."""
    desk = Desk.build(settings, http=False)
    desk.start()
    typer.echo("The desk is at work there.  (Ctrl+C stops it)")
    if environ.get("DISPLAY") or sys.platform in {"darwin", "win32"}:
        webbrowser.open(page)
    never_search_what_is_loaded()
    stop.wait()
    typer.echo("Stopping …")
    desk.stop()
