"""Questions that come again and again: made into SQL once, then put to the driver.

SQLAlchemy's own way takes longer than the database does, for every statement.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlmodel import Session

from storage.driver import asked, fetch

Step = Callable[[Any], Any]


class Prepared:
    """A `SELECT` with bind parameters, all of which `rows` is given by name."""

    def __init__(self, statement: Executable) -> None:
        """Hold the statement; each engine's SQL is made when it is first asked."""
        self._statement: Any = statement
        self._ready: dict[str, _Ready] = {}

    def rows(self, session: Session, **given: object) -> Sequence[Any]:
        """Return the answer's rows, each value in the type of its column, by name.

        What is given and not asked for is left alone.
        """
        connection = session.connection()
        return self._in(connection, given).rows(connection, given)

    def pieces(
        self, session: Session, at_once: int, **given: object
    ) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the answer's rows, `at_once`, as the driver gives them: for numbers."""
        connection = session.connection()
        return self._in(connection, given).pieces(connection, at_once, given)

    @property
    def width(self) -> int:
        """Return the number of the answer's columns."""
        return len(self._statement.selected_columns)

    def _in(self, connection: Connection, given: dict[str, object]) -> "_Ready":
        ready = self._ready.get(connection.dialect.name)
        if ready is None:
            ready = _Ready(self._statement, connection.dialect, given)
            self._ready[connection.dialect.name] = ready
        return ready


class _Ready:
    """The SQL of a statement in one engine's words."""

    def __init__(
        self, statement: Any, dialect: Dialect, given: dict[str, object]
    ) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        expanded = compiled.construct_expanded_state(given)
        self._sql: str = expanded.statement
        self._values = dict(expanded.parameters)
        # What a list was spelt out into has steps of its own; the others keep theirs.
        own = compiled._bind_processors  # noqa: SLF001 - as SQLAlchemy itself does
        steps = dict(own) | dict(expanded.processors)
        self._binds: dict[str, Step] = {
            name: step for name, step in steps.items() if name in self._values
        }
        self._order = expanded.positiontup
        self._columns = list(statement.selected_columns)
        names = [str(getattr(column, "key", "_")) for column in self._columns]
        self._row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 - the columns are the statement's
        self._steps: list[tuple[int, Step]] | None = None

    def rows(self, connection: Connection, given: dict[str, object]) -> Sequence[Any]:
        found, described = fetch(connection, self._sql, self._bound(given))
        if self._steps is None:
            self._steps = self._typing(connection.dialect, described)
        return list(map(self._typed if self._steps else self._row._make, found))

    def pieces(
        self, connection: Connection, at_once: int, given: dict[str, object]
    ) -> Iterator[list[tuple[Any, ...]]]:
        with asked(connection, self._sql, self._bound(given)) as cursor:
            while rows := cursor.fetchmany(at_once):
                yield rows

    def _bound(self, given: dict[str, object]) -> Any:
        """Return the parameters as the driver takes them."""
        values = self._values | given
        for name, step in self._binds.items():
            values[name] = step(values[name])
        return values if self._order is None else [values[n] for n in self._order]

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
