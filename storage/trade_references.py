"""What other suppliers let a customer owe: kept as ratings, each on its own scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from sqlmodel import Session, col, select

from storage.tables import Rating

PREFIX = "trade_reference"
"""What the scale of a reference begins with; the supplier follows after a colon."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The highest credit that a supplier says it gave."""

    supplier: str
    amount: Decimal
    currency: str | None
    """None where it was told without one: then it is base currency."""
    told_on: date


def references(
    session: Session, customer_id: int, since: date, until: date
) -> Sequence[Reference]:
    """Return each supplier's latest reference told in these days, by supplier."""
    told = select(Rating).where(
        Rating.customer_id == customer_id,
        col(Rating.superseded_at).is_(None),
        col(Rating.scale).startswith(PREFIX),
        col(Rating.rated_on).between(since, until),
    )
    rows = session.exec(told.order_by(col(Rating.rated_on))).all()
    latest = {row.scale: row for row in rows}
    read = (_read(latest[scale]) for scale in sorted(latest))
    return [reference for reference in read if reference is not None]


def amount_of(value: str) -> tuple[Decimal, str | None] | None:
    """Return the amount and currency of `EUR 40000`, `40,000 EUR` or `40000`.

    None where it is no amount above 0.
    """
    words = value.replace(",", "").split()
    codes = [word.upper() for word in words if word.isalpha()]
    figures = [word for word in words if not word.isalpha()]
    if len(figures) != 1 or len(codes) > 1 or any(len(code) != 3 for code in codes):  # noqa: PLR2004 - ISO 4217
        return None
    try:
        amount = Decimal(figures[0])
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount <= 0:
        return None
    return amount, codes[0] if codes else None


def _read(row: Rating) -> Reference | None:
    found = amount_of(row.value)
    if found is None:
        return None
    supplier = row.scale.partition(":")[2] or row.agency
    return Reference(supplier, *found, row.rated_on)
