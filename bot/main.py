"""The command line, `riskdesk`: the table of contents of `bot.commands`."""

import sys
from typing import NoReturn

import typer

from bot.commands import (
    backtest,
    calibrate,
    check,
    db,
    demo,
    digest,
    doctor,
    importing,
    limit,
    lookup,
    policy,
    roles,
    rules,
    run,
    sandbox,
    score,
    sweep,
)
from bot.logs import redact
from bot.settings import SettingsError
from bot.terminal import CannotGoOn
from risk.errors import UserError
from storage.database import DatabaseFailed

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The risk desk of a company that sells on credit, living in Slack.",
)
app.command("run")(run.run)
app.command("doctor")(doctor.doctor)
app.command("import")(importing.import_files)
app.command("lookup")(lookup.lookup)
app.command("digest")(digest.digest)
app.command("check")(check.check)
app.command("receipt")(check.receipt)
app.command("score")(score.score)
app.command("sweep")(sweep.sweep)
app.command("limit")(limit.limit)
app.command("role")(roles.role)
app.command("rules")(rules.rules)
app.command("backtest")(backtest.run_backtest)
app.command("calibrate")(calibrate.run_calibrate)
app.command("demo")(demo.demo)
app.command("sandbox")(sandbox.sandbox)
app.add_typer(policy.app, name="policy")
app.add_typer(db.app, name="db")


def main() -> None:
    """Run the command that the arguments name; exit non-zero where it fails."""
    try:
        app()
    except (UserError, SettingsError, CannotGoOn) as error:
        _fail(str(error))
    except DatabaseFailed as error:
        why = str(error.orig).strip().partition("\n")[0]
        _fail(f"The database does not answer ({why}). Check DATABASE_URL.")


def _fail(text: str) -> NoReturn:
    typer.echo(redact(text), err=True)
    sys.exit(1)
