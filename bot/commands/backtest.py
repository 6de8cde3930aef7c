"""`riskdesk backtest`: history replayed month by month, and scores held to it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.commands.backtest_report import as_figures, show
from bot.terminal import open_desk
from risk.backtest import Question
from workflows.backtest import Tell, backtest

DATES = ["%Y-%m-%d"]


def run_backtest(
    *,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=DATES, help="First day; else a year back"),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=DATES, help="Last day; else as late as can be"),
    ] = None,
    horizon: Annotated[
        int, typer.Option(help="Days within which a customer may go bad")
    ] = 90,
    late: Annotated[
        int, typer.Option(help="Bad is an invoice unpaid this many days past due")
    ] = 15,
    rounds: Annotated[
        int, typer.Option(min=20, max=10_000, help="Draws of the bootstrap")
    ] = 500,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Hold the score to history: replay each month end as known then.

    Example: riskdesk backtest --from 2024-01-01 --to 2024-12-31 --horizon 90 --late 15

    Fails if there are too few outcomes to judge by. History imported in bulk counts as
    known on its own dates.
    """
    with open_desk() as services, progress("Replaying history") as tell:
        found = backtest(
            services,
            day_of(first),
            day_of(last),
            Question(horizon, late),
            rounds=rounds,
            tell=tell,
        )
    if as_json:
        typer.echo(json.dumps(as_figures(found)))
    else:
        show(Console(), found)


def day_of(moment: datetime | None) -> date | None:
    """Return the day that was typed."""
    return moment and moment.date()


@contextmanager
def progress(title: str) -> Iterator[Tell]:
    """Show a bar on stderr while work goes on, if somebody is looking."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=1.0)
        yield lambda share: bar.update(task, completed=share)
