"""`riskdesk run`: the desk at work, until it is told to stop."""

import signal
import sys
from types import FrameType
from typing import Annotated

import typer

from bot.desk import Desk
from bot.garbage import never_search_what_is_loaded
from bot.logs import set_up
from bot.terminal import CannotGoOn, load_settings
from bot.web import create_web, listen, serve
from storage.database import Database
from storage.migrate import pending


def run(
    http: Annotated[  # noqa: FBT002 - typer's way to say a flag
        bool, typer.Option("--http", help="Take signed requests, not Socket Mode.")
    ] = False,
    host: Annotated[
        str, typer.Option(help="Where PORT listens; 0.0.0.0 is everywhere.")
    ] = "127.0.0.1",
) -> None:
    """Answer Slack, post digests and alerts; SIGTERM finishes what is in hand.

    Slack's requests come by Socket Mode, or with --http to /slack/events on PORT.
    PORT has /healthz and /metrics either way.

    Example: riskdesk run --http --host 0.0.0.0
    """
    key = "slack_signing_secret" if http else "slack_app_token"
    settings = load_settings("slack_bot_token", key)
    set_up(settings.log_level)
    _check_shape(settings.database_url)
    secret = settings.slack_signing_secret if http else None
    bound = listen(host, settings.port)
    desk = Desk.build(settings, http=http)
    never_search_what_is_loaded()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)  # the server raises it again when it is done
    serve(create_web(desk, secret.get_secret_value() if secret else None), bound)


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _check_shape(url: str) -> None:
    database = Database(url)
    lacking = pending(database.engine)
    database.close()
    if lacking:
        raise CannotGoOn("The database is not up to date: run `riskdesk db upgrade`.")
