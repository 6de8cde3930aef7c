"""`riskdesk digest`: the digests of all channels; what one would say; one now."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.plain import lines_of, printable
from bot.terminal import OPERATOR, CannotGoOn, open_desk
from workflows.digest_settings import ask_now
from workflows.digest_shown import all_digests, digest_as_of_now
from workflows.services import Services

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def digest(
    channel: Annotated[
        str | None, typer.Argument(help="A channel's id, as C0123ABCD")
    ] = None,
    *,
    now: Annotated[
        bool, typer.Option("--now", help="Let the running desk post it now")
    ] = False,
) -> None:
    """Show every channel's digest; or what one would say now; or have it posted.

    Example: riskdesk digest C0123ABCD

    Showing posts nothing and changes nothing. With --now the desk that runs posts it
    within seconds, once it has seen that only your own people read the channel.
    """
    if now and channel is None:
        raise CannotGoOn("Say of which channel: riskdesk digest C0123ABCD --now")
    with open_desk() as services:
        if channel is None:
            _show_all(services)
            return
        language, messages = digest_as_of_now(services, channel)
        if now:
            ask_now(services, OPERATOR, channel)
            typer.echo(f"The digest of {channel} is on its way.")
            return
        for message in messages:
            for line in lines_of(services.render(message, language).blocks):
                typer.echo(printable(line))


def _show_all(services: Services) -> None:
    table = Table("Channel", "State", "Days", "Time", "Next run", "Last posted")
    for standing in all_digests(services):
        schedule = standing.schedule
        state = schedule.state
        if schedule.trouble:
            state += f" ({schedule.trouble})"
        table.add_row(
            schedule.channel,
            state,
            " ".join(_DAYS[int(day) - 1] for day in schedule.days),
            f"{schedule.hour:02}:{schedule.minute:02} {schedule.timezone}",
            _told(standing.next_run),
            _told(standing.last_run),
        )
    if table.row_count:
        Console().print(table)
    else:
        typer.echo("No channel has a digest yet: `/risk digest` in one sets it up.")


def _told(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M %Z}" if moment else "–"
