"""The demo company: 300 customers, two years of business, up to a given day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from random import Random

from bot.demo.account import HISTORY_DAYS, SOURCE, Account, Habit, learnt, trade
from bot.demo.facts import add_facts
from bot.demo.fates import FATES
from bot.demo.names import REGIONS, Company, companies
from bot.demo.people import SALES, SALES_CHINA, TRAINEE
from bot.demo.stories import STORIES, Story
from storage.tables import Customer, CustomerName, ExchangeRate

SEED = 20
CUSTOMERS = 300
GROUPS = 12
"""Groups of two or three ordinary customers, beside those of the stories."""

OWNERS = {
    "Europe": SALES.slack_id,
    "China": SALES_CHINA.slack_id,
    "Americas": TRAINEE.slack_id,
}
RATES = {"EUR": 1.09, "GBP": 1.27, "CNY": 0.139, "USD": 1.0}
"""What a unit is worth in US dollars, on average."""


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """All that the demo's database is filled with."""

    accounts: list[Account]
    rates: list[ExchangeRate]


def build_company(today: date, seed: int = SEED) -> DemoCompany:
    """Return the company as it stands on `today`; the same for the same arguments."""
    chance = Random(seed)  # noqa: S311 - a made-up company, not a secret
    told = [_of_story(story, chance) for story in STORIES]
    others = [
        _account(company, chance)
        for company in islice(companies(chance), CUSTOMERS - len(told))
    ]
    accounts = told + others
    chance.shuffle(accounts)
    for place, account in enumerate(accounts):
        _number(account, 10_001 + place)
        FATES.get(account.story or "", trade)(account, chance, today)
        add_facts(account, chance, today)
    _make_groups(others, chance)
    return DemoCompany(accounts, list(_rates(chance, today)))


def _of_story(story: Story, chance: Random) -> Account:
    company = Company(story.name, story.chinese, story.country, "manufacturing")
    account = _account(company, chance)
    account.story, account.currency = story.kind, story.currency
    account.habit = Habit(30, _local(60_000, story.currency), 2, -1, 2)
    if story.name.startswith("Halvorsen"):
        account.group = "Halvorsen Group"
    return account


def _account(company: Company, chance: Random) -> Account:
    habit = Habit(
        terms=chance.choice((30, 30, 45, 60)),
        month_amount=_local(chance.lognormvariate(10, 0.8), company.currency),
        invoices_a_month=1.5,
        delay=chance.choice((-3, -1, 0, 0, 1, 3, 6, 12, 25)),
        spread=chance.choice((1, 3, 6)),
    )
    region = REGIONS.get(company.country, "Europe")
    customer = Customer(
        number="",
        name=company.name,
        owner=OWNERS[region],
        region=region,
        country=company.country,
        industry=company.industry,
        company_type="private_manufacturer",
        terms_days=habit.terms,
        source=SOURCE,
        known_at=learnt(date(2000, 1, 1)),
    )
    kinds = {"legal": company.name, "chinese": company.chinese}
    names = [
        CustomerName(customer_id=0, kind=kind, name=name, known_at=customer.known_at)
        for kind, name in kinds.items()
        if name
    ]
    return Account(customer, names, company.currency, habit)


def _number(account: Account, number: int) -> None:
    account.customer.number = f"C{number}"


def _make_groups(accounts: list[Account], chance: Random) -> None:
    """Put some customers under one roof."""
    for number in range(1, GROUPS + 1):
        for account in chance.sample(accounts, chance.choice((2, 3))):
            account.group = account.group or f"Demo Holding {number}"


def _rates(chance: Random, today: date) -> Iterator[ExchangeRate]:
    """Yield a rate a month for each currency, wandering a little."""
    for currency, average in sorted(RATES.items()):
        for days in range(0, HISTORY_DAYS + 31, 30):
            day = today - timedelta(days=HISTORY_DAYS + 30 - days)
            wander = 1 if currency == "USD" else 1 + chance.uniform(-0.02, 0.02)
            yield ExchangeRate(
                currency=currency,
                valid_from=day,
                rate=Decimal(str(round(average * wander, 6))),
                known_at=learnt(day),
                source=SOURCE,
            )


def _local(dollars: float, currency: str) -> int:
    return round(dollars / RATES[currency])
