"""What the cells of a column look like: full or empty, dates, amounts or text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from connectors.files.amounts import amount_reader
from connectors.files.dates import parse
from connectors.files.values import Wrong

Sort = Literal["dates", "amounts", "both", "text"]

_MOST = 0.6
"""The share of a column's cells that make it a column of dates, or of amounts."""

_LONGEST = 40
_POINT, _COMMA = amount_reader("."), amount_reader(",")


@dataclass(frozen=True, slots=True)
class Look:
    """A column's share of cells that say something, and what sort most of them are."""

    filled: float
    holds: Sort


def looks(rows: Sequence[Sequence[str]], width: int) -> list[Look]:
    """Return how each of the first `width` columns of `rows` looks."""
    columns = ([row[at] for row in rows if len(row) > at] for at in range(width))
    return [_look(cells, len(rows)) for cells in columns]


def _look(cells: Sequence[str], count: int) -> Look:
    said = [cell for cell in cells if cell.strip()]
    sorts = [sort_of(cell) for cell in said]
    dates = sum(sort in {"dates", "both"} for sort in sorts)
    amounts = sum(sort in {"amounts", "both"} for sort in sorts)
    least = max(_MOST * len(said), 1)
    holds: Sort = "text"
    if dates >= least:
        holds = "both" if amounts >= least else "dates"
    elif amounts >= least:
        holds = "amounts"
    return Look(len(said) / max(count, 1), holds)


@lru_cache(20_000)
def sort_of(cell: str) -> Sort:
    """Return what a cell may be taken for; `20240305` for both date and amount."""
    text = cell.strip()
    if len(text) > _LONGEST:
        return "text"
    date = parse(text, "dmy") or parse(text, "mdy")
    amount = any(not isinstance(read(text), Wrong) for read in (_POINT, _COMMA))
    if date:
        return "both" if amount else "dates"
    return "amounts" if amount else "text"
