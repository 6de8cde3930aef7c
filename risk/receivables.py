"""Receivable metrics: ageing, DSO, DBT and their kin.

Source: the domain reference, 3.2; worked examples of the formulas are in the tests.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from risk.ledger import ZERO, Invoice

BUCKETS = (0, 30, 60, 90)
"""Upper ends, in days past due, of all buckets but the last: not due, 1–30, …, > 90."""


class _Owed(Protocol):
    @property
    def due_on(self) -> date: ...
    @property
    def open_amount(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class Ageing:
    """Open amounts by days past due: `amounts[0]` is not due, the last is oldest."""

    amounts: tuple[Decimal, ...]
    limits: tuple[int, ...] = BUCKETS

    @property
    def total(self) -> Decimal:
        """Return all that is open."""
        return sum(self.amounts, ZERO)

    @property
    def overdue(self) -> Decimal:
        """Return what is past due."""
        return sum(self.amounts[1:], ZERO)


def ageing(
    items: Iterable[_Owed], as_of: date, limits: tuple[int, ...] = BUCKETS
) -> Ageing:
    """Return what is open on `as_of` by days past *due* date (not invoice date)."""
    amounts = [ZERO] * (len(limits) + 1)
    for item in items:
        past = (as_of - item.due_on).days
        bucket = next((n for n, end in enumerate(limits) if past <= end), len(limits))
        amounts[bucket] += item.open_amount
    return Ageing(tuple(amounts), limits)


def dso(receivables: Decimal, credit_sales: Decimal, days: int) -> Decimal | None:
    """Return days sales outstanding, in days; None without sales."""
    return receivables / credit_sales * days if credit_sales > 0 else None


def dso_count_back(
    receivables: Decimal, months: Sequence[tuple[Decimal, int]]
) -> Decimal | None:
    """Return DSO by exhaustion, in days.

    `months` are (sales, days in the month), latest first. None where the sales given
    do not reach the receivables: the answer would be a guess.
    """
    left, days = receivables, ZERO
    for sales, length in months:
        if sales > 0 and left <= sales:
            return days + left / sales * length
        left -= sales
        days += length
    return None if left > 0 else days


def best_possible_dso(
    current: Decimal, credit_sales: Decimal, days: int
) -> Decimal | None:
    """Return the DSO that would stand if nothing were overdue, in days."""
    return dso(current, credit_sales, days)


def delinquent_dso(dso_days: Decimal, credit_days: int) -> Decimal:
    """Return the days of sales outstanding beyond the credit days granted."""
    return dso_days - credit_days


def average_days_delinquent(dso_days: Decimal, best_possible: Decimal) -> Decimal:
    """Return by how many days collection runs behind the terms."""
    return dso_days - best_possible


def collection_effectiveness(
    beginning: Decimal, credit_sales: Decimal, ending: Decimal, ending_current: Decimal
) -> Decimal | None:
    """Return the collection effectiveness index, in per cent; None if undefined."""
    could = beginning + credit_sales - ending_current
    return (beginning + credit_sales - ending) / could * 100 if could else None


def days_beyond_terms(
    paid: Iterable[tuple[Decimal, int]], *, floored: bool = False
) -> Decimal | None:
    """Return the amount-weighted days beyond terms; None where nothing was paid.

    `paid` are (amount, days late); early payment counts negative, or 0 if `floored`.
    """
    total, weighted = ZERO, ZERO
    for amount, days in paid:
        total += amount
        weighted += amount * (max(days, 0) if floored else days)
    return weighted / total if total else None


def on_time_share(paid: Iterable[tuple[Decimal, int]]) -> Decimal | None:
    """Return the share, by amount, paid no later than due; None without payments."""
    total, prompt = ZERO, ZERO
    for amount, days in paid:
        total += amount
        prompt += amount if days <= 0 else ZERO
    return prompt / total if total else None


def paid_experience(invoices: Iterable[Invoice]) -> list[tuple[Decimal, int]]:
    """Return (amount, days late) of each settled invoice, for the ratios above."""
    return [
        (i.amount, (i.settled_on - i.due_on).days)
        for i in invoices
        if i.settled_on and i.amount > 0
    ]
