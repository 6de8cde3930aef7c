"""What every command of the terminal shares: settings, and errors people can mend."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dotenv import dotenv_values

from bot.build import build_services
from bot.settings import Settings
from storage.migrate import migrate
from workflows.services import Actor, Services

OPERATOR = Actor(
    "operator", roles=frozenset({"sales", "analyst", "admin"}), name="operator"
)
"""Whoever has the terminal: they hold the database, so nothing is kept from them."""


class CannotGoOn(Exception):
    """A command cannot do its work; the text says why, and what to do."""


def load_settings(*needed: str, folder: Path | None = None) -> Settings:
    """Return the settings of `.env` in `folder` (here) and of the environment.

    Raises:
        SettingsError: names every missing or wrong one at once.

    """
    file = (folder or Path.cwd()) / ".env"
    return Settings.load({**dotenv_values(file), **os.environ}, *needed)


@contextmanager
def open_desk() -> Iterator[Services]:
    """Give the services that the settings ask for, on a database brought up to date."""
    services = build_services(load_settings())
    try:
        migrate(services.database.engine)
        yield services
    finally:
        services.database.close()
