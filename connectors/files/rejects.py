"""Writes rejected rows to a CSV file that is safe to open in a spreadsheet."""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from workflows.importing import Rejected

HEADINGS = ("file", "sheet", "line", "column", "value", "reason")

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?[\d.,]+")


def write_rejected(path: Path, rows: Iterable[tuple[str, Rejected]]) -> None:
    """Write each (file, row that did not go in) as a line; none may run as a formula.

    It is UTF-8 with a byte order mark, without which spreadsheets garble Chinese.
    """
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        out = csv.writer(file)
        out.writerow(HEADINGS)
        for name, row in rows:
            said = (name, row.sheet, row.line, row.column, row.value, row.words())
            out.writerow([defuse(str(cell)) for cell in said])


def defuse(cell: str) -> str:
    """Return `cell` so that a spreadsheet takes it for text, whatever it begins with.

    A plain number stays one: `-5` computes nothing.
    """
    if cell.lstrip().startswith(_FORMULA) or cell.startswith(_FORMULA):
        return cell if _NUMBER.fullmatch(cell) else f"'{cell}"
    return cell
