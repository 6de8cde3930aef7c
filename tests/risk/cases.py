"""Cases for tests: a customer's invoices, accounts, ratings and events, in a line."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from risk.case import Case
from risk.facts import Evidence
from risk.habits import Orders
from risk.ledger import Invoice
from risk.measures import Ledger
from risk.news import News, Ratings
from risk.related import ALONE, Ties
from storage.evidence import ITEMS

TODAY = date(2026, 3, 4)
NONE = np.zeros(0, np.int64)


def bill(number: str, amount: float, due: int, settled: int | None = None) -> Invoice:
    """Return an invoice due, and settled, so many days from today."""
    day = TODAY + timedelta(days=due)
    paid = None if settled is None else TODAY + timedelta(days=settled)
    worth = Decimal(str(amount))
    return Invoice(number, worth, day - timedelta(days=30), day, settled_on=paid)


def history(late: int = 0, count: int = 8) -> list[Invoice]:
    """Return `count` paid invoices of 1,000, a month apart, each so many days late."""
    return [
        bill(f"P{n}", 1000, due=-30 * n - 30, settled=-30 * n - 30 + late)
        for n in range(count)
    ]


def case(
    invoices: Sequence[Invoice],
    ratings: Sequence[tuple[str, str]] = (),
    events: Sequence[tuple[str, int]] = (),
    accounts: Mapping[str, float] | None = None,
) -> Case:
    """Return a customer as a case; `events` are (kind, days ago)."""
    ledger = Ledger.of([invoices])
    today = TODAY.toordinal()
    items = {name: np.array([(accounts or {}).get(name, np.nan)]) for name in ITEMS}
    items["period_days"] = np.array([365.0])
    blank = {name: np.full(1, np.nan) for name in items}
    zeros = np.zeros(len(events))
    known = Evidence(
        ids=np.array([1]),
        ledger=ledger,
        orders=Orders(ledger.customer, ledger.issued, ledger.amount, 1),
        statements=items if accounts else blank,
        year_before=blank,
        statement_day=np.array([today - 90.0 if accounts else np.nan]),
        model=np.array([2]),
        ratings=Ratings(
            np.zeros(len(ratings), np.int64),
            np.full(len(ratings), today - 30),
            [scale for scale, _ in ratings],
            [value for _, value in ratings],
        ),
        events=News(
            zeros.astype(np.int64),
            np.array([today - ago for _, ago in events], np.int64),
            [kind for kind, _ in events],
            zeros,
            zeros + 1,
        ),
        notes=News(NONE, NONE, [], np.zeros(0), np.zeros(0)),
        ties=Ties(NONE, NONE, np.full(1, ALONE)),
        industry=["machinery"],
        country=["DE"],
    )
    return Case(known, float("nan"), TODAY)


HEALTHY = {
    "total_assets": 1000.0,
    "current_assets": 600.0,
    "current_liabilities": 300.0,
    "total_liabilities": 550.0,
    "retained_earnings": 300.0,
    "sales": 1500.0,
    "ebit": 120.0,
    "interest": 20.0,
    "net_income": 60.0,
    "operating_cash_flow": 90.0,
}
"""Accounts of a company that does well."""
