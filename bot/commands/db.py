"""`riskdesk db …`: the database's shape."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from bot.terminal import CannotGoOn, load_settings
from storage.database import Database
from storage.migrate import migrate, pending

app = typer.Typer(no_args_is_help=True, help="Look after the database.")


@app.command()
def upgrade() -> None:
    """Bring the database up to date; safe to repeat, and from two places at once.

    Example: riskdesk db upgrade
    """
    with _database() as database:
        lacking = pending(database.engine)
        migrate(database.engine)
    typer.echo(f"Applied {', '.join(lacking)}." if lacking else "Up to date.")


@app.command()
def status() -> None:
    """Say which migrations the database lacks; fails if there are any.

    Example: riskdesk db status
    """
    with _database() as database:
        lacking = pending(database.engine)
    if lacking:
        raise CannotGoOn(
            f"The database lacks {', '.join(lacking)}: run `riskdesk db upgrade`."
        )
    typer.echo("Up to date.")


@contextmanager
def _database() -> Iterator[Database]:
    database = Database(load_settings().database_url)
    try:
        yield database
    finally:
        database.close()
