"""“What if”: a change of one customer's facts, applied to a case; nothing is kept.

Each change says what would happen and gives the case as it would be then. What it
cannot be applied to is refused by name: a change of nothing is no answer.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import numpy as np

from risk.case import Case, Rows, added
from risk.errors import N_, UserError
from risk.measures import OPEN

HISTORY = 730
"""Days within which invoices say what is usual."""

USUAL_GAP = 30
"""Days between invoices where there are too few to tell."""


@dataclass(eq=False)
class NothingOpen(UserError):
    """A payment of what is not owed."""

    message = N_("Nothing is open, so nothing can be paid.")


@dataclass(eq=False)
class NothingOverdue(UserError):
    """A payment of what is not overdue."""

    message = N_("Nothing is overdue, so nothing overdue can be paid.")


@dataclass(eq=False)
class NothingPaidYet(UserError):
    """Later payment by somebody who has never paid."""

    message = N_("Nothing was paid yet, so nobody can say what later would mean.")


@dataclass(eq=False)
class NothingInvoiced(UserError):
    """Further invoices for somebody who never had one."""

    message = N_("There was no invoice yet, so nobody can say what a usual one is.")


@dataclass(frozen=True, slots=True)
class Paid:
    """What a payment covers: so many invoices, so much in base currency."""

    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Pay:
    """Open invoices are paid today, the oldest first."""

    what: Literal["oldest", "overdue", "all", "amount"]
    count: int = 0
    """Of `oldest`."""
    amount: Decimal = Decimal(0)
    """Of `amount`, in `currency`; in base currency where that is None."""
    currency: str | None = None

    def apply(self, case: Case) -> Case:
        """Return the case with what is paid settled; raise where nothing can be."""
        ledger, rows = case.ledger, self._rows(case)
        left, settled = ledger.open_amount.copy(), ledger.settled.copy()
        if self.what != "amount":
            settled[rows] = case.today
            return case.with_ledger(settled=settled)
        rest = float(self.amount)
        for row in rows:
            taken = min(rest, left[row])
            rest, left[row] = rest - taken, left[row] - taken
            if left[row] <= 0:
                settled[row] = case.today
            if rest <= 0:
                break
        return case.with_ledger(open_amount=left, settled=settled)

    def covers(self, case: Case) -> Paid:
        """Return how many invoices it pays, and how much that is."""
        rows, after = self._rows(case), self.apply(case).ledger
        paid = rows[after.settled[rows] != OPEN]
        total = float(case.ledger.open_amount[rows].sum())
        if self.what == "amount":
            total = min(total, float(self.amount))
        return Paid(len(paid), Decimal(f"{total:.2f}"))

    def _rows(self, case: Case) -> Rows:
        """Return what would be paid, the oldest first; all that is open for amounts."""
        rows = open_rows(case)
        if not len(rows):
            raise NothingOpen
        if self.what == "overdue":
            rows = rows[case.ledger.due[rows] < case.today]
            if not len(rows):
                raise NothingOverdue
        return rows[: self.count] if self.what == "oldest" else rows


def open_rows(case: Case) -> Rows:
    """Return the open invoices, the oldest due first."""
    ledger = case.ledger
    rows = np.flatnonzero((ledger.settled == OPEN) & (ledger.open_amount > 0))
    return rows[np.lexsort((ledger.issued[rows], ledger.due[rows]))]


def overdue_count(case: Case) -> int:
    """Return how many invoices are overdue."""
    return int((case.ledger.due[open_rows(case)] < case.today).sum())


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for a customer: an invoice's amount, terms, days to the next."""

    amount: float
    terms: int
    gap: int
    next_on: int
    """When the next is to be expected."""


def usual(case: Case) -> Usual:
    """Return what is usual by the last two years; raise where there is no invoice."""
    ledger = case.ledger
    told = (ledger.amount > 0) & (ledger.issued > case.today - HISTORY)
    told &= ledger.issued <= case.today
    if not told.any():
        raise NothingInvoiced
    days = np.unique(ledger.issued[told])
    gap = int(max(np.median(np.diff(days)), 1)) if len(days) > 1 else USUAL_GAP
    return Usual(
        amount=float(np.median(ledger.amount[told])),
        terms=int(max(np.median(ledger.due[told] - ledger.issued[told]), 0)),
        gap=gap,
        next_on=max(int(days[-1]) + gap, case.today),
    )


@dataclass(frozen=True, slots=True)
class OnTime:
    """The next invoices are paid on the day they fall due; time passes meanwhile.

    What is open and not yet due comes first, then invoices of the usual amount, terms
    and rhythm. What is overdue stays so.
    """

    count: int

    def apply(self, case: Case) -> Case:
        """Return the case on the day the last of them is paid."""
        normal, ledger = usual(case), case.ledger
        rows = open_rows(case)
        rows = rows[ledger.due[rows] >= case.today][: self.count]
        settled = ledger.settled.copy()
        settled[rows] = ledger.due[rows]
        further = np.arange(self.count - len(rows), dtype=np.int64)
        issued = normal.next_on + further * normal.gap
        due = issued + normal.terms
        last = max([case.today, *ledger.due[rows].tolist(), *due.tolist()])
        none = np.zeros(len(further))
        after = case.with_ledger(
            customer=added(ledger.customer, none),
            amount=added(ledger.amount, none + normal.amount),
            open_amount=added(ledger.open_amount, none),
            issued=added(ledger.issued, issued),
            due=added(ledger.due, due),
            settled=added(settled, due),
            disputed=added(ledger.disputed, none),
        )
        for day in issued.tolist():
            after = ordered(after, day, normal.amount)
        return replace(after, on=date.fromordinal(last))


@dataclass(frozen=True, slots=True)
class Later:
    """Every invoice paid so far counts as paid so many days later; below 0 earlier."""

    days: int

    def apply(self, case: Case) -> Case:
        """Return the case with that history."""
        ledger = case.ledger
        paid = (ledger.settled != OPEN) & (ledger.amount > 0)
        if not paid.any():
            raise NothingPaidYet
        return case.with_ledger(due=np.where(paid, ledger.due - self.days, ledger.due))


@dataclass(frozen=True, slots=True)
class Wait:
    """So many days pass, and nothing is paid or ordered."""

    days: int

    def apply(self, case: Case) -> Case:
        """Return the case on that day."""
        return replace(case, on=case.on + timedelta(days=self.days))


@dataclass(frozen=True, slots=True)
class Ship:
    """An order of so much goes out today; in base currency where none is named."""

    amount: Decimal
    currency: str | None = None
    terms_days: int | None = None
    """None: as usual."""

    def apply(self, case: Case) -> Case:
        """Return the case with the order in the customer's habits."""
        return ordered(case, case.today, float(self.amount))


@dataclass(frozen=True, slots=True)
class Cover:
    """Cover of so much is added. It lowers what we would lose, not the risk of it."""

    amount: Decimal
    currency: str | None = None

    def apply(self, case: Case) -> Case:
        """Return the case as it is."""
        return case


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit is set to so much. The score does not look at it."""

    amount: Decimal
    currency: str | None = None

    def apply(self, case: Case) -> Case:
        """Return the case as it is."""
        return case


def ordered(case: Case, day: int, amount: float) -> Case:
    """Return the case with one order more."""
    orders = case.known.orders
    more = replace(
        orders,
        customer=added(orders.customer, [0]),
        day=added(orders.day, [day]),
        amount=added(orders.amount, [amount]),
    )
    return replace(case, known=replace(case.known, orders=more))
