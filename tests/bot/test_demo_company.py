"""The demo company: the same every time, whole, and with its stories to be found."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select

from bot.demo.account import Account
from bot.demo.company import CUSTOMERS, RATES, DemoCompany, build_company
from bot.demo.load import load_company
from bot.demo.stories import STORIES
from storage.database import Database
from storage.names import find_exact
from storage.people import user_and_roles
from storage.tables import Cover, CreditLimit, Customer, Order, Signal
from workflows.monitor.sweep import sweep_due
from workflows.services import Services

TODAY = date(2026, 3, 4)


def _told(company: DemoCompany) -> list[object]:
    return [
        (a.customer.model_dump(), [repr(bill) for bill in a.bills], repr(a.facts))
        for a in company.accounts
    ]


@pytest.fixture(scope="module")
def company() -> DemoCompany:
    """Make the company, to be looked at only."""
    return build_company(TODAY)


def test_the_same_seed_and_day_make_the_same_company(company: DemoCompany) -> None:
    first = _told(company)
    assert first == _told(build_company(TODAY))
    assert first != _told(build_company(TODAY, seed=1))


def test_names_and_numbers_are_unique(company: DemoCompany) -> None:
    accounts = company.accounts
    assert len(accounts) == CUSTOMERS
    assert len({a.customer.number for a in accounts}) == CUSTOMERS
    assert len({n.name for a in accounts for n in a.names}) == sum(
        len(a.names) for a in accounts
    )


def test_what_was_paid_adds_up_and_nothing_lies_in_the_future(
    company: DemoCompany,
) -> None:
    for account in company.accounts:
        for invoice, payments in account.bills:
            assert invoice.paid == sum(p.amount for p in payments) <= invoice.amount
            assert (invoice.settled_on is not None) == (invoice.paid == invoice.amount)
            assert invoice.issued_on < TODAY
            assert all(invoice.issued_on <= p.paid_on < TODAY for p in payments)
        midnight = datetime.combine(TODAY, datetime.min.time(), UTC)
        assert all(fact.known_at < midnight for fact in account.facts)


@pytest.mark.parametrize("today", [TODAY, date(2027, 1, 1), date(2028, 2, 29)])
def test_every_story_can_be_found(today: date) -> None:
    stories = {a.story: a for a in build_company(today).accounts if a.story}
    assert set(stories) == {story.kind for story in STORIES}
    quiet = max(bill.issued_on for bill, _ in stories["gone_quiet"].bills)
    assert timedelta(days=85) < today - quiet < timedelta(days=100)
    lapsing = [f for f in stories["cover_lapses"].facts if isinstance(f, Cover)]
    assert [f.valid_until for f in lapsing] == [today + timedelta(days=9)]
    overdue = [
        bill
        for bill, _ in stories["first_overdue"].bills
        if bill.settled_on is None and bill.due_on < today
    ]
    assert [bill.due_on for bill in overdue] == [today - timedelta(days=12)]


def _late(account: Account, least: int, most: int) -> float:
    """Return how late it paid, on average, `least` to `most` days ago."""
    days = [
        (payment.paid_on - bill.due_on).days
        for bill, payments in account.bills
        for payment in payments
        if least <= (TODAY - payment.paid_on).days < most
    ]
    return sum(days) / len(days)


def _orders(account: Account, state: str, days: int = 800) -> Decimal:
    since = TODAY - timedelta(days=days)
    return sum(
        (
            f.amount
            for f in account.facts
            if isinstance(f, Order) and f.state == state and f.ordered_on >= since
        ),
        start=Decimal(0),
    )


def _amount(account: Account, kind: type[Cover] | type[CreditLimit]) -> Decimal:
    return next(f.amount for f in account.facts if isinstance(f, kind))


def test_the_stories_are_plain_in_the_figures(company: DemoCompany) -> None:
    told = {a.story: a for a in company.accounts if a.story}
    slow = told["turning_slow"]
    assert _late(slow, 0, 60) > _late(slow, 200, 700) + 10
    spike = told["order_spike"]
    usual = _orders(spike, "invoiced") / 24
    assert _orders(spike, "open", 30) > 4 * usual
    eaten = told["limit_eaten"]
    assert eaten.open_amount() < _amount(eaten, CreditLimit) / 2
    assert _orders(eaten, "open") + eaten.open_amount() > _amount(eaten, CreditLimit)
    lapsing = told["cover_lapses"]
    owed = lapsing.open_amount() + _orders(lapsing, "open")
    covered = _amount(lapsing, Cover) * Decimal("0.9")
    assert owed - covered < _amount(lapsing, CreditLimit) * Decimal("0.8")
    assert owed > _amount(lapsing, CreditLimit) * Decimal("1.2")
    assert told["member_default"].group == told["defaulted"].group
    assert _amount(told["cash_only"], CreditLimit) == 0


def test_one_customer_owes_more_than_a_tenth(company: DemoCompany) -> None:
    owed = {
        account.story or account.customer.number: float(account.open_amount())
        * RATES[account.currency]
        for account in company.accounts
    }
    assert owed["concentration"] > sum(owed.values()) / 10


def test_it_loads_and_its_names_are_found(database: Database) -> None:
    load_company(database, build_company(TODAY), datetime(2026, 3, 4, 9, tzinfo=UTC))
    with database.read() as session:
        assert len(find_exact(session, "青杉精密机械有限公司")) == 1
        _, roles = user_and_roles(session, "U0MANAGER")
    assert {"approver", "admin"} <= roles


NOTICED = {
    "turning_slow": "slower_payment",
    "order_spike": "orders_rise",
    "gone_quiet": "silence",
    "member_default": "related_trouble",
    "defaulted": "credit_event",
    "limit_eaten": "limit_used",
    "cover_lapses": "cover_lapse",
    "disputes_rise": "disputes",
    "partial": "likely_late",
    "first_overdue": "first_overdue",
    "concentration": "concentration_customer",
    "rating_cut": "rating_drop",
    "statement_overdue": "statement_overdue",
    "cash_only": "limit_used",
}
"""The rule of the default policy that finds each story."""


def test_the_desk_notices_every_story(services: Services) -> None:
    load_company(services.database, build_company(services.today()), services.now())
    sweep_due(services)
    with services.database.read() as session:
        found = set(
            session.exec(
                select(Customer.name, Signal.rule)
                .join(Signal, col(Signal.customer_id) == col(Customer.id))
                .where(Signal.state == "on")
            )
        )
    assert set(NOTICED) == {story.kind for story in STORIES}
    missed = [s.kind for s in STORIES if (s.name, NOTICED[s.kind]) not in found]
    assert missed == []
