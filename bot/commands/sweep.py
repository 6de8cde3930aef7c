"""`riskdesk sweep`: look now at what changed, or at everybody."""

import json
from typing import Annotated

import typer

from bot.commands.backtest import progress
from bot.terminal import open_desk
from workflows.monitor.standing import signals_on
from workflows.monitor.sweep import sweep_all, sweep_touched


def sweep(
    *,
    full: Annotated[
        bool, typer.Option("--full", help="Everybody, though it is done for today")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Score and check anew whom a change touched; or, with --full, everybody.

    Example: riskdesk sweep --full --json

    The desk does both by itself. A full sweep that was stopped goes on where it was,
    with the next one by schedule.
    """
    with open_desk() as services:
        if full:
            with progress("Looking at everybody") as tell:
                number = sweep_all(services, tell, again=True)
        else:
            number = sweep_touched(services)
        on = signals_on(services)
    if as_json:
        typer.echo(json.dumps({"customers": number, "signals": on}))
        return
    typer.echo(f"{number:,} customers looked at.")
    for rule, count in on.items():
        typer.echo(f"  {rule}: {count:,}")
