"""What the desk says about a file that was dropped into its direct messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from templates.messages.base import Message


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a kind of row: customers, invoices, …."""

    kind: str
    new: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A row that did not go in."""

    line: int
    column: str
    value: str
    reason: str
    details: Mapping[str, object]


@dataclass(frozen=True)
class ImportStarted(Message):
    """That files are being read."""

    template = "import_started.j2"
    names: Sequence[str]


@dataclass(frozen=True)
class ImportDone(Message):
    """What became of a file: rows by kind, and the first that were rejected."""

    template = "import_done.j2"
    name: str
    tallies: Sequence[Tally]
    rejected: Sequence[RejectedLine]
    rejected_total: int
    ignored: Sequence[str]
    """Headings that nothing was taken from."""


@dataclass(frozen=True)
class ImportAsk(Message):
    """That a file can be read in several ways; a button for each."""

    template = "import_ask.j2"
    job_id: int
    name: str
    kind: str
    """dates or amounts, which a column leaves open; or terms, which all do."""
    column: str
    value: str
    day_first: str = ""
    month_first: str = ""


@dataclass(frozen=True)
class ImportFailed(Message):
    """That a file could not be imported, and why."""

    template = "import_failed.j2"
    name: str
    message: str
    details: Mapping[str, object]
