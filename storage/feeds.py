"""What comes in from outside, and when it last did."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.tables import ImportedFile


def imports_since(session: Session, since: datetime) -> dict[str, list[datetime]]:
    """Return when each kind of fact was imported, in order; kinds as results count."""
    asked: list[Any] = [ImportedFile.imported_at, ImportedFile.result]
    rows = session.execute(
        select(*asked)
        .where(col(ImportedFile.imported_at) >= since)
        .order_by(col(ImportedFile.imported_at))
    )
    found: dict[str, list[datetime]] = {}
    for at, result in rows:
        for kind, counts in result.items():
            if isinstance(counts, dict) and any(
                counts.get(what) for what in ("new", "changed", "same")
            ):
                found.setdefault(kind, []).append(at)
    return found
