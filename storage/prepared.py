"""Questions asked while a person waits: made into SQL once, then put to the driver.

SQLAlchemy's own way takes longer than the database does, for every statement.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlmodel import Session

from storage.driver import fetch

Step = Callable[[Any], Any]


class Prepared:
    """A `SELECT` with bind parameters, all of which `rows` is given by name."""

    def __init__(self, statement: Executable) -> None:
        """Hold the statement; each engine's SQL is made when it is first asked."""
        self._statement: Any = statement
        self._ready: dict[str, _Ready] = {}

    def rows(self, session: Session, **given: object) -> Sequence[Any]:
        """Return the answer's rows, each value in the type of its column, by name."""
        connection = session.connection()
        ready = self._ready.get(connection.dialect.name)
        if ready is None:
            ready = _Ready(self._statement, connection.dialect, given)
            self._ready[connection.dialect.name] = ready
        return ready.rows(connection, given)


class _Ready:
    """The SQL of a statement in one engine's words."""

    def __init__(
        self, statement: Any, dialect: Dialect, given: dict[str, object]
    ) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        expanded = compiled.construct_expanded_state(given)
        self._sql: str = expanded.statement
        self._values = dict(expanded.parameters)
        self._binds: dict[str, Step] = dict(expanded.processors)
        self._order = expanded.positiontup
        self._columns = list(statement.selected_columns)
        names = [str(getattr(column, "key", "_")) for column in self._columns]
        self._row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 - the columns are the statement's
        self._steps: list[tuple[int, Step]] | None = None

    def rows(self, connection: Connection, given: dict[str, object]) -> Sequence[Any]:
        values = self._values | given
        for name, step in self._binds.items():
            values[name] = step(values[name])
        order = self._order
        asked: Any = values if order is None else [values[name] for name in order]
        found, described = fetch(connection, self._sql, asked)
        if self._steps is None:
            self._steps = self._typing(connection.dialect, described)
        return list(map(self._typed, found))

    def _typing(self, dialect: Dialect, described: Any) -> list[tuple[int, Step]]:
        """Return what is done to which places of a row; the driver says its types."""
        steps = [
            column.type._cached_result_processor(dialect, about[1])  # noqa: SLF001 - what SQLAlchemy itself does to each column
            for column, about in zip(self._columns, described, strict=True)
        ]
        return [(place, step) for place, step in enumerate(steps) if step]

    def _typed(self, row: tuple[Any, ...]) -> Any:
        values = list(row)
        for place, step in self._steps or ():
            values[place] = step(values[place])
        return self._row._make(values)
