"""What is known of customers, read as columns: one question for each kind of fact."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, select
from sqlmodel import Session, col

from risk.facts import Evidence
from risk.financials import GENERAL, MODEL_OF
from risk.news import News, Ratings
from risk.related import ALONE, Ties
from storage.as_of import Asked, Form, known_then
from storage.columns import MONEY_SCALE
from storage.digests import rates
from storage.ledgers import days, ledger, orders, places
from storage.present import EVERY_KIND, present
from storage.reading import units
from storage.tables import (
    CreditEvent,
    Customer,
    CustomerChange,
    Note,
    Rating,
    Relation,
    Statement,
)

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

ITEMS = (
    "total_assets",
    "current_assets",
    "current_liabilities",
    "total_liabilities",
    "retained_earnings",
    "market_value",
    "sales",
    "ebit",
    "depreciation",
    "interest",
    "net_income",
    "operating_cash_flow",
)
"""What of a statement the financial facts take; each in its own currency."""

A_YEAR_BEFORE = (300, 430)
"""Days between two statements' ends that make the older one the year before's."""


def gather(asked: Asked, base: str) -> Evidence:
    """Return what was known of the customers asked about; amounts in `base` currency.

    What is in a currency without a rate is left out.
    """
    about = _about(asked)
    ids = np.array([row[0] for row in about], np.int64)
    alone = asked.who.ids if len(ids) == 1 else None
    kinds = present(asked.session, int(ids[0])) if alone else EVERY_KIND
    rate = exchange(asked, base)
    invoiced = ledger(asked, ids, rate)
    now, before, ends = _statements(asked, ids, kinds)
    return Evidence(
        ids=ids,
        ledger=invoiced,
        orders=orders(asked, ids, rate, invoiced, known="orders" in kinds),
        statements=now,
        year_before=before,
        statement_day=ends,
        model=np.array(
            [MODEL_OF.get(row[3] or "", GENERAL) for row in about], np.int64
        ),
        ratings=_ratings(asked, ids, kinds),
        events=_events(asked, ids, kinds),
        notes=_notes(asked, ids, kinds),
        ties=_ties(asked, ids, [row[4] for row in about]),
        industry=[row[1] for row in about],
        country=[row[2] for row in about],
    )


def exchange(asked: Asked, base: str) -> dict[str, float]:
    """Return what a unit of each currency is worth in `base`, as of the view's day."""
    known = rates(asked.session, asked.view.on)
    return {currency: float(worth) for currency, worth in known.items()} | {base: 1.0}


def id_span(session: Session) -> tuple[int, int]:
    """Return the lowest and the highest customer id; (1, 0) where there is none."""
    ends = select(func.min(Customer.id), func.max(Customer.id))
    first, last = session.connection().execute(ends).one()
    return (1, 0) if first is None or last is None else (first, last)


def _about(asked: Asked) -> Sequence[Sequence[Any]]:
    """Return (id, industry, country, company type, group id) of each, by id."""
    about = asked.rows(_ask_about)
    if asked.view.known_at is None:
        return about
    by_id = {row[0]: list(row) for row in about}
    for customer_id, field, value in asked.rows(_ask_changed):
        by_id[customer_id][1 + _FIELDS.index(field)] = value
    return [by_id[row[0]] for row in about]


_FIELDS = ("industry", "country", "company_type")


def _ask_about(form: Form) -> Any:
    said: list[Any] = [Customer.id, *(getattr(Customer, f) for f in _FIELDS)]
    said.append(Customer.group_id)
    return select(*said).where(form.among(Customer.id)).order_by(col(Customer.id))


def _ask_changed(form: Form) -> Any:
    """Ask (customer, field, value) of what was said of each at the moment."""
    said: list[Any] = [
        CustomerChange.customer_id,
        CustomerChange.field,
        CustomerChange.value,
    ]
    return select(*said).where(
        form.among(CustomerChange.customer_id),
        col(CustomerChange.field).in_(_FIELDS),
        col(CustomerChange.known_at) <= form.moment,
        col(CustomerChange.superseded_at) > form.moment,
    )


