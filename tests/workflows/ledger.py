"""A small ledger for tests: customers and what they owe, in a line each."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlmodel import Session, col, func, select

from storage.bulk import insert_rows, keys_by
from storage.tables import CreditLimit, Customer, Invoice, Payment, Schedule
from workflows.services import Services


def customer(session: Session, number: str, at: datetime, **about: Any) -> int:
    """Add a customer; return its id."""
    given = {"name": f"Customer {number}"} | about
    row = Customer(number=number, source="test", known_at=at, **given)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def invoice(
    session: Session, whose: int, amount: str, due_on: date, at: datetime, **about: Any
) -> Invoice:
    """Add an open invoice in USD; `about` may say otherwise."""
    given = {"number": _number(session), "currency": "USD", "source": "test"} | about
    row = Invoice(
        customer_id=whose,
        amount=Decimal(amount),
        issued_on=due_on - timedelta(days=30),
        due_on=due_on,
        known_at=at,
        **given,
    )
    session.add(row)
    session.flush()
    return row


def _number(session: Session) -> str:
    """Return the next invoice's number, counted on within a session."""
    if "invoices" not in session.info:
        counted = select(func.count()).select_from(Invoice)
        session.info["invoices"] = session.exec(counted).one()
    session.info["invoices"] += 1
    return f"I{session.info['invoices'] - 1}"


class PaidBill(NamedTuple):
    """An invoice that was paid in full, in USD; when each of both came to be known."""

    whose: int
    amount: str
    due_on: date
    paid_on: date
    known_at: datetime
    paid_known_at: datetime


def paid_bills(session: Session, bills: Iterable[PaidBill]) -> None:
    """Add a history of invoices and their payments, all at once, past the ORM."""
    numbered = {_number(session): bill for bill in bills}
    insert_rows(session, Invoice, [_bill(*one) for one in numbered.items()])
    ids = keys_by(session, Invoice, "number")
    insert_rows(
        session,
        Payment,
        [
            {
                "customer_id": bill.whose,
                "invoice_id": ids[number],
                "reference": f"P{ids[number]}",
                "currency": "USD",
                "amount": Decimal(bill.amount),
                "paid_on": bill.paid_on,
                "known_at": bill.paid_known_at,
                "source": "test",
            }
            for number, bill in numbered.items()
        ],
    )


def paid_all(
    session: Session,
    whose: int,
    amount: str,
    dues: Iterable[date],
    at: datetime,
    *,
    late: int = 0,
) -> None:
    """Add invoices of one customer, each paid in full, `late` days after it was due."""
    days = timedelta(days=late)
    paid_bills(session, (PaidBill(whose, amount, d, d + days, at, at) for d in dues))


def _bill(number: str, bill: PaidBill) -> dict[str, Any]:
    return {
        "number": number,
        "customer_id": bill.whose,
        "currency": "USD",
        "amount": Decimal(bill.amount),
        "issued_on": bill.due_on - timedelta(days=30),
        "due_on": bill.due_on,
        "paid": Decimal(bill.amount),
        "settled_on": bill.paid_on,
        "known_at": bill.known_at,
        "source": "test",
    }


def pay(session: Session, invoice: Invoice, on: date, at: datetime) -> None:
    """Pay an invoice in full."""
    invoice.paid, invoice.settled_on = invoice.amount, on
    session.add(invoice)
    session.add(
        Payment(
            customer_id=invoice.customer_id,
            invoice_id=invoice.id,
            reference=f"P{invoice.id}",
            currency=invoice.currency,
            amount=invoice.amount,
            paid_on=on,
            known_at=at,
            source="test",
        )
    )


def limit(session: Session, whose: int, amount: str, at: datetime) -> None:
    """Set a credit limit in USD."""
    session.add(
        CreditLimit(
            customer_id=whose,
            currency="USD",
            amount=Decimal(amount),
            valid_from=date(2020, 1, 1),
            set_by="U1",
            source="test",
            known_at=at,
        )
    )


def schedule(services: Services, channel: str = "C1", **about: Any) -> None:
    """Set up a digest each day at 09:00 UTC, from a week ago on."""
    given: dict[str, Any] = {
        "days": "1234567",
        "hour": 9,
        "timezone": "UTC",
        "language": "en",
        "scope": {},
        "created_by": "U1",
        "changed_at": services.now() - timedelta(days=7),
        "active_from": services.now() - timedelta(days=7),
    }
    with services.database.write() as session:
        session.add(Schedule(channel=channel, **(given | about)))


def the_schedule(services: Services, channel: str = "C1") -> Schedule:
    """Return the channel's digest as it is set."""
    with services.database.read() as session:
        wanted = select(Schedule).where(col(Schedule.channel) == channel)
        return session.exec(wanted).one()
