"""One customer of the demo company: who it is, and two years of business with us."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from storage.tables import Customer, CustomerName, Order
from storage.tables.facts import Fact

SOURCE = "demo"
HISTORY_DAYS = 730


@dataclass
class Habit:
    """How a customer buys and pays: amounts in its currency, delays in days."""

    terms: int
    month_amount: int
    invoices_a_month: float
    delay: float
    spread: float


@dataclass(slots=True)
class Paid:
    """A payment, not yet a row: there are too many to make each an object twice."""

    reference: str
    currency: str
    amount: Decimal
    paid_on: date

    def row(self, customer: int, invoice: int) -> dict[str, Any]:
        """Return the row of `payment` for the invoice of that id."""
        owned = {"customer_id": customer, "invoice_id": invoice}
        return _told(self, self.paid_on) | owned


@dataclass(slots=True)
class Bill:
    """An invoice, not yet a row."""

    number: str
    currency: str
    amount: Decimal
    issued_on: date
    due_on: date
    terms: str
    paid: Decimal = Decimal(0)
    settled_on: date | None = None
    disputed: bool = False

    def row(self, customer: int) -> dict[str, Any]:
        """Return the row of `invoice`."""
        owned = {"customer_id": customer, "kind": "invoice"}
        return _told(self, self.issued_on) | owned


def _told(thing: Paid | Bill, day: date) -> dict[str, Any]:
    """Return what a row says of itself, and what every fact of the demo says."""
    said = {name: getattr(thing, name) for name in thing.__slots__}
    return said | {
        "known_at": learnt(day),
        "source": SOURCE,
        "assumed": False,
        "superseded_at": None,
    }


Delay = Callable[[date], float]
"""The average delay, in days, of what is invoiced on a day."""


@dataclass
class Account:
    """A customer and its facts, their `customer_id` not yet known."""

    customer: Customer
    names: list[CustomerName]
    currency: str
    habit: Habit
    group: str | None = None
    story: str | None = None
    bills: list[tuple[Bill, list[Paid]]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def open_amount(self) -> Decimal:
        """Return what it owes, in its currency."""
        return sum(
            (bill.amount - bill.paid for bill, _ in self.bills),
            start=Decimal(0),
        )


def learnt(day: date) -> datetime:
    """Return when we learnt of what happened on `day`: in its evening."""
    return datetime.combine(day, time(18), UTC)


def trade(
    account: Account,
    chance: Random,
    today: date,
    *,
    until: date | None = None,
    delay: Delay | None = None,
) -> None:
    """Fill in two years of invoices and payments, up to `until` (yesterday)."""
    habit = account.habit
    last = until or today - timedelta(days=1)
    day = today - timedelta(days=HISTORY_DAYS - chance.randrange(25))
    while day <= last:
        mean = habit.month_amount / habit.invoices_a_month
        amount = money(mean * chance.lognormvariate(0, 0.35))
        late = chance.gauss(delay(day) if delay else habit.delay, habit.spread)
        bill(account, amount, day, today, late=round(late))
        if account.story:
            order(account, amount, day - timedelta(days=10), deliver=day, invoiced=True)
        gap = 30 / habit.invoices_a_month * (0.5 + chance.expovariate(2))
        day += timedelta(days=max(1, round(gap)))


def bill(
    account: Account,
    amount: Decimal,
    day: date,
    today: date,
    *,
    late: int | None,
) -> Bill:
    """Add an invoice, paid `late` days after it is due (None: not at all)."""
    due = day + timedelta(days=account.habit.terms)
    invoice = Bill(
        number=f"{account.customer.number}-{len(account.bills) + 1:04}",
        currency=account.currency,
        amount=amount,
        issued_on=day,
        due_on=due,
        terms=f"net {account.habit.terms}",
    )
    account.bills.append((invoice, []))
    if late is not None:
        pay(account, amount, max(due + timedelta(days=late), day), today)
    return invoice


def pay(account: Account, amount: Decimal, day: date, today: date) -> None:
    """Add a payment of `amount` for the newest invoice, unless it is yet to come."""
    if day >= today:
        return
    invoice, payments = account.bills[-1]
    payments.append(
        Paid(
            reference=f"{invoice.number}/{len(payments) + 1}",
            currency=account.currency,
            amount=amount,
            paid_on=day,
        )
    )
    invoice.paid += amount
    if invoice.paid >= invoice.amount:
        invoice.settled_on = day


def order(
    account: Account, amount: Decimal, day: date, *, deliver: date, invoiced: bool
) -> None:
    """Add an order: one that stands open, or one that has been invoiced since."""
    orders = sum(isinstance(fact, Order) for fact in account.facts)
    account.facts.append(
        Order(
            customer_id=0,
            known_at=learnt(deliver if invoiced else day),
            source=SOURCE,
            number=f"{account.customer.number}-O{orders + 1:03}",
            currency=account.currency,
            amount=amount,
            ordered_on=day,
            deliver_on=deliver,
            state="invoiced" if invoiced else "open",
        )
    )


def money(amount: float) -> Decimal:
    """Return `amount` in whole cents."""
    return Decimal(round(amount * 100)) / 100
