"""A small ledger for tests: customers and what they owe, in a line each."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, func, select

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
    count = session.exec(select(func.count()).select_from(Invoice)).one()
    number = f"I{count}"
    given = {"number": number, "currency": "USD", "source": "test"} | about
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
