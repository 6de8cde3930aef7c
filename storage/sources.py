"""What a score rests on besides invoices: each fact with its day and its source."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.as_of import Asked, Form
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
    rows = asked.rows(_ask_accounts)
    return [Source("accounts", "", "", row[1], row[2]) for row in rows]


def _ratings(asked: Asked) -> list[Source]:
    rows = asked.rows(_ask_ratings)
    return [Source("rating", row[2], row[1], row[3], row[4]) for row in rows]


def _events(asked: Asked) -> list[Source]:
    rows = asked.rows(_ask_events)
    return [Source("event", row[1], "", row[2], row[3]) for row in rows]


def _notes(asked: Asked) -> list[Source]:
    rows = asked.rows(_ask_notes)
    return [
        Source("note", row[1], "", row[2], row[3], row[4])
        for row in rows
        if row[5] > 0  # others weigh nothing
    ]


def _ask_accounts(form: Form) -> Any:
    columns: list[Any] = [Statement.period_end, Statement.source]
    end: Any = Statement.period_end
    return form.standing(Statement, columns, [end], end)


def _ask_ratings(form: Form) -> Any:
    columns: list[Any] = [Rating.scale, Rating.value, Rating.rated_on, Rating.source]
    key: list[Any] = [Rating.scale, Rating.rated_on]
    return form.standing(Rating, columns, key, Rating.rated_on)


def _ask_events(form: Form) -> Any:
    key: list[Any] = [CreditEvent.kind, CreditEvent.happened_on]
    return form.standing(CreditEvent, [*key, CreditEvent.source], key, key[1])


def _ask_notes(form: Form) -> Any:
    columns: list[Any] = [
        Note.text,
        Note.noted_on,
        Note.source,
        Note.link,
        Note.weight,
    ]
    return form.standing(Note, columns, [Note.id], Note.noted_on)
