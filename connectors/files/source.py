"""A file as the import takes it: sheets that are recognised, rows that are staged."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from connectors.files import containers
from connectors.files.balances import without_running_balance
from connectors.files.forms import decide_forms
from connectors.files.headings import Guess, NoColumn, check_mapping, turned
from connectors.files.sheet import FileSheet
from connectors.files.tables import Table, find_table, rows_in_groups
from connectors.files.text import Chunk, rows_of_text
from connectors.files.unknown import not_recognised
from connectors.files.workbook import ERRORS, rows_of_sheet, sheets
from risk.errors import UserError
from workflows.importing import Reading

_SAMPLE = 500
_SHOWN = 100


@dataclass(frozen=True)
class FileSource:
    """A file on disk; implements `workflows.importing.Source`."""

    path: Path
    name: str
    digest: str

    def sheets(self, reading: Reading) -> Iterator[FileSheet]:
        """Yield the sheets that are recognised.

        Raises:
            UserError: none is, a column is ambiguous, or the file is damaged.

        """
        check_mapping(reading.mapping)
        found = 0
        unknown: tuple[Guess, Sequence[str]] | None = None
        headings = dict[str, None]()
        with TemporaryDirectory(prefix="riskdesk-import-") as folder:
            for title, chunks in self._tables(Path(folder)):
                sheet = _recognise(found + 1, title, chunks, reading)
                if isinstance(sheet, FileSheet):
                    found += 1
                    headings |= dict.fromkeys(h.strip() for h in sheet.layout.headings)
                    yield sheet
                elif sheet[1]:
                    unknown = unknown or sheet
        if not found:
            raise not_recognised(self.name, unknown)
        _check_headings(reading.mapping, headings)

    def _tables(
        self, folder: Path
    ) -> Iterator[tuple[str, Callable[[], Iterator[Chunk]]]]:
        for member in containers.members(self.path, self.name, folder):
            if member.form == "text":
                yield member.name, partial(rows_of_text, member.path)
                continue
            for title, sheet in sheets(member.path, member.name):
                whole = f"{member.name}: {title}"
                with _damage_told(member.name):
                    yield whole, partial(rows_of_sheet, sheet)


def open_file(path: Path, name: str | None = None) -> FileSource:
    """Return the file at `path` as something to import, shown by `name`.

    Raises:
        UserError: there is no such file.

    """
    return FileSource(path, name or path.name, containers.digest(path))


def _check_headings(mapping: Mapping[str, str], headings: Iterable[str]) -> None:
    """Raise NoColumn if a person's mapping names a column that no sheet has."""
    shown = [heading for heading in headings if heading]
    places = {heading.lower() for heading in shown}
    for left, right in mapping.items():
        if turned(left, right, places)[0] not in places | {"*"}:
            raise NoColumn(left, ", ".join(shown)[: _SHOWN * 5])


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    try:
        yield
    except UserError:
        raise
    except ERRORS as error:
        raise containers.Damaged(name) from error


def _recognise(
    number: int,
    title: str,
    chunks: Callable[[], Iterator[Chunk]],
    reading: Reading,
) -> FileSheet | tuple[Guess, Sequence[str]]:
    """Return the sheet, or what it nearly is and the headings that are not clear."""
    sample = _first_rows(chunks, _SAMPLE)
    table = find_table(sample, title, reading.mapping)
    if not isinstance(table, Table):
        return table
    if table.grouped:
        width = len(table.layout.headings) - 1
        chunks = partial(rows_in_groups, chunks, table.head, width)
    forms, length = decide_forms(table.layout, chunks, table.head, reading)
    below = [row for line, row in sample if line > table.head]
    layout = without_running_balance(table.layout, forms, below)
    return FileSheet(number, title, layout, forms, reading, chunks, table.head, length)


def _first_rows(
    chunks: Callable[[], Iterator[Chunk]], count: int
) -> list[tuple[int, list[str]]]:
    rows = chain.from_iterable(zip(*chunk, strict=True) for chunk in chunks())
    return list(islice(rows, count))
