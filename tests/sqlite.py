"""Empty SQLite databases for the tests: one that was used is emptied and used again.

To open a new one takes longer than many a test.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OURS = """
SELECT name FROM sqlite_schema
WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'
"""


class Files:
    """Gives databases that are migrated and empty, and takes them back."""

    def __init__(self, template: Path) -> None:
        """Copy `template`, an empty database, whenever another one is needed."""
        self.template = template
        self._count = 0
        self._free: list[_Emptied] = []

    @contextmanager
    def database(self) -> Iterator[str]:
        """Give the URL of an empty database until the block ends."""
        used = self._free.pop() if self._free else _Emptied(self._new())
        yield f"sqlite:///{used.file}"
        with suppress(sqlite3.OperationalError):  # somebody writes it still
            if used.is_as_made():
                used.empty()
                self._free.append(used)
                return
        used.close()

    def close(self) -> None:
        """Close all databases."""
        for kept in self._free:
            kept.close()

    def _new(self) -> Path:
        self._count += 1
        return Path(
            shutil.copy(self.template, self.template.with_name(f"test{self._count}.db"))
        )


class _Emptied:
    """A database, through a connection that is kept open."""

    def __init__(self, file: Path) -> None:
        """Connect; look at what tables there are."""
        self.file = file
        self._connection = sqlite3.connect(
            file, timeout=1, isolation_level=None, check_same_thread=False
        )
        self._asks("PRAGMA synchronous = OFF")
        self._schema = self._asks("PRAGMA schema_version")
        self._filled = " UNION ALL ".join(
            f"SELECT * FROM (SELECT '{name}' FROM {name} LIMIT 1)"
            for (name,) in self._asks(_OURS)
        )

    def is_as_made(self) -> bool:
        """Return whether the tables are those that there were."""
        return self._asks("PRAGMA schema_version") == self._schema

    def empty(self) -> None:
        """Delete all rows; no foreign key minds here."""
        self._asks("BEGIN IMMEDIATE")
        for (name,) in self._asks(self._filled):
            self._asks(f"DELETE FROM {name}")
        self._asks("COMMIT")

    def close(self) -> None:
        """Disconnect."""
        self._connection.close()

    def _asks(self, question: str) -> list[tuple[str, ...]]:
        return self._connection.execute(question).fetchall()
