"""How a customer pays, and the class that follows from that alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from risk.ledger import ZERO, Invoice, outstanding, settled
from risk.payment_index import PaymentIndex, payment_index
from risk.receivables import Ageing, ageing, days_beyond_terms, on_time_share

CLASSES = "ABCDE"

BEYOND_TERMS = (0, 7, 20, 45)
"""Most days beyond terms of classes A–D; more is E."""

OVERDUE_DAYS = (5, 20, 45, 90)
"""Most days past due of what is open now, for classes A–D; more is E."""

MATERIAL_SHARE = Decimal("0.05")
"""Share of the open amount below which an overdue item does not move the class."""


@dataclass(frozen=True, slots=True)
class Month:
    """What was settled in a month: how much, and how late by amount."""

    starts: date
    paid: Decimal
    days_beyond_terms: Decimal | None


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a customer pays, as of a day; a figure without facts is None."""

    as_of: date
    ageing: Ageing
    oldest_overdue: int
    """Days past due of the oldest material open item; 0 where nothing is overdue."""
    settled_count: int
    days_beyond_terms: Decimal | None
    on_time: Decimal | None
    index: PaymentIndex | None
    trend: tuple[Month, ...]

    @property
    def class_by_history(self) -> str | None:
        """Return the class of days beyond terms so far; None where nothing is paid."""
        days = self.days_beyond_terms
        return None if days is None else CLASSES[_grade(days, BEYOND_TERMS)]

    @property
    def class_by_overdue(self) -> str:
        """Return the class of the days overdue now."""
        return CLASSES[_grade(Decimal(self.oldest_overdue), OVERDUE_DAYS)]

    @property
    def risk_class(self) -> str | None:
        """Return A–E from payment behaviour alone; None where nothing is known.

        The worse of two counts: days beyond terms so far, days overdue now.
        """
        if self.days_beyond_terms is None and not self.ageing.overdue:
            return None
        return max(self.class_by_history or CLASSES[0], self.class_by_overdue)


def behaviour(invoices: Sequence[Invoice], as_of: date, months: int = 12) -> Behaviour:
    """Return how the customer of `invoices` (one currency) pays, as of `as_of`."""
    paid = settled(list(invoices), as_of)
    owed = outstanding(list(invoices))
    late = [(i.amount, i.days_late(as_of)) for i in paid]
    return Behaviour(
        as_of=as_of,
        ageing=ageing(owed, as_of),
        oldest_overdue=_oldest_overdue(owed, as_of),
        settled_count=len(paid),
        days_beyond_terms=days_beyond_terms(late),
        on_time=on_time_share(late),
        index=payment_index(paid, as_of),
        trend=_trend(paid, as_of, months),
    )


def _grade(days: Decimal, limits: tuple[int, ...]) -> int:
    return next((n for n, most in enumerate(limits) if days <= most), len(limits))


def overdue_items(
    invoices: Sequence[Invoice], as_of: date
) -> tuple[tuple[int, Decimal], ...]:
    """Return (days past due, amount open) of what is overdue, oldest first."""
    late = [i for i in invoices if i.due_on < as_of and i.open_amount > 0]
    late.sort(key=lambda i: i.due_on)
    return tuple(((as_of - i.due_on).days, i.open_amount) for i in late)


def oldest_material(items: Iterable[tuple[int, Decimal]], total: Decimal) -> int:
    """Return the days past due from which a material share of `total` is overdue.

    `items` are (days past due, amount), oldest first; 0 where too little is overdue.
    """
    reached = ZERO
    for days, amount in items:
        reached += amount
        if reached >= MATERIAL_SHARE * total:
            return days
    return 0


def _oldest_overdue(owed: list[Invoice], as_of: date) -> int:
    total = sum((i.open_amount for i in owed if i.open_amount > 0), ZERO)
    return oldest_material(overdue_items(owed, as_of), total)


def _trend(paid: list[Invoice], as_of: date, months: int) -> tuple[Month, ...]:
    """Return the last `months` calendar months, oldest first, this one included."""
    by_month: dict[tuple[int, int], list[tuple[Decimal, int]]] = {}
    for i in paid:
        if i.settled_on:
            key = (i.settled_on.year, i.settled_on.month)
            by_month.setdefault(key, []).append((i.amount, i.days_late(as_of)))
    starts = [as_of.replace(day=1)]
    while len(starts) < months:
        starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
    return tuple(
        Month(
            start,
            sum((a for a, _ in by_month.get((start.year, start.month), [])), ZERO),
            days_beyond_terms(by_month.get((start.year, start.month), [])),
        )
        for start in reversed(starts)
    )
