"""`riskdesk lookup`: finds customers by name or number, as Slack does."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.plain import lines_of, printable
from bot.terminal import OPERATOR, CannotGoOn, open_desk
from risk.errors import UserError
from templates.messages.lookup import CustomerCard
from templates.mrkdwn import plain
from workflows.finding import Found, search
from workflows.lookup import look_up
from workflows.services import Services


def lookup(
    name: Annotated[str | None, typer.Argument(help="A name or a number")] = None,
    *,
    batch: Annotated[
        Path | None, typer.Option(help="A file with a query a line, UTF-8")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
    most: Annotated[int, typer.Option(min=1, max=100, help="How many to show")] = 10,
) -> None:
    """Find customers by name or number: misspelt, shortened, Chinese, in pinyin.

    Example: riskdesk lookup "acme trading" --json

    Fails if nobody is found; with --batch, each query has a line of its own.
    """
    if (name is None) == (batch is None):
        raise CannotGoOn("Give a name, or a file of names with --batch.")
    with open_desk() as services:
        if batch is not None:
            _answer_all(services, _queries(batch), most, as_json=as_json)
            return
        found = search(services, name or "", most)
        if as_json:
            typer.echo(json.dumps(_as_json(found), ensure_ascii=False))
        else:
            _show(services, name or "", found)
    if not found:
        raise typer.Exit(1)


def _queries(file: Path) -> Iterable[str]:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CannotGoOn(f"{file} cannot be read as UTF-8 text ({error}).") from error


def _answer_all(
    services: Services, queries: Iterable[str], most: int, *, as_json: bool
) -> None:
    for query in queries:
        found = search(services, query, most)
        if as_json:
            answer = {"query": query} | _as_json(found)
            typer.echo(json.dumps(answer, ensure_ascii=False))
            continue
        first = f"{found[0].number}\t{found[0].name}" if found else "–\t–"
        typer.echo(f"{query}\t{first}")


def _as_json(found: list[Found]) -> dict[str, Any]:
    return {
        "matches": [
            {"number": match.number, "name": match.name, "score": match.score}
            for match in found
        ]
    }


def _show(services: Services, name: str, found: list[Found]) -> None:
    """Print how the one clear match stands; else who may be meant."""
    try:
        card = look_up(services, OPERATOR, name)
    except UserError as error:
        raise CannotGoOn(str(error)) from error
    if isinstance(card, CustomerCard):
        rendered = services.render(card, "en")
        for line in (plain(rendered.text), *list(lines_of(rendered.blocks))[1:]):
            typer.echo(printable(line))
        return
    table = Table("Number", "Name", "Score")
    for match in found:
        table.add_row(match.number, match.name, f"{match.score:.2f}")
    Console().print(table)
