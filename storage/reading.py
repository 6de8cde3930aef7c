"""Answers as columns of numbers, read in pieces: for questions of millions of rows."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import BigInteger, Float, case, literal, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session, col

from storage.columns import MONEY_SCALE

Table = npt.NDArray[np.float64]

AT_ONCE = 50_000


class ordinal(FunctionElement[int]):  # noqa: N801 - reads as SQL's functions do
    """A date column as a proleptic ordinal, as `date.toordinal` counts; a whole one."""

    inherit_cache = True
    type = BigInteger()
    name = "ordinal"


@compiles(ordinal, "sqlite")
def _ordinal_sqlite(element: ordinal, compiler: SQLCompiler, **given: Any) -> str:
    return f"(julianday({compiler.process(element.clauses, **given)}) - 1721424.5)"


@compiles(ordinal, "postgresql")
def _ordinal_postgresql(element: ordinal, compiler: SQLCompiler, **given: Any) -> str:
    day = compiler.process(element.clauses, **given)
    return f"({day} - DATE '0001-01-01' + 1)"


class _listed(FunctionElement[bool]):  # noqa: N801 - as above
    """Whether a column is one of the ids in a JSON list: one parameter, any number.

    It has no type: of a Boolean SQLAlchemy asks SQLite whether it `= 1`, and then no
    index serves.
    """

    inherit_cache = True
    name = "listed"
    _is_implicitly_boolean = True
    """Else SQLAlchemy appends `= 1` on SQLite, which then reads the whole table."""


@compiles(_listed, "sqlite")
def _listed_sqlite(element: _listed, compiler: SQLCompiler, **given: Any) -> str:
    column, ids = (compiler.process(part, **given) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - both are SQL already


@compiles(_listed, "postgresql")
def _listed_postgresql(element: _listed, compiler: SQLCompiler, **given: Any) -> str:
    column, ids = (compiler.process(part, **given) for part in element.clauses)
    # An array is looked up in an index; a function's rows are guessed to be a hundred.
    return f"{column} = ANY (CAST(translate({ids}, '[]', '{{}}') AS BIGINT[]))"


def is_listed(column: Any, ids: Collection[int]) -> Any:
    """Return the condition that `column` is one of `ids`, however many."""
    return is_in(column, listing(ids))


def is_in(column: Any, listed: Any) -> Any:
    """Return the condition that `column` is in a `listing`, or a parameter of one."""
    return _listed(col(column), literal(listed) if isinstance(listed, str) else listed)


def listing(ids: Collection[int]) -> str:
    """Return ids as one text that `is_in` takes."""
    return json.dumps(sorted(map(int, ids)))


def worth(column: Any, rate: Mapping[str, float | Decimal]) -> Any:
    """Return, as SQL, what a ten-thousandth of a row's currency is worth; NULL unknown.

    `rate` is of a whole unit, in base currency.
    """
    known = {name: literal(float(r) / MONEY_SCALE, Float) for name, r in rate.items()}
    return case(known, value=col(column))


def units(column: Any) -> Any:
    """Return a money column as the whole number that the database keeps."""
    return type_coerce(col(column), BigInteger)


def table(session: Session, question: Any) -> Table:
    """Return the answer's columns as rows of the table; NULL is NaN, true is 1."""
    return columns_of(len(question.selected_columns), pieces_of(session, question))


def columns_of(width: int, pieces: Iterable[Table]) -> Table:
    """Return rows that came in pieces, each `width` wide, as columns."""
    return np.ascontiguousarray(np.concatenate([np.empty((0, width)), *pieces]).T)


def pieces_of(session: Session, question: Any) -> Iterator[Table]:
    """Yield the answer, some rows at a time, past what the ORM does to each row."""
    result = session.connection().execute(question)
    cursor: Any = result.cursor
    while rows := cursor.fetchmany(AT_ONCE):
        yield np.array(rows, np.float64)
    result.close()


def rows_of(session: Session, question: Any) -> list[tuple[Any, ...]]:
    """Return the answer's rows as the driver gives them: for texts and numbers."""
    cursor: Any = session.connection().execute(question).cursor
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
