"""How `riskdesk import` tells what it does and did: progress, JSON, tables."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bot.plain import printable
from workflows.importing import KINDS, ImportResult, Rejected
from workflows.importing import Progress as Tell

SHOWN = 20
"""Rejected rows a file's report shows; the others go into --rejected or --json."""

_WORDS = {"reading": "Reading", "storing": "Storing"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file, or why it could not be read."""

    file: str
    result: ImportResult | None = None
    problem: str = ""


@contextmanager
def progress_bar() -> Iterator[Callable[[str], Tell]]:
    """Yield what gives each file its bar, on standard error; none if nobody looks."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:

        def bar_of(file: str) -> Tell:
            task = bars.add_task(printable(file), total=1.0)

            def tell(doing: str, done: float) -> None:
                total = None if doing == "storing" and done < 1 else 1.0
                words = f"{printable(file)}  {_WORDS[doing]}"
                bars.update(task, description=words, total=total, completed=done)

            return tell

        yield bar_of


def as_json(outcomes: Sequence[Outcome], *, dry_run: bool) -> str:
    """Return the outcomes as one JSON object: counts by kind, and rejected rows.

    Of several files the counts are sums, and a rejected row names its file. A file
    that could not be read stands under `errors`; a dry run adds `mapping`.
    """
    several = len(outcomes) > 1
    told: dict[str, Any] = {
        kind: {"new": 0, "changed": 0, "same": 0} for kind in KINDS
    } | {"rejected": []}
    total = 0
    for outcome in outcomes:
        if outcome.result is None:
            continue
        one = outcome.result.as_json()
        for kind in KINDS:
            for name, number in one[kind].items():
                told[kind][name] += number
        file = {"file": outcome.file} if several else {}
        told["rejected"] += [row | file for row in one["rejected"]]
        total += outcome.result.rejected_total
    if total > len(told["rejected"]):
        told["rejected_total"] = total
    if dry_run:
        told["mapping"] = [line for outcome in outcomes for line in _mapping(outcome)]
    if errors := [
        {"file": outcome.file, "reason": outcome.problem}
        for outcome in outcomes
        if outcome.problem
    ]:
        told["errors"] = errors
    return json.dumps(told, ensure_ascii=False, indent=2)


def _mapping(outcome: Outcome) -> list[dict[str, Any]]:
    """Return what each sheet of a file, and each of its columns, was taken for."""
    return [
        {
            "file": outcome.file,
            "sheet": sheet.title,
            "kind": sheet.kind,
            "columns": dict(sheet.columns),
            "ignored": list(sheet.ignored),
        }
        for sheet in (outcome.result.sheets if outcome.result else ())
    ]


def show(outcomes: Sequence[Outcome], *, dry_run: bool) -> None:
    """Print what became of each file, for a person to read."""
    console = Console()
    for outcome in outcomes:
        if outcome.result is None:
            continue
        console.print(Text(_headline(outcome.file, outcome.result, dry_run=dry_run)))
        if dry_run:
            _show_mapping(console, outcome.result)
        _show_counts(console, outcome.result)
        _show_rejected(console, outcome.result.rejected, outcome.result.rejected_total)


def _headline(file: str, result: ImportResult, *, dry_run: bool) -> str:
    if result.kept:
        told = "imported"
    elif dry_run:
        told = "what an import would do; nothing was changed"
    else:
        told = "nothing was imported, because some rows are bad and --strict is set"
    return f"{printable(file)}: {told}"


def _show_mapping(console: Console, result: ImportResult) -> None:
    for sheet in result.sheets:
        table = Table("Column", "Taken as", title=f"{sheet.kind}", title_justify="left")
        for heading, name in sheet.columns.items():
            table.add_row(_cell(heading), _cell(name))
        for heading in sheet.ignored:
            table.add_row(_cell(heading), Text("–"))
        console.print(table)


def _show_counts(console: Console, result: ImportResult) -> None:
    table = Table("", "New", "Changed", "Same")
    for kind, counts in result.counts.items():
        numbers = (counts.new, counts.changed, counts.same)
        if any(numbers):
            table.add_row(kind, *(f"{number:,}" for number in numbers))
    if table.row_count:
        console.print(table)


def _show_rejected(console: Console, rows: Sequence[Rejected], total: int) -> None:
    if not total:
        return
    were = "row was" if total == 1 else "rows were"
    console.print(Text(f"{total:,} {were} rejected:"))
    several = any(row.sheet for row in rows)
    table = Table(*(["Sheet"] if several else []), "Line", "Column", "Value", "Reason")
    for row in rows[:SHOWN]:
        place = [_cell(row.sheet)] if several else []
        told = [_cell(cell) for cell in (row.column, row.value, row.words())]
        table.add_row(*place, Text(str(row.line)), *told)
    console.print(table)
    if total > SHOWN:
        console.print(Text(f"… and {total - SHOWN:,} more: see --rejected or --json"))


def _cell(text: str) -> Text:
    return Text(printable(text))
