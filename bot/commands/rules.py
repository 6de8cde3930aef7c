"""`riskdesk rules`: each rule held to what people said, what came, what it cost."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.commands.backtest import progress
from bot.terminal import open_desk
from templates.messages.rule_score import Proposal, RuleMark, RuleScore
from workflows.rules.scoreboard import scoreboard


def rules(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Show how each rule does: fired, came true, right by labels, what it cost.

    Example: riskdesk rules --json

    History is replayed as it was known then, by the policy's [monitor.scoreboard]; a
    threshold that would have done better is proposed. `/risk rules score` changes it.
    """
    with open_desk() as services, progress("Replaying history") as tell:
        found = scoreboard(services, may_tune=False, tell=tell)
    if as_json:
        typer.echo(json.dumps(_as_figures(found), default=str))
        return
    _show(Console(), found)


def _as_figures(found: RuleScore) -> dict[str, Any]:
    return {
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "late_days": found.late_days,
        "within": found.within,
        "customers": found.customers,
        "partly": found.partly,
        "rules": [asdict(mark) for mark in found.marks],
        "proposals": [asdict(proposal) for proposal in found.proposals],
    }


def _show(console: Console, found: RuleScore) -> None:
    table = Table(title=f"Rules, {found.first} to {found.last}")
    table.add_column("Rule")
    heads = ("Mode", "Fired", "A week", "Came true", "Labels", "Cards", "Minutes")
    for name in heads:
        table.add_column(name, justify="left" if name == "Mode" else "right")
    for mark in found.marks:
        table.add_row(*_row(mark))
    console.print(table)
    console.print(
        f"“Came true”: an invoice then went more than {found.late_days} days overdue"
        f" within {found.within} days; replayed over {found.customers:,} customers"
        f"{', not all: time was over' if found.partly else ''}."
    )
    for proposal in found.proposals:
        console.print(_words(proposal))


def _row(mark: RuleMark) -> tuple[str, ...]:
    return (
        mark.title or mark.rule,
        mark.state,
        str(mark.fired),
        "–" if mark.a_week is None else f"{mark.a_week:.1f}",
        _share(mark.came_true, mark.judged),
        _share(mark.right, mark.labels),
        str(mark.interruptions),
        f"{mark.minutes:.0f}",
    )


def _share(share: float | None, of: int) -> str:
    return "–" if share is None else f"{share:.0%} of {of}"


def _words(proposal: Proposal) -> str:
    now, better = proposal.now, proposal.better
    return (
        f"{proposal.rule}: {proposal.parameter} {now.value:g} → {better.value:g}"
        f" (F1 {now.f1:.2f} → {better.f1:.2f},"
        f" firings a week {now.a_week:.1f} → {better.a_week:.1f})"
    )
