"""Reads workbooks (XLSX, XLS, ODS): every sheet, its dates as ISO text."""

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    XmlError,
    ZipError,
)

from connectors.files.containers import Damaged
from connectors.files.text import CHUNK, Chunk
from connectors.files.values import cell_text

ERRORS = (CalamineError, PasswordError, XmlError, ZipError, OSError, ValueError)


def sheets(path: Path, name: str) -> Iterator[tuple[str, CalamineSheet]]:
    """Yield the sheets of a workbook that hold anything, with their names."""
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        for title in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(title)
            if sheet.height:
                yield title, sheet
    except ERRORS as error:
        raise Damaged(name) from error


def rows_of_sheet(sheet: CalamineSheet) -> Iterator[Chunk]:
    """Yield the rows of a sheet in chunks, with their numbers in the workbook."""
    first = (sheet.start or (0, 0))[0] + 1
    rows = iter(sheet.to_python(skip_empty_area=True))
    while True:
        chunk = [[_cell(value) for value in row] for row in islice(rows, CHUNK)]
        if not chunk:
            return
        yield range(first, first + len(chunk)), chunk
        first += len(chunk)


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return cell_text(value).replace("\0", "")
