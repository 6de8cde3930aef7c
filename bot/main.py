"""The command line, `riskdesk`: the table of contents of `bot.commands`."""

import sys
from typing import NoReturn

import typer

from bot.garbage import search_seldom
from bot.lazy import LazyGroup, Place, load
from bot.logs import redact

COMMANDS = {
    "run": Place(
        "bot.commands.run:run",
        "Answer Slack, post digests and alerts; SIGTERM finishes what is in hand.",
    ),
    "doctor": Place(
        "bot.commands.doctor:doctor",
        "Check tokens, scopes, Socket Mode, database, time zone and policy.",
    ),
    "import": Place(
        "bot.commands.importing:import_files",
        "Import customers, invoices, payments, statements, ratings and more.",
    ),
    "lookup": Place(
        "bot.commands.lookup:lookup",
        "Find customers by name or number: misspelt, shortened, Chinese, in pinyin.",
    ),
    "digest": Place(
        "bot.commands.digest:digest",
        "Show every channel's digest; or what one would say now; or have it posted.",
    ),
    "check": Place(
        "bot.commands.check:check",
        "Say whether an order may be shipped on credit, and if not, how it may.",
    ),
    "receipt": Place(
        "bot.commands.check:receipt",
        "Show a check's receipt and answer it again from what it holds.",
    ),
    "score": Place(
        "bot.commands.score:score",
        "Show a customer's score to its last point; or count everybody's, by class.",
    ),
    "sweep": Place(
        "bot.commands.sweep:sweep",
        "Score and check anew whom a change touched; or, with --full, everybody.",
    ),
    "limit": Place(
        "bot.commands.limit:limit",
        "Show every method of a customer's credit limit; or set it.",
    ),
    "role": Place(
        "bot.commands.roles:role",
        "Show a person's roles; give them one, or take it away.",
    ),
    "rules": Place(
        "bot.commands.rules:rules",
        "Show how each rule does: fired, came true, right by labels, what it cost.",
    ),
    "backtest": Place(
        "bot.commands.backtest:run_backtest",
        "Hold the score to history: replay each month end as known then.",
    ),
    "calibrate": Place(
        "bot.commands.calibrate:run_calibrate",
        "Fit the score to your own outcomes; see who would move. Nothing changes yet.",
    ),
    "demo": Place(
        "bot.commands.demo:demo",
        "Show the desk at work: a workspace in the browser, a company, the bot.",
    ),
    "sandbox": Place(
        "bot.commands.sandbox:sandbox",
        "Run a workspace for bots and people: Web API, Socket Mode, a page to act on.",
    ),
    "policy": Place(
        "bot.commands.policy:app",
        "Look a policy over before it is in force, and compare two.",
    ),
    "db": Place(
        "bot.commands.db:app",
        "Look after the database.",
    ),
}


class _Commands(LazyGroup):
    places = COMMANDS


app = typer.Typer(cls=_Commands, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def _riskdesk() -> None:
    """The risk desk of a company that sells on credit, living in Slack."""  # noqa: D401 - help, of the whole


def main() -> None:
    """Run the command that the arguments name; exit non-zero where it fails."""
    search_seldom()
    try:
        app()
    except Exception as error:
        words = load("bot.faults:words_of")(error)
        if words is None:
            raise
        _fail(words)


def _fail(text: str) -> NoReturn:
    typer.echo(redact(text), err=True)
    sys.exit(1)
