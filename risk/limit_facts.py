"""From a customer's accounts and our sales to it to what limit methods rest on.

An impossible figure is not used and named; what is not known stays unknown, never 0.
Amounts are in base currency.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from risk.ledger import ZERO
from risk.limits import DAYS_OF_A_YEAR, LimitFacts
from risk.policy.limit import Class

Fault = Literal["assets", "liabilities", "period", "sales", "rate", "future"]
"""What of the accounts cannot be: total assets not above 0, liabilities below 0, a
period of no days, sales below 0; no rate for their currency; an end still to come."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """What of a customer's latest accounts a limit rests on; None is not known."""

    period_end: date
    period_days: int
    currency: str
    """They were drawn up in; the figures here are in base currency."""
    audited: bool = False
    total_assets: Decimal | None = None
    total_liabilities: Decimal | None = None
    equity: Decimal | None = None
    current_assets: Decimal | None = None
    current_liabilities: Decimal | None = None
    sales: Decimal | None = None

    @property
    def net_worth(self) -> Decimal | None:
        """Return equity as given, else assets less liabilities."""
        if self.equity is not None:
            return self.equity
        return _difference(self.total_assets, self.total_liabilities)

    @property
    def working_capital(self) -> Decimal | None:
        """Return current assets less current liabilities."""
        return _difference(self.current_assets, self.current_liabilities)

    @property
    def turnover(self) -> Decimal | None:
        """Return sales scaled to a year; None for a period of no days."""
        if self.sales is None or self.period_days <= 0:
            return None
        return self.sales * DAYS_OF_A_YEAR / self.period_days


@dataclass(frozen=True, slots=True)
class Sold:
    """What we invoiced a customer in the last year, credit notes deducted."""

    amount: Decimal
    terms_days: int | None = None
    """The days its invoices gave, by amount."""


def faults_of(accounts: Accounts) -> tuple[Fault, ...]:
    """Return what in `accounts` cannot be."""
    found: list[Fault] = []
    if accounts.total_assets is not None and accounts.total_assets <= 0:
        found.append("assets")
    owed = (accounts.total_liabilities, accounts.current_liabilities)
    if any(amount is not None and amount < 0 for amount in owed):
        found.append("liabilities")
    if accounts.period_days <= 0:
        found.append("period")
    if accounts.sales is not None and accounts.sales < 0:
        found.append("sales")
    return tuple(found)


def limit_facts(
    risk_class: Class,
    accounts: Accounts | None,
    sold: Sold | None,
    terms_days: int | None,
    group_exposure: Decimal | None,
) -> LimitFacts:
    """Return what the methods rest on; impossible figures are left out.

    `terms_days` are those agreed with the customer; where none are, the days that its
    invoices gave. Intangibles are in no accounts we hold, so net worth is tangible.
    """
    wrong = faults_of(accounts) if accounts else ()
    balanced = accounts if not {"assets", "liabilities"} & set(wrong) else None
    earned = accounts if not {"period", "sales"} & set(wrong) else None
    worth = balanced.net_worth if balanced else None
    given = sold.terms_days if sold else None
    return LimitFacts(
        risk_class=risk_class,
        net_worth=worth,
        tangible_net_worth=worth,
        working_capital=balanced.working_capital if balanced else None,
        turnover=earned.turnover if earned else None,
        sales_to_it=sold.amount if sold else None,
        terms_days=given if terms_days is None else terms_days,
        group_exposure=max(group_exposure or ZERO, ZERO),
    )


def _difference(more: Decimal | None, less: Decimal | None) -> Decimal | None:
    return None if more is None or less is None else more - less
