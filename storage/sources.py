"""What a score rests on besides invoices: each fact with its day and its source."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.as_of import Asked
from storage.tables import CreditEvent, Note, Rating, Statement

MOST = 5
"""Of each kind, the newest first."""


@dataclass(frozen=True, slots=True)
class Source:
    """A fact: what it says, of which day, from where; and a link, if there is one."""

    kind: str
    """`accounts`, `rating`, `event` or `note`."""
    what: str
    """A rating's value, an event's kind, a note's text."""
    scale: str
    day: date
    source: str
    link: str | None = None


def sources(asked: Asked) -> list[Source]:
    """Return accounts, ratings, events and notes as they stood, the newest first."""
    found = [*_accounts(asked), *_ratings(asked), *_events(asked), *_notes(asked)]
    kept: list[Source] = []
    for kind in ("accounts", "rating", "event", "note"):
        own = [one for one in found if one.kind == kind]
        kept += sorted(own, key=lambda one: one.day, reverse=True)[:MOST]
    return kept


def _accounts(asked: Asked) -> list[Source]:
    columns: list[Any] = [Statement.period_end, Statement.source]
    end: Any = Statement.period_end
    rows = asked.rows(asked.standing(Statement, columns, [end], end))
    return [Source("accounts", "", "", row[1], row[2]) for row in rows]


def _ratings(asked: Asked) -> list[Source]:
    columns: list[Any] = [Rating.scale, Rating.value, Rating.rated_on, Rating.source]
    key: list[Any] = [Rating.scale, Rating.rated_on]
    rows = asked.rows(asked.standing(Rating, columns, key, Rating.rated_on))
    return [Source("rating", row[2], row[1], row[3], row[4]) for row in rows]


def _events(asked: Asked) -> list[Source]:
    key: list[Any] = [CreditEvent.kind, CreditEvent.happened_on]
    columns = [*key, CreditEvent.source]
    rows = asked.rows(asked.standing(CreditEvent, columns, key, key[1]))
    return [Source("event", row[1], "", row[2], row[3]) for row in rows]


def _notes(asked: Asked) -> list[Source]:
    columns: list[Any] = [
        Note.text,
        Note.noted_on,
        Note.source,
        Note.link,
        Note.weight,
    ]
    rows = asked.rows(asked.standing(Note, columns, [Note.id], Note.noted_on))
    return [
        Source("note", row[1], "", row[2], row[3], row[4])
        for row in rows
        if row[5] > 0  # others weigh nothing
    ]
