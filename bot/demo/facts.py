"""What else is known of a demo customer: limit, cover, ratings, accounts."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from bot.demo.account import SOURCE, Account, learnt
from bot.demo.people import ANALYST, MANAGER
from storage.tables import Cover, CreditLimit, Rating, Statement
from storage.tables.facts import Fact

SCALE = ("AA", "A", "BBB", "BB", "B")
YEAR = 365


def add_facts(account: Account, chance: Random, today: date) -> None:
    """Add a limit, and for some a cover, ratings and statements."""
    account.facts += _limit(account, chance, today)
    account.facts += _covers(account, chance, today)
    account.facts += _ratings(account, chance, today)
    account.facts += _statements(account, chance, today)


def _limit(account: Account, chance: Random, today: date) -> Iterator[Fact]:
    amount = _round(account.habit.month_amount * account.habit.terms / 30 * 2)
    if account.story == "cash_only":
        amount = Decimal(0)
    elif account.story == "limit_eaten":
        amount = _round(account.habit.month_amount * 5)
    elif account.story == "cover_lapses":
        amount = _round(account.habit.month_amount * 1.1)
    elif account.story is None and chance.random() < 0.15:  # noqa: PLR2004 - a seventh
        return  # nobody has set one: unknown, which is not 0
    day = today - timedelta(days=chance.randrange(60, 340))
    yield CreditLimit(
        customer_id=0,
        known_at=learnt(day),
        source=SOURCE,
        currency=account.currency,
        amount=amount,
        valid_from=day,
        valid_until=day + timedelta(days=YEAR),
        reason="Yearly review",
        set_by=ANALYST.slack_id,
        approved_by=MANAGER.slack_id,
    )


def _covers(account: Account, chance: Random, today: date) -> Iterator[Fact]:
    lapses = account.story == "cover_lapses"
    if not lapses and chance.random() > 0.25:  # noqa: PLR2004 - a quarter has one
        return
    kind = "insurance" if lapses else chance.choice(("insurance", "guarantee"))
    left = 9 if lapses else chance.randrange(20, 300)
    start = today + timedelta(days=left - YEAR)
    yield Cover(
        customer_id=0,
        known_at=learnt(start),
        source=SOURCE,
        reference=f"{kind[:3].upper()}-{account.customer.number}",
        kind=kind,
        provider="Lantern Mutual" if kind == "insurance" else "Parent company",
        currency=account.currency,
        amount=_round(account.habit.month_amount),
        haircut=Decimal("0.1"),
        valid_from=start,
        valid_until=today + timedelta(days=left),
    )


def _ratings(account: Account, chance: Random, today: date) -> Iterator[Fact]:
    if account.story == "rating_cut":
        yield _rating("BBB", today - timedelta(days=300))
        yield _rating("BB", today - timedelta(days=6))
    elif chance.random() < 0.3:  # noqa: PLR2004 - three in ten are rated
        late = account.habit.delay > 5  # noqa: PLR2004 - slow payers rate lower
        value = chance.choice(SCALE[2:] if late else SCALE[:4])
        yield _rating(value, today - timedelta(days=chance.randrange(20, 400)))


def _rating(value: str, day: date) -> Rating:
    return Rating(
        customer_id=0,
        known_at=learnt(day),
        source=SOURCE,
        agency="Harbour Ratings",
        scale="sp",  # letters as S&P writes them; the agency is made up
        value=value,
        rated_on=day,
    )


def _statements(account: Account, chance: Random, today: date) -> Iterator[Fact]:
    overdue = account.story == "statement_overdue"
    if not overdue and chance.random() > 0.5:  # noqa: PLR2004 - half send them
        return
    newest = today - timedelta(days=610 if overdue else chance.randrange(120, 360))
    sales = Decimal(account.habit.month_amount) * chance.randrange(80, 300)
    for years in (1, 0):
        end = newest - timedelta(days=YEAR * years)
        grown = sales * Decimal(str(round(chance.uniform(0.9, 1.1), 3)))
        yield _statement(account, chance, end, _round(grown), today)


def _statement(
    account: Account, chance: Random, end: date, sales: Decimal, today: date
) -> Statement:
    """Return accounts that add up, for a company of that size."""
    assets, strength = sales * Decimal("0.8"), Decimal(chance.randrange(20, 65)) / 100
    equity = _round(assets * strength)
    current = _round(assets * Decimal("0.55"))
    debts = assets - equity
    earned = _round(sales * Decimal(chance.randrange(-2, 9)) / 100)
    return Statement(
        customer_id=0,
        known_at=learnt(min(end + timedelta(days=100), today - timedelta(days=1))),
        source=SOURCE,
        period_end=end,
        currency=account.currency,
        audited=chance.random() < 0.6,  # noqa: PLR2004 - six in ten
        total_assets=assets,
        current_assets=current,
        cash=_round(current * Decimal("0.2")),
        inventory=_round(current * Decimal("0.35")),
        receivables=_round(current * Decimal("0.4")),
        current_liabilities=_round(debts * Decimal("0.65")),
        total_liabilities=debts,
        long_term_debt=_round(debts * Decimal("0.35")),
        retained_earnings=_round(equity * Decimal("0.6")),
        equity=equity,
        sales=sales,
        gross_profit=_round(sales * Decimal("0.24")),
        ebit=earned + _round(sales * Decimal("0.02")),
        depreciation=_round(sales * Decimal("0.03")),
        interest=_round(debts * Decimal("0.02")),
        net_income=earned,
        operating_cash_flow=earned + _round(sales * Decimal("0.03")),
    )


def _round(amount: float | Decimal) -> Decimal:
    """Return `amount` in whole thousands."""
    return Decimal(round(Decimal(amount) / 1000)) * 1000