def _statements(
    asked: Asked, ids: Whole, kinds: Collection[str]
) -> tuple[dict[str, Array], dict[str, Array], Array]:
    """Return the latest statement of each, the year before's, and the latest's day."""
    size, columns = len(ids), (*ITEMS, "period_days")
    ends = np.full(size, np.nan)
    rows = asked.rows(_ask_periods) if "statements" in kinds else []
    if not rows:
        nothing = dict.fromkeys(columns, ends)
        return nothing, nothing, ends
    rows = sorted(rows, key=lambda r: (r[0], r[1]))
    now = {name: np.full(size, np.nan) for name in columns}
    before = {name: np.full(size, np.nan) for name in columns}
    latest = {row[0]: row for row in rows}
    for row in rows:
        apart = (latest[row[0]][1] - row[1]).days
        place = int(np.searchsorted(ids, row[0]))
        if apart == 0:
            ends[place] = row[1].toordinal()
            _put(now, place, row)
        elif A_YEAR_BEFORE[0] <= apart <= A_YEAR_BEFORE[1]:
            _put(before, place, row)
    return now, before, ends


def _ask_periods(form: Form) -> Any:
    """Ask (customer, end, days, items …) of each statement."""
    columns: list[Any] = [Statement.period_end, Statement.period_days]
    columns += [units(getattr(Statement, i)).label(i) for i in ITEMS]
    end: Any = Statement.period_end
    return form.standing(Statement, columns, [end], end)


def _put(columns: dict[str, Array], place: int, row: Any) -> None:
    columns["period_days"][place] = row[2]
    for name, value in zip(ITEMS, row[3:], strict=True):
        columns[name][place] = np.nan if value is None else value / MONEY_SCALE


def _ratings(asked: Asked, ids: Whole, kinds: Collection[str]) -> Ratings:
    if "ratings" not in kinds:
        return Ratings(places(ids, ()), days(()), [], [])
    rows = asked.rows(_ask_ratings)
    return Ratings(
        places(ids, (r[0] for r in rows)),
        days(r[3] for r in rows),
        [r[1] for r in rows],
        [r[2] for r in rows],
    )


def _ask_ratings(form: Form) -> Any:
    columns: list[Any] = [Rating.scale, Rating.value, Rating.rated_on]
    key: list[Any] = [Rating.scale, Rating.rated_on]
    return form.standing(Rating, columns, key, Rating.rated_on)


def _events(asked: Asked, ids: Whole, kinds: Collection[str]) -> News:
    if "events" not in kinds:
        return _news(ids, [])
    rows = asked.rows(_ask_events)
    return _news(ids, [(r[0], r[2], r[1], 0, 1) for r in rows])


def _ask_events(form: Form) -> Any:
    columns: list[Any] = [CreditEvent.kind, CreditEvent.happened_on]
    return form.standing(CreditEvent, columns, columns, CreditEvent.happened_on)


def _notes(asked: Asked, ids: Whole, kinds: Collection[str]) -> News:
    if "notes" not in kinds:
        return _news(ids, [])
    return _news(ids, asked.rows(_ask_notes))


def _ask_notes(form: Form) -> Any:
    columns: list[Any] = [Note.noted_on, Note.kind, Note.weight, Note.half_life_days]
    return form.standing(Note, columns, [Note.id], Note.noted_on)


def _news(ids: Whole, rows: Sequence[Any]) -> News:
    """Return (customer, day, kind, weight, half-life) rows as columns."""
    return News(
        places(ids, (r[0] for r in rows)),
        days(r[1] for r in rows),
        [r[2] for r in rows],
        np.array([r[3] for r in rows], np.float64),
        np.array([max(r[4], 1) for r in rows], np.float64),
    )


def _ties(asked: Asked, ids: Whole, groups: Sequence[int | None]) -> Ties:
    rows = asked.rows(_ask_ties) if len(ids) > 1 else []
    number = {g: n for n, g in enumerate(sorted({g for g in groups if g is not None}))}
    inside = [ALONE if g is None else number[g] for g in groups]
    return Ties(
        places(ids, (r[0] for r in rows)),
        places(ids, (r[1] for r in rows)),
        np.array(inside, np.int64),
    )


def _ask_ties(form: Form) -> Any:
    """Ask (one, other) of those tied to each other, both asked about."""
    tied: list[Any] = [Relation.customer_id, Relation.other_id]
    stands = (
        known_then(Relation, form.moment)
        if form.is_then
        else col(Relation.superseded_at).is_(None)
    )
    return select(*tied).where(*(form.among(column) for column in tied), stands)
