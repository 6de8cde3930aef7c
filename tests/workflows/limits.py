"""A small company for tests of limits: customers, accounts, people with roles."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from storage import people
from storage.names import index_names
from storage.tables import (
    CreditLimit,
    CustomerGroup,
    ExchangeRate,
    LimitRequest,
    OutboxMessage,
    Receipt,
    Statement,
    User,
)
from tests.rows import in_order
from tests.workflows.ledger import customer, invoice, paid_all
from workflows.services import Actor, Services

D = Decimal
ANN = Actor("UANN", roles=frozenset({"sales", "analyst"}), name="Ann")
BOB = Actor("UBOB", roles=frozenset({"sales", "approver"}), name="Bob")
SAM = Actor("USAM", name="Sam")


def company(services: Services) -> int:
    """Add Acme, of class B, with accounts and sales, and three people; return Acme.

    Its accounts, in USD: net worth 1,000,000, working capital 400,000, turnover
    6,000,000. Sold to it in 12 months: 365,000, at 30 days.
    """
    now, today = services.now(), services.today()
    with services.database.write() as session:
        acme = named(session, services, "1001", "Acme Trading Ltd", region="EMEA")
        dues = [today - timedelta(days=40 + 30 * month) for month in range(5)]
        paid_all(session, acme, "65000", dues, now, late=4)
        invoice(session, acme, "40000", today + timedelta(days=10), now)
        session.add(accounts(acme, services))
        rate(session, services, "EUR", "1.25")
        for actor, role in ((ANN, "analyst"), (BOB, "approver"), (SAM, "")):
            session.add(User(slack_id=actor.slack_id, name=actor.name, seen_at=now))
            if role:
                people.grant_role(session, actor.slack_id, role, "", by="x", at=now)
    return acme


def named(
    session: Session, services: Services, number: str, name: str, **about: Any
) -> int:
    """Add a customer that can be found by name, with terms of 30 days."""
    given = {"terms_days": 30} | about
    whose = customer(session, number, services.now(), name=name, **given)
    index_names(session, [(whose, name)])
    return whose


def accounts(whose: int, services: Services, **about: Any) -> Statement:
    """Return a customer's accounts of the last year's end."""
    given: dict[str, Any] = {
        "period_end": date(2025, 12, 31),
        "currency": "USD",
        "total_assets": D(3_000_000),
        "total_liabilities": D(2_000_000),
        "current_assets": D(1_400_000),
        "current_liabilities": D(1_000_000),
        "retained_earnings": D(500_000),
        "sales": D(6_000_000),
        "ebit": D(400_000),
        "net_income": D(250_000),
    } | about
    return Statement(customer_id=whose, known_at=services.now(), source="test", **given)


def rate(session: Session, services: Services, currency: str, value: str) -> None:
    """Add what a unit of a currency is worth, from two days ago on."""
    since = services.today() - timedelta(days=2)
    session.add(
        ExchangeRate(
            currency=currency,
            valid_from=since,
            rate=D(value),
            known_at=services.now(),
            source="test",
        )
    )


def group(session: Session, name: str) -> int:
    """Add a group of companies; return its id."""
    row = CustomerGroup(name=name)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def all_limits(services: Services) -> list[CreditLimit]:
    """Return every limit that was ever set, oldest first."""
    with services.database.read() as session:
        return in_order(session, CreditLimit)


def requests(services: Services) -> list[LimitRequest]:
    """Return every request, oldest first."""
    with services.database.read() as session:
        return in_order(session, LimitRequest)


def owed(services: Services) -> list[OutboxMessage]:
    """Return all that is owed to Slack, oldest first."""
    with services.database.read() as session:
        return in_order(session, OutboxMessage)


def kept_receipts(services: Services) -> list[Receipt]:
    """Return every receipt, oldest first."""
    with services.database.read() as session:
        return in_order(session, Receipt)
