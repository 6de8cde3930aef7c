"""Finds the table in a sheet: below titles, under two rows of headings, in groups."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.files.headings import Guess, Layout, recognise
from connectors.files.looks import looks, sort_of
from connectors.files.text import Chunk
from connectors.files.words import is_total

GROUP = "Customer name"
"""The heading of the column that tells each row the group it stands in."""

_PREAMBLE, _LOOKED_AT = 40, 200
_TWO_COLUMNS = 2
_LEDGERS = frozenset({"invoices", "payments"})

Line = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was recognised: below which line, and what it holds."""

    head: int
    """The line of its headings."""
    layout: Layout
    grouped: bool = False
    """Whether customers stand in rows of their own, above their invoices."""


def find_table(
    sample: Sequence[Line], title: str, said: Mapping[str, str]
) -> Table | tuple[Guess, Sequence[str]]:
    """Return the table in a sheet's first lines; else what it nearly is, its headings.

    Of several rows that may be headings the one that tells most wins.
    """
    best: Table | None = None
    nearly: tuple[Guess, Sequence[str]] = Guess("", ()), _first(sample)
    for at, headings in _candidates(sample[:_PREAMBLE]):
        below = [cells for _, cells in sample[at + 1 : at + 1 + _LOOKED_AT]]
        grouped = False
        found = _recognised(headings, below, title, said)
        if _begins_with_group(below) and _names_nobody(found):
            inside = _recognised_in_groups(headings, below, title, said)
            grouped = isinstance(inside, Layout) and inside.kind in _LEDGERS
            found = inside if grouped else found
        if isinstance(found, Guess):
            if found.missing and _is_nearer(found, nearly[0]):
                nearly = found, headings
        elif best is None or len(found.columns) > len(best.layout.columns):
            best = Table(sample[at][0], found, grouped)
    return best or nearly


def _names_nobody(found: Layout | Guess) -> bool:
    """Return whether no column has customers' names, as far as can be told."""
    return isinstance(found, Guess) or "customer_name" not in found.columns


def _is_nearer(found: Guess, other: Guess) -> bool:
    return not other.kind or len(found.missing) < len(other.missing)


def _first(sample: Sequence[Line]) -> Sequence[str]:
    """Return the first line that is no title; the first of all where all are."""
    said = [[cell.strip() for cell in row if cell.strip()] for _, row in sample]
    wide = (row for row in said if len(row) > _TWO_COLUMNS)
    return next(wide, next((row for row in said if row), []))


def _candidates(sample: Sequence[Line]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that may be headings, alone and below a row that groups them."""
    above: list[str] = []
    for at, (_, row) in enumerate(sample):
        cells = [" ".join(cell.split()) for cell in row]
        said = [cell for cell in cells if cell]
        if len(said) < _TWO_COLUMNS:
            continue
        if sum(sort_of(cell) != "text" for cell in said) * 2 > len(said):
            continue
        yield at, cells
        if above and len([cell for cell in above if cell]) < len(said):
            yield at, _together(above, cells)
        above = cells


def _together(above: Sequence[str], row: Sequence[str]) -> list[str]:
    """Return two rows of headings as one: `Invoice` over `No.` is `Invoice No.`."""
    joined, group = [], ""
    for at, cell in enumerate(row):
        group = (above[at] if at < len(above) else "") or group
        joined.append(f"{group} {cell}".strip() if cell else "")
    return joined


def _recognised(
    headings: list[str],
    below: Sequence[list[str]],
    title: str,
    said: Mapping[str, str],
) -> Layout | Guess:
    columns = looks(below, len(headings))
    found = recognise(headings, columns, title, said)
    if isinstance(found, Guess) or not _is_shared(found, below):
        return found
    others = [*headings]
    others[found.columns["customer"]] = ""
    found = recognise(others, columns, title, said)
    if isinstance(found, Guess):
        return found
    return Layout(found.kind, found.columns, headings, found.forms)


def _recognised_in_groups(
    headings: list[str],
    below: Sequence[list[str]],
    title: str,
    said: Mapping[str, str],
) -> Layout | Guess:
    groups = _Groups(len(headings))
    rows = [row for row in map(groups.add, below) if any(row)]
    return _recognised([*headings, GROUP], rows, title, said)


def _is_shared(layout: Layout, rows: Sequence[Sequence[str]]) -> bool:
    """Return whether most customer “numbers” stand for several names: an account's."""
    if not {"customer", "customer_name"} <= layout.columns.keys():
        return False
    number, name = layout.columns["customer"], layout.columns["customer_name"]
    names: dict[str, set[str]] = {}
    for row in rows:
        if len(row) > max(number, name) and row[number].strip() and row[name].strip():
            names.setdefault(row[number].strip(), set()).add(row[name].strip())
    return sum(len(called) > 1 for called in names.values()) * 2 > len(names)


class _Groups:
    """Tells each row the group it stands in, in a column behind the others."""

    def __init__(self, width: int) -> None:
        self._width, self._group = width, ""

    def add(self, row: list[str]) -> list[str]:
        """Return a row with its group's name; an empty one if it says nothing else."""
        said = [cell.strip() for cell in row if cell.strip()]
        if len(said) >= _TWO_COLUMNS and not is_total(said[0]):
            padding = [""] * (self._width - len(row))
            return [*row[: self._width], *padding, self._group]
        if said and not is_total(said[0]):
            self._group = said[0]
        return [""] * (self._width + 1)


def rows_in_groups(
    chunks: Callable[[], Iterator[Chunk]], head: int, width: int
) -> Iterator[Chunk]:
    """Yield the rows below line `head` with their group in a column of its own."""
    groups = _Groups(width)
    for lines, rows in chunks():
        yield (
            lines,
            [
                groups.add(row) if line > head else row
                for line, row in zip(lines, rows, strict=True)
            ],
        )


def _begins_with_group(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row that says anything, lines aside, says one thing."""
    counts = (sum(any(map(str.isalnum, cell)) for cell in row) for row in rows)
    return next((count for count in counts if count), 0) == 1
