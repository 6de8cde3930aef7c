"""Reads a file as the import does, and gives its rows as dicts by kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from connectors.files import open_file
from storage.staging import columns
from workflows.importing import Reading, Rejected, SheetMap

TODAY = date(2026, 3, 4)
HEAD = ("Customer No", "Customer", "Invoice No", "Invoice Date", "Due Date", "Amount")
ROW = ("C1", "Acme Ltd", "1", "2024-01-31", "2024-02-29", "100.50")


@dataclass
class Read:
    """What a file holds."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    sheets: list[SheetMap] = field(default_factory=list)

    @property
    def invoices(self) -> list[dict[str, Any]]:
        return self.rows.get("invoices", [])

    @property
    def amounts(self) -> list[float]:
        return [row["amount"] / 10_000 for row in self.invoices]

    @property
    def faults(self) -> list[tuple[int, str, str, str]]:
        return [(r.line, r.column, r.value, r.words()) for r in self.rejected]


def read(path: Path, mapping: Mapping[str, str] | None = None, **asked: Any) -> Read:
    """Read the file at `path`."""
    facts: dict[str, Any] = {"today": TODAY, "currency": "USD", "by": "tests"} | asked
    found = Read()
    for sheet in open_file(path).sheets(Reading(mapping=mapping or {}, **facts)):
        found.sheets.append(sheet.map)
        for batch in sheet.batches():
            found.rejected += batch.rejected
            for kind, rows in batch.rows.items():
                names = columns(kind)
                made = [dict(zip(names, row, strict=True)) for row in rows]
                found.rows.setdefault(kind, []).extend(made)
    return found


def write(
    folder: Path,
    *rows: tuple[str, ...],
    head: tuple[str, ...] = HEAD,
    mark: str = ",",
    encoding: str = "utf-8",
    name: str = "file.csv",
) -> Path:
    """Write a delimited file; cells that hold the delimiter are quoted."""
    lines = [
        mark.join(f'"{cell}"' if mark in cell else cell for cell in row)
        for row in (head, *rows)
    ]
    path = folder / name
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return path
