"""Puts the demo company into an empty database, and makes its names findable."""

from datetime import datetime

from sqlmodel import Session

from bot.demo.company import DemoCompany
from bot.demo.people import ALERTED, MANAGER, PERSONAS, Alerted
from storage.bulk import insert_rows, keys_by
from storage.database import Database
from storage.names import index_names
from storage.tables import (
    AlertChannel,
    CustomerGroup,
    Invoice,
    Payment,
    Relation,
    RoleGrant,
)


def load_company(database: Database, company: DemoCompany, now: datetime) -> None:
    """Store `company` and its people's roles, all or nothing."""
    with database.write() as session:
        _customers(session, company)
        _bills(session, company)
        session.add_all(company.rates)
        session.add_all(
            RoleGrant(
                slack_id=person.slack_id,
                role=role,
                granted_by=MANAGER.slack_id,
                granted_at=now,
            )
            for person in PERSONAS
            for role in person.roles
        )
        session.add_all(_alerts(place, now) for place in ALERTED)


def _alerts(place: Alerted, now: datetime) -> AlertChannel:
    """Return a channel that hears of problems at any hour, for demos have none."""
    return AlertChannel(
        place=place.channel,
        scope={"regions": list(place.regions)},
        budget=place.budget,
        quiet_from="00:00",
        quiet_to="00:00",
        timezone=place.timezone,
        language=place.language,
        created_by=MANAGER.slack_id,
        changed_at=now,
    )


def _customers(session: Session, company: DemoCompany) -> None:
    names = sorted({account.group for account in company.accounts if account.group})
    groups = {name: CustomerGroup(name=name) for name in names}
    session.add_all(groups.values())
    session.flush()
    for account in company.accounts:
        if account.group:
            account.customer.group_id = groups[account.group].id
    session.add_all(account.customer for account in company.accounts)
    session.flush()
    for account in company.accounts:
        key = account.customer.id or 0
        for owned in (*account.names, *account.facts):
            owned.customer_id = key
        session.add_all((*account.names, *account.facts))
    _relate(session, company)
    index_names(
        session,
        (
            (account.customer.id or 0, name.name)
            for account in company.accounts
            for name in account.names
        ),
    )


def _bills(session: Session, company: DemoCompany) -> None:
    bills = [
        (account.customer.id or 0, bill, payments)
        for account in company.accounts
        for bill, payments in account.bills
    ]
    insert_rows(session, Invoice, [bill.row(key) for key, bill, _ in bills])
    keys = keys_by(session, Invoice, "number")
    insert_rows(
        session,
        Payment,
        [
            payment.row(customer, keys[bill.number])
            for customer, bill, payments in bills
            for payment in payments
        ],
    )


def _relate(session: Session, company: DemoCompany) -> None:
    """Tie the story's sisters to each other."""
    by_story = {account.story: account.customer for account in company.accounts}
    well, ill = by_story["member_default"], by_story["defaulted"]
    session.add(
        Relation(
            customer_id=well.id or 0,
            other_id=ill.id or 0,
            kind="sister",
            source=well.source,
            known_at=well.known_at,
        )
    )
