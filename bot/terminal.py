"""What every command of the terminal shares: settings, and errors people can mend."""

import os
from pathlib import Path

from dotenv import dotenv_values

from bot.settings import Settings


class CannotGoOn(Exception):
    """A command cannot do its work; the text says why, and what to do."""


def load_settings(*needed: str, folder: Path | None = None) -> Settings:
    """Return the settings of `.env` in `folder` (here) and of the environment.

    Raises:
        SettingsError: names every missing or wrong one at once.

    """
    file = (folder or Path.cwd()) / ".env"
    return Settings.load({**dotenv_values(file), **os.environ}, *needed)
