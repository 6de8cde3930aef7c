"""A file as the import takes it: sheets that are recognised, rows that are staged."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from connectors.files import containers
from connectors.files.forms import Forms, decide_forms
from connectors.files.headings import (
    Layout,
    NoColumn,
    check_mapping,
    recognise,
    turned,
)
from connectors.files.shapes import Refused, Shaper, Staged
from connectors.files.text import Chunk, rows_of_text
from connectors.files.values import Reader, Wrong
from connectors.files.words import is_total
from connectors.files.workbook import ERRORS, rows_of_sheet, sheets
from risk.errors import N_, UserError
from storage.staging import SHEET_ROWS, Row
from workflows.importing import Batch, Reading, Rejected, SheetMap

_PREAMBLE, _SAMPLE = 40, 500
_SHOWN = 100


@dataclass(eq=False)
class NotRecognised(UserError):
    """No sheet of the file has headings we know."""

    name: str
    headings: str
    message = N_(
        "It is not clear what “%(name)s” holds. Its headings are: %(headings)s. "
        "Say what they mean with --map, for example --map “Doc=number”."
    )


@dataclass(eq=False)
class NothingInside(UserError):
    """A file without rows."""

    name: str
    message = N_("“%(name)s” holds no rows.")


@dataclass
class FileSheet:
    """A recognised sheet; implements `workflows.importing.Sheet`."""

    number: int
    title: str
    layout: Layout
    forms: Forms
    reading: Reading
    chunks: Callable[[], Iterator[Chunk]]
    head: int
    """The line of its headings."""
    length: int
    """About how many rows it has."""
    _readers: dict[str, Reader] = field(default_factory=dict)

    @property
    def map(self) -> SheetMap:
        """Return what the sheet and its columns were taken for."""
        taken = {
            self.layout.headings[at].strip(): name + self.forms.note(name)
            for name, at in sorted(self.layout.columns.items(), key=lambda c: c[1])
        }
        used = set(self.layout.columns.values())
        ignored = [
            heading.strip()
            for at, heading in enumerate(self.layout.headings)
            if at not in used and heading.strip()
        ]
        return SheetMap(self.title, self.layout.kind, taken, ignored)

    def heading(self, name: str) -> str:
        """Return what the file calls a field."""
        fallback = {"customer": "customer_name", "amount": "open_amount"}
        if name not in self.layout.columns and name in fallback:
            name = fallback[name] if fallback[name] in self.layout.columns else name
        return self.layout.heading(name)

    def batches(self) -> Iterator[Batch]:
        """Yield the rows below the headings, staged or rejected."""
        who = self.layout.columns
        shaper = Shaper(
            kind=self.layout.kind,
            today=self.reading.today,
            currency=self.forms.currency or self.reading.currency,
            by=self.reading.by,
            by_name="customer" not in who,
        )
        readers = {
            name: Reader(read) for name, read in self.forms.readers(self.layout).items()
        }
        done = 0
        for lines, rows in self.chunks():
            done += len(rows)
            start = next((n for n, line in enumerate(lines) if line > self.head), None)
            if start is None:
                continue
            share = min(done / max(self.length, done), 1.0)
            yield self._batch(shaper, readers, lines[start:], rows[start:], share)

    def _batch(
        self,
        shaper: Shaper,
        readers: dict[str, Reader],
        lines: Sequence[int],
        rows: list[list[str]],
        done: float,
    ) -> Batch:
        names = list(readers)
        columns = self.forms.columns(self.layout)
        width = max(columns.values()) + 1
        full = [row if len(row) >= width else row + [""] * width for row in rows]
        read = [
            readers[name].column([row[columns[name]] for row in full]) for name in names
        ]
        doubtful = any(type(value) is Wrong for column in read for value in column)
        staged: dict[str, list[Row]] = {}
        rejected: list[Rejected] = []
        shape, base = shaper.shape, self.number * SHEET_ROWS
        for line, cells, values in zip(
            lines, full, zip(*read, strict=True), strict=True
        ):
            if values.count(None) >= len(names) - 2 and self._is_no_row(cells, values):
                continue
            row = dict(zip(names, values, strict=True))
            try:
                if doubtful:
                    _check(row)
                made: list[Staged] = list(shape(base + line, row))
            except Refused as refused:
                shaper.forget(row)
                rejected.append(self._rejected(line, cells, refused))
                continue
            for kind, one in made:
                staged.setdefault(kind, []).append(one)
        return Batch(staged, rejected, done)

    @staticmethod
    def _is_no_row(cells: Sequence[str], values: Sequence[Any]) -> bool:
        """Return whether a line is empty or of totals."""
        said = [cell for cell in cells if cell.strip()]
        nothing = all(value is None for value in values) and len(said) < 2  # noqa: PLR2004 - a remark
        return not said or nothing or is_total(said[0])

    def _rejected(self, line: int, cells: Sequence[str], refused: Refused) -> Rejected:
        at = self.layout.columns.get(refused.name)
        value = refused.value or ("" if at is None else cells[at].strip())
        return Rejected(
            line=line,
            column=self.heading(refused.name),
            value=value[:_SHOWN],
            reason=refused.wrong.reason,
            details=refused.wrong.details,
            sheet=self.title if self.number > 1 else "",
        )


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
        found, unknown = 0, list[str]()
        headings = dict[str, None]()
        with TemporaryDirectory(prefix="riskdesk-import-") as folder:
            for title, chunks in self._tables(Path(folder)):
                sheet = _recognise(found + 1, title, chunks, reading)
                if isinstance(sheet, FileSheet):
                    found += 1
                    headings |= dict.fromkeys(h.strip() for h in sheet.layout.headings)
                    yield sheet
                elif sheet:
                    unknown = unknown or sheet
        if not found:
            if not unknown:
                raise NothingInside(self.name)
            raise NotRecognised(self.name, ", ".join(unknown)[: _SHOWN * 5])
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
) -> FileSheet | list[str]:
    """Return the sheet, or the headings that are not understood."""
    sample = _first_rows(chunks, _PREAMBLE + _SAMPLE)
    best: tuple[int, int, Layout] | None = None
    for at, (line, row) in enumerate(sample[:_PREAMBLE]):
        if sum(bool(cell.strip()) for cell in row) < 2:  # noqa: PLR2004 - a title
            continue
        below = [cells for _, cells in sample[at + 1 :]]
        layout = recognise(row, _filled(below, len(row)), title, reading.mapping)
        if layout and (best is None or len(layout.columns) > best[0]):
            best = len(layout.columns), line, layout
    if best is None:
        rows = [[c.strip() for c in row if c.strip()] for _, row in sample]
        return next((row for row in rows if row), [])
    _, line, layout = best
    forms, length = decide_forms(layout, chunks, line, reading)
    return FileSheet(number, title, layout, forms, reading, chunks, line, length)


def _first_rows(
    chunks: Callable[[], Iterator[Chunk]], count: int
) -> list[tuple[int, list[str]]]:
    rows = chain.from_iterable(zip(*chunk, strict=True) for chunk in chunks())
    return list(islice(rows, count))


def _filled(rows: Sequence[Sequence[str]], width: int) -> list[float]:
    """Return the share of cells in each column that say something."""
    return [
        sum(len(row) > at and bool(row[at].strip()) for row in rows) / max(len(rows), 1)
        for at in range(width)
    ]


def _check(row: dict[str, Any]) -> None:
    for name, value in row.items():
        if type(value) is Wrong:
            raise Refused(name, value)
