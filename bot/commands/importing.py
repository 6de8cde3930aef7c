"""`riskdesk import FILE…`: loads files and tells what became of their rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.import_report import (
    Outcome,
    as_json,
    progress_bar,
    show,
)
from bot.plain import printable
from bot.terminal import CannotGoOn, open_desk
from connectors.files import open_file
from connectors.files.rejects import write_rejected
from connectors.files.values import currency_of
from risk.errors import UserError
from workflows.import_files import import_file
from workflows.importing import ImportResult, Progress
from workflows.services import Services

NONE_WENT_IN, UNREADABLE = 1, 2
"""Exit codes: rows were bad and nothing went in; a file could not be read."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the files are to be imported."""

    mapping: Mapping[str, str]
    currency: str | None
    dry_run: bool
    strict: bool


def import_files(
    files: Annotated[list[Path], typer.Argument(help="CSV, XLSX, .gz or .zip files")],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, change nothing")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="If any row is bad, let none in")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
    said: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="COLUMN=FIELD",
            help="What a column means, e.g. “Doc=number”; “Date=issued_on:dmy” or "
            "“Date=:mdy” says how its dates are written; “Note=-” leaves it out",
        ),
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="Currency of amounts that name none, e.g. EUR")
    ] = None,
    rejected: Annotated[
        Path | None, typer.Option(help="Write the rejected rows to this CSV file")
    ] = None,
) -> None:
    """Import customers, invoices, payments, statements, ratings and more.

    Example: riskdesk import invoices.csv payments.xlsx --dry-run

    Rows that cannot be taken are told, and the others go in. Exit code 1: rows were
    bad and nothing went in (--strict, or no row was good). 2: a file could not be read.
    """
    wishes = Wishes(_mapping(said or []), _currency(currency), dry_run, strict)
    with open_desk() as services, progress_bar() as bar_of:
        outcomes = [_import(services, file, wishes, bar_of) for file in files]
    for outcome in outcomes:
        if outcome.problem:
            typer.echo(f"{printable(outcome.file)}: {outcome.problem}", err=True)
    if json:
        typer.echo(as_json(outcomes, dry_run=dry_run))
    else:
        show(outcomes, dry_run=dry_run)
    if rejected is not None:
        _write(rejected, outcomes)
    raise typer.Exit(_exit_code(outcomes, strict=strict))


def _import(
    services: Services,
    file: Path,
    wishes: Wishes,
    bar_of: Callable[[str], Progress],
) -> Outcome:
    """Import one file; each is a transaction of its own."""
    try:
        result = import_file(
            services,
            open_file(file),
            by="terminal",
            mapping=wishes.mapping,
            dry_run=wishes.dry_run,
            strict=wishes.strict,
            progress=bar_of(file.name),
            currency=wishes.currency,
        )
    except UserError as error:
        return Outcome(file.name, problem=str(error))
    return Outcome(file.name, result)


def _mapping(said: Sequence[str]) -> dict[str, str]:
    """Return what `--map` says of each column; a heading may hold a `=` itself."""
    mapping = {}
    for one in said:
        heading, sign, meaning = one.rpartition("=")
        if not sign or not heading.strip() or not meaning.strip():
            raise CannotGoOn(
                f"--map {one}: write COLUMN=FIELD, for example --map Doc=number"
            )
        mapping[heading.strip()] = meaning.strip()
    return mapping


def _currency(code: str | None) -> str | None:
    """Return the ISO code of what `--currency` says."""
    known = code and currency_of(code)
    if code and not known:
        raise CannotGoOn(f"--currency {code}: no currency has this code")
    return known or None


def _write(path: Path, outcomes: Sequence[Outcome]) -> None:
    rows = [
        (outcome.file, row)
        for outcome in outcomes
        if outcome.result is not None
        for row in outcome.result.rejected
    ]
    try:
        write_rejected(path, rows)
    except OSError as error:
        raise CannotGoOn(f"{path} cannot be written ({error.strerror}).") from error


def _exit_code(outcomes: Sequence[Outcome], *, strict: bool) -> int:
    """Return 0 where rows went in, or none had to; else what kept them out."""
    if any(outcome.problem for outcome in outcomes):
        return UNREADABLE
    results = [outcome.result for outcome in outcomes if outcome.result is not None]
    return (
        NONE_WENT_IN
        if any(_is_refused(result, strict=strict) for result in results)
        else 0
    )


def _is_refused(result: ImportResult, *, strict: bool) -> bool:
    """Return whether rows were bad, and so nothing went in, or would."""
    taken = any(any(vars(counts).values()) for counts in result.counts.values())
    return result.rejected_total > 0 and (strict or not taken)
