"""What an import is asked and answers; a file's reader and the desk agree on it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from storage.merging import Counts
from storage.staging import Row

MOST_REJECTED = 10_000
"""Rejected rows that a result names; more are counted."""

KINDS = (
    "customers",
    "invoices",
    "payments",
    "statements",
    "ratings",
    "limits",
    "covers",
    "orders",
    "events",
    "promises",
    "clauses",
    "relations",
    "rates",
)
"""What a result counts, in the order it is told."""

Progress = Callable[[str, float], None]
"""Told what is being done (`reading` or `storing`) and the share of it that is done."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read: as of which day, in which currency, whose columns."""

    today: date
    currency: str
    by: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Heading → field, `field:form` or `:form`; `*` → forms for all columns."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that did not go in: where it stands, what is wrong with which value."""

    line: int
    column: str
    value: str
    reason: str
    details: Mapping[str, object] = field(default_factory=dict)
    sheet: str = ""

    def words(self) -> str:
        """Return the reason in English."""
        return self.reason % dict(self.details)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows that were read: staged rows by kind, and what was rejected."""

    rows: Mapping[str, Sequence[Row]]
    rejected: Sequence[Rejected]
    done: float
    """The share of the file that is read."""


@dataclass(frozen=True, slots=True)
class SheetMap:
    """What a sheet was taken for, and what each of its columns was taken as."""

    title: str
    kind: str
    columns: Mapping[str, str]
    """Heading → field, with its form where that matters."""
    ignored: Sequence[str]


class Sheet(Protocol):
    """A recognised sheet of a file."""

    @property
    def number(self) -> int:
        """Return its place in the file, from 1."""

    @property
    def map(self) -> SheetMap:
        """Return what it was taken for."""

    def heading(self, name: str) -> str:
        """Return what the file calls a field."""

    def batches(self) -> Iterator[Batch]:
        """Yield its rows."""


class Source(Protocol):
    """A file that can be imported, or asked what it is."""

    @property
    def name(self) -> str:
        """Return what it is called."""

    @property
    def digest(self) -> str:
        """Return the SHA-256 of its bytes."""

    def sheets(self, reading: Reading) -> Iterator[Sheet]:
        """Yield the sheets it holds; raise UserError where nothing can be told."""


@dataclass
class ImportResult:
    """What became of a file."""

    counts: dict[str, Counts] = field(
        default_factory=lambda: {kind: Counts() for kind in KINDS}
    )
    rejected: list[Rejected] = field(default_factory=list)
    rejected_total: int = 0
    sheets: list[SheetMap] = field(default_factory=list)
    kept: bool = False
    """Whether anything was written: no dry run, and nothing rejected if strict."""

    def reject(self, rows: Sequence[Rejected]) -> None:
        """Count rejected rows; name the first of them."""
        self.rejected_total += len(rows)
        self.rejected.extend(rows[: max(0, MOST_REJECTED - len(self.rejected))])

    def as_json(self) -> dict[str, Any]:
        """Return the result as `riskdesk import --json` prints it."""
        told: dict[str, Any] = {kind: vars(n) for kind, n in self.counts.items()}
        told["rejected"] = [
            {
                "line": row.line,
                "column": row.column,
                "value": row.value,
                "reason": row.words(),
            }
            | ({"sheet": row.sheet} if row.sheet else {})
            for row in self.rejected
        ]
        if self.rejected_total > len(self.rejected):
            told["rejected_total"] = self.rejected_total
        return told
