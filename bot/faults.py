"""What a person at the terminal is told of an error that they can mend."""

from bot.settings import SettingsError
from bot.terminal import CannotGoOn
from risk.errors import UserError
from storage.database import DatabaseFailed


def words_of(error: Exception) -> str | None:
    """Return what happened and what to do; None where the fault is ours."""
    if isinstance(error, (UserError, SettingsError, CannotGoOn)):
        return str(error)
    if isinstance(error, DatabaseFailed):
        why = str(error.orig).strip().partition("\n")[0]
        return f"The database does not answer ({why}). Check DATABASE_URL."
    return None
