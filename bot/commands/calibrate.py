"""`riskdesk calibrate`: a candidate policy fitted to the company's own outcomes."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.commands.backtest import DATES, day_of, progress
from bot.commands.calibrate_report import as_figures, show
from bot.terminal import CannotGoOn, open_desk
from risk.backtest import Question
from workflows.calibrate import Windows, fit


def run_calibrate(
    *,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=DATES, help="First day to learn from"),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=DATES, help="Last day to learn from"),
    ] = None,
    test_from: Annotated[
        datetime | None, typer.Option(formats=DATES, help="First day to test on")
    ] = None,
    test_to: Annotated[
        datetime | None, typer.Option(formats=DATES, help="Last day to test on")
    ] = None,
    shadow: Annotated[
        datetime | None,
        typer.Option(formats=DATES, help="Day of the shadow run; else the latest"),
    ] = None,
    horizon: Annotated[
        int, typer.Option(help="Days within which a customer may go bad")
    ] = 90,
    late: Annotated[
        int, typer.Option(help="Bad is an invoice unpaid this many days past due")
    ] = 15,
    out: Annotated[
        Path | None, typer.Option(help="Write the candidate policy to this new file")
    ] = None,
    rounds: Annotated[
        int, typer.Option(min=20, max=10_000, help="Draws of the bootstrap")
    ] = 500,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Fit the score to your own outcomes; see who would move. Nothing changes yet.

    Example: riskdesk calibrate --from 2023-01-01 --to 2023-12-31 --test-from 2024-04-01
    --out candidate.toml

    The candidate comes into force when RISKDESK_POLICY names its file. Fails if there
    are too few outcomes to learn from.
    """
    if out is not None and out.exists():
        raise CannotGoOn(f"{out} exists already. Give --out the name of a new file.")
    when = Windows(*map(day_of, (first, last, test_from, test_to, shadow)))
    with open_desk() as services, progress("Learning from history") as tell:
        found = fit(services, when, Question(horizon, late), rounds=rounds, tell=tell)
    if out is not None:
        try:
            out.write_text(found.candidate.text, encoding="utf-8")
        except OSError as error:
            raise CannotGoOn(f"{out} cannot be written ({error.strerror}).") from error
    if as_json:
        typer.echo(json.dumps(as_figures(found), ensure_ascii=False))
    else:
        show(Console(), found, out)
