"""A recognised sheet: its rows, staged or rejected."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from connectors.files.forms import Forms
from connectors.files.headings import NEEDED, WHO, Layout
from connectors.files.shapes import Refused, Shaper, Staged
from connectors.files.text import Chunk
from connectors.files.values import Reader, Wrong
from connectors.files.words import is_total
from storage.staging import SHEET_ROWS, Row
from workflows.importing import Batch, Reading, Rejected, SheetMap

_SHOWN = 100


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
            today=self.reading.today.isoformat(),
            currency=self.forms.currency or self.reading.currency,
            by=self.reading.by,
            by_name="customer" not in who,
            terms_days=self.forms.terms_days,
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
            readers[name].column(map(itemgetter(columns[name]), full)) for name in names
        ]
        doubtful = any(reader.doubtful for reader in readers.values())
        staged: dict[str, list[Row]] = {}
        rejected: list[Rejected] = []
        shape, base = shaper.shape, self.number * SHEET_ROWS
        for line, cells, values in zip(
            lines, full, zip(*read, strict=True), strict=True
        ):
            row = dict(zip(names, values, strict=True))
            if values.count(None) >= len(names) - 2 and self._is_no_row(cells, row):
                continue
            try:
                if doubtful:
                    _check(row)
                made: list[Staged] = list(shape(base + line, row))
            except Refused as refused:
                shaper.forget(row)
                if not self._is_no_row(cells, row):
                    rejected.append(self._rejected(line, cells, refused))
                continue
            for kind, one in made:
                staged.setdefault(kind, []).append(one)
        return Batch(staged, rejected, done)

    def _is_no_row(self, cells: Sequence[str], row: Mapping[str, Any]) -> bool:
        """Return whether a line is empty, a remark, or of totals."""
        said = [cell for cell in cells if cell.strip()]
        if len(said) < 2:  # noqa: PLR2004 - a remark, if it is not a name alone
            return all(value is None or type(value) is Wrong for value in row.values())
        return is_total(said[0]) and not self._is_whole(said[0], row)

    def _is_whole(self, first: str, row: Mapping[str, Any]) -> bool:
        """Return whether a row has all it needs, though it begins like a total."""
        needed = [group for group in NEEDED[self.layout.kind] if group != WHO]
        told = (
            [row[n] for n in group if row.get(n) not in {None, first}]
            for group in needed
        )
        return all(any(type(v) is not Wrong for v in values) for values in told)

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


def _check(row: dict[str, Any]) -> None:
    for name, value in row.items():
        if type(value) is Wrong:
            raise Refused(name, value)
