"""What a calibration found, as tables in the terminal and as JSON."""

from math import isnan
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.commands.backtest_report import interval, number, said
from bot.plain import printable
from risk.policy import CLASSES
from workflows.calibrate import Calibration
from workflows.shadow import Move, Reason, Shadow

SHOWN = 20
"""Movers shown in the terminal; --json has them all."""


def as_figures(found: Calibration) -> dict[str, Any]:
    """Return all figures by name; what cannot be said is null."""
    trial = found.trial
    return {
        "policy": found.current.version,
        "candidate": found.candidate.version,
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "horizon": found.asked.horizon,
        "late": found.asked.late,
        "rows": found.rows,
        "events": found.events,
        "auc": said(found.known.value),
        "auc_unseen": said(found.unseen.value),
        "test": trial
        and {
            "rows": trial.candidate.rows,
            "events": trial.candidate.events,
            "auc": said(trial.current.auc.value),
            "auc_candidate": said(trial.candidate.auc.value),
            "auc_candidate_low": said(trial.candidate.auc.low),
            "auc_candidate_high": said(trial.candidate.auc.high),
            "gain": said(trial.gain.value),
            "gain_low": said(trial.gain.low),
            "gain_high": said(trial.gain.high),
        },
        "shadow": {
            "day": found.shadow.day.isoformat(),
            "scored": found.shadow.scored,
            "moved": found.shadow.moved,
            "moves": [_move(move) for move in found.shadow.moves],
        },
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "number": move.number,
        "name": move.name,
        "before": move.before,
        "after": move.after,
        "points": move.points,
        "why": {reason.measure: reason.points for reason in move.why},
    }


def show(console: Console, found: Calibration, written: Path | None) -> None:
    """Print what was learnt, how it does, who would move; and where it was written."""
    console.print(
        Text(
            f"Candidate {found.candidate.version}, learnt from {found.rows:,} "
            f"customer-months, {found.first} to {found.last}, {found.events:,} of them "
            f"bad"
        )
    )
    console.print(_figures(found))
    console.print(_points(found))
    console.print(_classes(found.shadow))
    _show_moves(console, found.shadow)
    if written is None:
        end = "Nothing was written: give --out FILE to keep the candidate."
    else:
        end = f"Written to {written}. It is in force once RISKDESK_POLICY names it."
    console.print(Text(end))


def _figures(found: Calibration) -> Table:
    table = Table("AUC (95 %)", "In force", "Candidate", title="How it does")
    table.add_row(
        "months learnt from, customers unseen",
        interval(found.known),
        interval(found.unseen),
    )
    if found.trial:
        trial = found.trial
        months = f"{trial.candidate.months[0]} to {trial.candidate.months[-1]}"
        table.add_row(
            f"test, {months}: {trial.candidate.rows:,} rows, "
            f"{trial.candidate.events:,} bad",
            interval(trial.current.auc),
            interval(trial.candidate.auc),
        )
        gain = trial.gain
        told = "" if isnan(gain.low) else f" ({gain.low:+.3f} to {gain.high:+.3f})"
        table.add_row("gain on the test", "", f"{gain.value:+.3f}{told}")
    return table


def _points(found: Calibration) -> Table:
    table = Table("Measure", "In force", "Candidate", title="Points")
    after = dict(found.candidate.policy.score.measures())
    for name, measure in found.current.policy.score.measures():
        if (measure.points, measure.curve) != (after[name].points, after[name].curve):
            table.add_row(name, str(measure.points), str(after[name].points))
    for letter in CLASSES[:-1]:
        limits = [
            str(p.policy.score.least(letter)) for p in (found.current, found.candidate)
        ]
        table.add_row(f"least score of {letter}", *limits)
    return table


def _classes(shadow: Shadow) -> Table:
    letters: list[str | None] = [*CLASSES, None]
    table = Table(
        "Now \\ candidate",
        *(letter or "none" for letter in letters),
        title=f"Customers on {shadow.day}: {shadow.moved:,} of {shadow.scored:,} move",
    )
    for before in letters:
        counts = [shadow.classes.get((before, after), 0) for after in letters]
        if any(counts):
            cells = (f"{count:,}" if count else "" for count in counts)
            table.add_row(before or "none", *cells)
    return table


def _show_moves(console: Console, shadow: Shadow) -> None:
    if not shadow.moves:
        return
    table = Table(
        "Number",
        "Name",
        "Class",
        "Points",
        "Why",
        title="Who would move; points against the class's edge",
    )
    for move in shadow.moves[:SHOWN]:
        table.add_row(
            Text(printable(move.number)),
            Text(printable(move.name)),
            f"{move.before or '–'} → {move.after or '–'}",
            f"{move.points:+}",
            ", ".join(map(_reason, move.why)),
        )
    console.print(table)
    if shadow.moved > SHOWN:
        left = shadow.moved - SHOWN
        console.print(Text(f"… and {left:,} more: --json names up to 200"))


def _reason(reason: Reason) -> str:
    return f"{reason.measure} {number(reason.value)} ({reason.points:+})"
