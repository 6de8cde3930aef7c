"""The whole portfolio at once: what each customer owes, and where it belongs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Float, and_, cast, func, or_, select
from sqlmodel import Session, col

from risk.monitor.columns import Array, Whole, total
from storage.reading import table, units, worth
from storage.tables import Cover, Customer, CustomerGroup, Invoice, Order

Rates = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Cut:
    """A way to cut the portfolio: the parts' keys, each customer's part; −1 none."""

    keys: list[Any]
    part: Whole


def exposures(
    session: Session, rate: Rates, on: date, horizon_days: int
) -> tuple[Whole, Array]:
    """Return the ids of customers with exposure, ascending, and their net exposure."""
    gross = [_bills(session, rate), _orders(session, rate, on, horizon_days)]
    whose = np.concatenate([g[0] for g in gross]).astype(np.int64)
    amount = np.nan_to_num(np.concatenate([g[1] for g in gross]))
    ids, place = np.unique(whose, return_inverse=True)
    owed = np.maximum(total(place, amount, len(ids)), 0.0)
    covered, counts = _covers(session, rate, on)
    at = np.searchsorted(ids, covered)
    there = at < len(ids)
    there[there] = ids[at[there]] == covered[there]
    cover = total(at[there], counts[there], len(ids))
    return ids, owed - np.minimum(cover, owed)


def _bills(session: Session, rate: Rates) -> Any:
    left = cast(units(Invoice.amount) - units(Invoice.paid), Float)
    asked: list[Any] = [
        Invoice.customer_id,
        func.sum(left * worth(Invoice.currency, rate)),
    ]
    stands = (col(Invoice.settled_on).is_(None), col(Invoice.superseded_at).is_(None))
    return table(
        session, select(*asked).where(*stands).group_by(col(Invoice.customer_id))
    )


def _orders(session: Session, rate: Rates, on: date, horizon_days: int) -> Any:
    end = on + timedelta(days=horizon_days)
    counts = or_(
        col(Order.state) == "delivered",
        and_(
            col(Order.state) == "open",
            or_(col(Order.deliver_on).is_(None), col(Order.deliver_on) <= end),
        ),
    )
    asked: list[Any] = [
        Order.customer_id,
        func.sum(cast(units(Order.amount), Float) * worth(Order.currency, rate)),
    ]
    stands = (counts, col(Order.superseded_at).is_(None), col(Order.ordered_on) <= on)
    return table(
        session, select(*asked).where(*stands).group_by(col(Order.customer_id))
    )


def _covers(session: Session, rate: Rates, on: date) -> tuple[Whole, Array]:
    counts = units(Cover.amount) * worth(Cover.currency, rate)
    asked: list[Any] = [Cover.customer_id, counts * (1 - col(Cover.haircut))]
    holds = (
        col(Cover.superseded_at).is_(None),
        col(Cover.valid_from) <= on,
        or_(col(Cover.valid_until).is_(None), col(Cover.valid_until) >= on),
    )
    whose, amount = table(session, select(*asked).where(*holds))
    known = np.isfinite(amount)
    return whose[known].astype(np.int64), amount[known]


def places(session: Session, ids: Whole) -> tuple[Cut, Cut, Cut]:
    """Return how `ids` (ascending) lie in industries, regions and groups."""
    asked: list[Any] = [
        Customer.id,
        Customer.industry,
        Customer.region,
        Customer.group_id,
    ]
    result = session.connection().execute(select(*asked))
    keys: tuple[dict[Any, int], ...] = ({}, {}, {})
    parts = [np.full(len(ids), -1, np.int64) for _ in keys]
    cursor: Any = result.cursor
    while rows := cursor.fetchmany(50_000):
        columns = list(zip(*rows, strict=True))
        whose = np.array(columns[0], np.int64)
        at = np.searchsorted(ids, whose)
        there = at < len(ids)
        there[there] = ids[at[there]] == whose[there]
        for known, part, values in zip(keys, parts, columns[1:], strict=True):
            number = [known.setdefault(v, len(known)) if v else -1 for v in values]
            part[at[there]] = np.array(number, np.int64)[there]
    industry, region, group = (
        Cut(list(known), part) for known, part in zip(keys, parts, strict=True)
    )
    return industry, region, group


def group_names(session: Session, group_ids: list[int]) -> dict[int, str]:
    """Return the names of groups."""
    asked: list[Any] = [CustomerGroup.id, CustomerGroup.name]
    mine = col(CustomerGroup.id).in_(group_ids)
    rows = session.connection().execute(select(*asked).where(mine))
    return {row[0]: row[1] for row in rows}
