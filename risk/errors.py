"""Mistakes that the user can put right. The class says what happened and what to do."""

from typing import ClassVar


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for “translate later”
    """Mark `message` as something users read; it is translated when shown."""
    return message


class UserError(Exception):
    """Something the user can mend; the instance's fields fill `message`."""

    message: ClassVar[str]

    def __str__(self) -> str:
        """Return the English words, for the terminal."""
        return self.message % vars(self)
