"""One transaction a piece of work: `with database.write() as session:`."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SQLite
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from storage.driver import asked

_BUSY_SECONDS = 60
_CACHE_MB = 16
"""Of each connection; SQLite's own 2 MB hold too little of an index of a million."""

DatabaseFailed = OperationalError
"""It cannot be reached, refuses us, lacks a table, or is locked."""


class Database:
    """SQLite: many threads read, one at a time writes. Or PostgreSQL, by its URL."""

    def __init__(self, url: str) -> None:
        """Open the database at `url`; nothing is read until a session begins."""
        self.engine = create_engine(driver_url(url), pool_pre_ping=_is_postgres(url))
        self._writing = self.engine
        if self.engine.dialect.name == "sqlite":
            self._writing = self.engine.execution_options(begin="IMMEDIATE")
            event.listen(self.engine, "connect", _on_connect)
            event.listen(self.engine, "begin", _on_begin)
        else:
            self.engine = self.engine.execution_options(
                isolation_level="REPEATABLE READ"
            )

    @property
    def dialect(self) -> str:
        """Return `sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Yield a session on one consistent snapshot; what it changes is dropped."""
        # The session joins what the connection has begun, which is far less work for
        # it than to find a connection itself; closed, that drops what was changed.
        with self.engine.connect() as connection:
            connection.begin()
            with _OneTransaction(connection) as session:
                yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Yield a session that commits at the end, or not at all if it raises."""
        with _OneTransaction(self._writing) as session:
            yield session
            session.commit()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


class _OneTransaction(Session):
    """A session that is one transaction, and so has one connection: found once."""

    def __init__(self, bind: Engine | Connection) -> None:
        """Use a connection that has begun a transaction, or one of the engine's."""
        super().__init__(bind, expire_on_commit=False)
        self._held = bind if isinstance(bind, Connection) else None

    def connection(self, *asked: Any, **options: Any) -> Connection:
        """Return the connection of the transaction."""
        if self._held is None or self._held.closed:
            self._held = super().connection(*asked, **options)
        return self._held


def driver_url(url: str) -> str:
    """Return `url` with the driver we bring: people write `postgres://…`."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _is_postgres(url: str) -> bool:
    return url.startswith("postgres")


def _on_connect(connection: SQLite, _: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
    connection.execute(f"PRAGMA cache_size = {-_CACHE_MB * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _on_begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    with asked(connection, f"BEGIN {mode}", ()):  # quicker than SQLAlchemy's way
        pass
