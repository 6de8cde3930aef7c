"""`riskdesk check` and `riskdesk receipt`: may I ship, and what was answered when."""

import json
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.terminal import OPERATOR, CannotGoOn, open_desk
from storage.database import Database
from storage.receipts import broken_at
from templates.messages.check import CheckAnswer, CheckChoices
from workflows.check import Question, check_named
from workflows.receipts import replay


def check(
    customer: Annotated[str, typer.Argument(help="A name or a number")],
    amount: Annotated[str, typer.Argument(help="What is to be shipped, e.g. 80000")],
    *,
    currency: Annotated[
        str | None, typer.Option(help="ISO code; the base currency if left out")
    ] = None,
    terms: Annotated[
        int | None, typer.Option("--net", help="Payment terms in days")
    ] = None,
    prepaid: Annotated[
        float, typer.Option(min=0, max=100, help="Per cent paid before shipping")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Say whether an order may be shipped on credit, and if not, how it may.

    Example: riskdesk check Acme 80000 --currency USD --net 60

    Fails if nobody or several are called so. The answer is kept as a receipt.
    """
    asked = Question(
        _number(amount),
        currency.upper() if currency else None,
        terms,
        Decimal(str(prepaid)) / 100,
    )
    with open_desk() as services:
        found = check_named(services, OPERATOR, customer, asked)
        if isinstance(found, CheckChoices):
            names = ", ".join(f"{c.name} ({c.number})" for c in found.candidates)
            raise CannotGoOn(f"Say which one you mean by its number: {names}.")
        if as_json:
            kept = replay(services, found.receipt_id)
            answer = {"receipt": found.receipt_id} | kept.before
            typer.echo(json.dumps(answer, ensure_ascii=False))
            return
        typer.echo(services.render(found, "en").text)
        _show(found)


def receipt(
    number: Annotated[int, typer.Argument(help="The receipt's number")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Show a check's receipt and answer it again from what it holds.

    Example: riskdesk receipt 42

    Fails if another answer comes out, or if the chain of receipts was tampered with.
    """
    with open_desk() as services:
        found = replay(services, number)
        broken = _broken(services.database)
    if as_json:
        told = {
            "receipt": number,
            "made_at": found.made_at.isoformat(),
            "actor": found.actor,
            "policy": found.policy_version,
            "words": found.words,
            "same": found.same,
            "untouched": found.untouched,
            "chain_broken_at": broken,
            "outcome": found.before,
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(
            f"Receipt {number}, {found.made_at:%Y-%m-%d %H:%M} UTC, by {found.actor},"
            f" policy {found.policy_version}"
        )
        typer.echo(found.words or "–")
        typer.echo("Answered again: " + ("the same." if found.same else "DIFFERENT."))
        whole = "unbroken" if broken is None else f"BROKEN at receipt {broken}"
        typer.echo(f"The chain of receipts is {whole}.")
    if not (found.same and found.untouched and broken is None):
        raise typer.Exit(1)


def _broken(database: Database) -> int | None:
    with database.read() as session:
        return broken_at(session)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "").replace("_", ""))
    except InvalidOperation as error:
        raise CannotGoOn(f"“{text}” is no amount. Write it like 80000.") from error


def _show(found: CheckAnswer) -> None:
    table = Table("Test", "Result", "Found", "Allowed")
    for outcome in found.outcomes:
        state = outcome.state.replace("_", " ")
        shown = ["–" if v is None else str(v) for v in (outcome.found, outcome.allowed)]
        table.add_row(outcome.key.replace("_", " "), state, *shown)
    Console().print(table)
