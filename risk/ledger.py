"""A customer's invoices and what was paid on them, as plain values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Invoice:
    """A claim, in one currency; a credit note has a negative amount.

    `settled_on` is the day it was paid in full; None while something is open.
    """

    number: str
    amount: Decimal
    issued_on: date
    due_on: date
    paid: Decimal = ZERO
    settled_on: date | None = None
    disputed: bool = False

    @property
    def open_amount(self) -> Decimal:
        """Return what is still to come in; nothing once it is settled."""
        return ZERO if self.settled_on else self.amount - self.paid

    def days_late(self, as_of: date) -> int:
        """Return days from due to settled, or to `as_of` while open; early is < 0."""
        return ((self.settled_on or as_of) - self.due_on).days


def settled(invoices: list[Invoice], as_of: date) -> list[Invoice]:
    """Return the invoices, credit notes left out, that were settled by `as_of`."""
    return [
        i for i in invoices if i.amount > 0 and i.settled_on and i.settled_on <= as_of
    ]


def outstanding(invoices: list[Invoice]) -> list[Invoice]:
    """Return what is open, credit notes included: they lower what is owed."""
    return [i for i in invoices if i.settled_on is None and i.open_amount != 0]
