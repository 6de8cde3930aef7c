"""Imports a file: its rows wait, are merged in one piece, and the result is told."""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping

from storage.importing import Load, loading
from storage.merging import Counts, Refusal, Stamp
from storage.staging import SHEET_ROWS
from storage.tables import ImportedFile
from workflows.importing import (
    ImportResult,
    Progress,
    Reading,
    Rejected,
    Sheet,
    Source,
)
from workflows.services import Services

log = logging.getLogger(__name__)

_TOLD = 16
"""Digits of a file's SHA-256 that its rows repeat: no two files share them."""


def import_file(
    services: Services,
    source: Source,
    *,
    by: str,
    mapping: Mapping[str, str] | None = None,
    dry_run: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
    currency: str | None = None,
) -> ImportResult:
    """Load all that `source` holds; return what became of it.

    Good rows go in and bad ones are told, or with `strict` nothing goes in if any is
    bad. With `dry_run` the result is what would be. `mapping` says what columns mean
    (heading → field) where their names do not.

    Raises:
        UserError: the file cannot be read, or a column's meaning has to be asked.

    """
    tell = progress or (lambda _, __: None)
    reading = Reading(
        today=services.today(),
        currency=currency or services.currency,
        by=by,
        mapping=mapping or {},
    )
    result, sheets = ImportResult(), dict[int, Sheet]()
    with loading(services.database) as load:
        for sheet in source.sheets(reading):
            sheets[sheet.number] = sheet
            result.sheets.append(sheet.map)
            _stage(load, sheet, result, tell)
        tell("storing", 0.0)

        def accept(refused: list[Refusal]) -> bool:
            result.reject([_told(refusal, sheets) for refusal in refused])
            result.kept = not dry_run and not (strict and result.rejected_total)
            return result.kept

        counts = _merge(services, load, source, reading, accept)
        result.counts |= counts
        result.rejected.sort(key=lambda row: (row.sheet, row.line))
        tell("storing", 1.0)
    facts = {"file": source.name, "rejected": result.rejected_total}
    log.info("file.imported", extra=facts | {"kept": result.kept})
    return result


def _stage(load: Load, sheet: Sheet, result: ImportResult, tell: Progress) -> None:
    for batch in sheet.batches():
        for kind, rows in batch.rows.items():
            load.stage(kind, rows)
        result.reject(batch.rejected)
        tell("reading", batch.done)


def _merge(
    services: Services,
    load: Load,
    source: Source,
    reading: Reading,
    accept: Callable[[list[Refusal]], bool],
) -> dict[str, Counts]:
    now = services.now()
    stamp = Stamp(
        at=now,
        today=reading.today,
        source=f"file:{source.digest[:_TOLD]}",
        by=reading.by,
        currency=reading.currency,
    )
    said = json.dumps(dict(reading.mapping), sort_keys=True) + reading.currency
    file = ImportedFile(
        digest=hashlib.sha256((source.digest + said).encode()).hexdigest(),
        name=source.name,
        imported_by=reading.by,
        imported_at=now,
        result={},
    )
    counts, _ = load.merge(stamp, accept, file)
    return counts


def _told(refusal: Refusal, sheets: Mapping[int, Sheet]) -> Rejected:
    sheet = sheets[refusal.place // SHEET_ROWS]
    return Rejected(
        line=refusal.place % SHEET_ROWS,
        column=sheet.heading(refusal.column),
        value=refusal.value,
        reason=refusal.reason,
        details=refusal.details,
        sheet=sheet.map.title if len(sheets) > 1 else "",
    )
