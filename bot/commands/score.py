"""`riskdesk score`: a customer's score as of any day, and everybody's by class."""

import json
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.terminal import OPERATOR, CannotGoOn, open_desk
from templates.messages.lookup import Choices
from templates.messages.score import CustomerWhy, Moved
from workflows.finding import find_customer
from workflows.monitor.sweep import sweep_all
from workflows.score import score_all
from workflows.services import Services
from workflows.why import explain

POINTS_A_BLOCK = 5
"""What a block of the bar beside a measure stands for."""


def score(
    customer: Annotated[
        str | None, typer.Argument(help="A name or a number; left out, everybody")
    ] = None,
    *,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="As of this day; today if left out"),
    ] = None,
    known_then: Annotated[
        bool, typer.Option("--known-then", help="Leave out what was learnt later")
    ] = False,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Say what moved it since this day; a month before if left out",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Show a customer's score to its last point; or count everybody's, by class.

    Example: riskdesk score Acme --on 2026-06-30 --known-then --since 2026-01-01

    What moved it sums to the difference of the two scores.
    """
    with open_desk() as services:
        if customer is None:
            _everybody(services, as_json=as_json)
            return
        found = find_customer(services, OPERATOR, customer)
        if isinstance(found, Choices):
            names = ", ".join(f"{c.name} ({c.number})" for c in found.candidates)
            raise CannotGoOn(f"Say which one you mean by its number: {names}.")
        day: date | None = on.date() if on else None
        told = explain(
            services,
            OPERATOR,
            found,
            day,
            known_then=known_then,
            since=since.date() if since else None,
        )
        if as_json:
            typer.echo(json.dumps(_as_json(told), ensure_ascii=False))
        else:
            typer.echo(services.render(told, "en").text)
            _show(told)


def _everybody(services: Services, *, as_json: bool) -> None:
    """Gather all facts anew, score everybody, keep it, and count by class."""
    sweep_all(services, again=True)
    counted = score_all(services).by_class()
    if as_json:
        typer.echo(json.dumps(counted))
        return
    table = Table("Class", "Customers")
    for letter, count in counted.items():
        table.add_row("not known" if letter == "?" else letter, f"{count:,}")
    Console().print(table)


def _as_json(told: CustomerWhy) -> dict[str, Any]:
    return {
        "name": told.name,
        "as_of": told.as_of.isoformat(),
        "score": told.score,
        "class": told.risk_class,
        "computed_class": told.computed_class,
        "confidence": told.confidence,
        "policy": told.policy_version,
        "adjustment": told.adjustment,
        "bounds": list(told.bounds),
        "points": {
            line.measure: {
                "factor": line.factor,
                "value": line.value,
                "points": line.points,
                "most": line.most,
                "assumed": line.assumed,
            }
            for line in told.lines
        },
        "moved": told.moved
        and {
            "since": told.moved.since.isoformat(),
            "before": told.moved.before,
            "points": {d.measure: d.points for d in told.moved.deltas},
        },
        "evidence": [
            {"kind": p.kind, "what": p.what, "day": p.day.isoformat(), "from": p.source}
            for p in told.proofs
        ],
    }


def _moved(moved: Moved) -> Table:
    """Return what moved the score since an earlier day; the points sum to the gap."""
    title = f"Since {moved.since}, when it was {moved.before}"
    table = Table("Measure", "Then", "Now", "Points", title=title)
    for delta in moved.deltas:
        figures = (delta.before, delta.after)
        shown = ["–" if figure is None else f"{figure:,.2f}" for figure in figures]
        table.add_row(delta.measure, *shown, f"{delta.points:+d}")
    return table


def _show(told: CustomerWhy) -> None:
    table = Table("Factor", "Measure", "Figure", "Points", "Of", "")
    for line in told.lines:
        figure = "not known" if line.value is None else f"{line.value:,.2f}"
        points = f"{line.points}{'*' if line.assumed else ''}"
        bar = "█" * round(line.points / POINTS_A_BLOCK)
        table.add_row(line.factor, line.measure, figure, points, str(line.most), bar)
    if told.adjustment:
        table.add_row("", ", ".join(told.bounds), "", str(told.adjustment), "", "")
    Console().print(table)
    if any(line.assumed for line in told.lines):
        typer.echo("* Not known: counted like what is known.")
    if told.moved:
        Console().print(_moved(told.moved))
    typer.echo(
        f"Score {told.score}, class {told.risk_class}, confidence {told.confidence} %,"
        f" policy {told.policy_version}"
    )
