"""How the customers of the stories behave: each a function that fills an account."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from bot.demo.account import (
    SOURCE,
    Account,
    bill,
    learnt,
    money,
    order,
    pay,
    trade,
)
from storage.tables import CreditEvent

Fate = Callable[[Account, Random, date], None]


def _days(today: date, days: int) -> date:
    return today - timedelta(days=days)


def turning_slow(account: Account, chance: Random, today: date) -> None:
    """Pay early until half a year ago, then ever later."""

    def delay(day: date) -> float:
        return -3 + max(0, (day - _days(today, 180)).days) / 5

    trade(account, chance, today, delay=delay)


def order_spike(account: Account, chance: Random, today: date) -> None:
    """Order every other day in the last month, five times the usual in all."""
    trade(account, chance, today)
    for days in range(2, 29, 2):
        _order(account, account.habit.month_amount * 0.36, _days(today, days), today)


def gone_quiet(account: Account, chance: Random, today: date) -> None:
    """Buy often, then nothing; the last bill stays open."""
    account.habit.invoices_a_month = 4
    trade(account, chance, today, until=_days(today, 95))
    amount = money(account.habit.month_amount / 2)
    bill(account, amount, _days(today, 92), today, late=None)


def defaulted(account: Account, chance: Random, today: date) -> None:
    """Stop paying, then go to court."""
    trade(account, chance, today, until=_days(today, 150))
    for days in (140, 120, 100):
        amount = money(account.habit.month_amount * 0.8)
        bill(account, amount, _days(today, days), today, late=None)
    day = _days(today, 21)
    account.facts.append(
        CreditEvent(
            customer_id=0,
            known_at=learnt(day),
            source=SOURCE,
            kind="insolvency",
            happened_on=day,
            currency=account.currency,
            amount=account.open_amount(),
            detail="Insolvency proceedings opened",
        )
    )


def limit_eaten(account: Account, chance: Random, today: date) -> None:
    """Owe little, and order a lot."""
    trade(account, chance, today)
    for days in (20, 13, 6, 2):
        _order(account, account.habit.month_amount * 1.2, _days(today, days), today)


def disputes_rise(account: Account, chance: Random, today: date) -> None:
    """Dispute every third invoice of this quarter."""
    trade(account, chance, today, until=_days(today, 91))
    for place, days in enumerate(range(88, 1, -7)):
        disputed = place % 3 == 0
        late = None if disputed else 2
        amount = money(account.habit.month_amount / 3)
        invoice = bill(account, amount, _days(today, days), today, late=late)
        invoice.disputed = disputed


def partial(account: Account, chance: Random, today: date) -> None:
    """Pay half on time, and the rest whenever."""
    for days in range(720, 4, -15):
        amount = money(account.habit.month_amount / 2 * chance.uniform(0.7, 1.3))
        invoice = bill(account, amount, _days(today, days), today, late=None)
        half = money(float(amount) / 2)
        pay(account, half, invoice.due_on, today)
        rest = invoice.due_on + timedelta(days=chance.randrange(20, 70))
        pay(account, amount - half, rest, today)


def first_overdue(account: Account, chance: Random, today: date) -> None:
    """Pay on the day, always, but for one invoice that was due twelve days ago."""
    account.habit.delay, account.habit.spread = -2, 0
    last = _days(today, 12 + account.habit.terms)
    trade(account, chance, today, until=last - timedelta(days=1))
    amount = money(account.habit.month_amount)
    bill(account, amount, last, today, late=None)


def concentration(account: Account, chance: Random, today: date) -> None:
    """Owe more than anybody, and pay well."""
    account.habit.month_amount *= 50
    account.habit.terms = 60
    trade(account, chance, today)


def cover_lapses(account: Account, chance: Random, today: date) -> None:
    """Have a little on order, so that without its cover the limit is passed."""
    trade(account, chance, today)
    for days in (12, 7, 3):
        _order(account, account.habit.month_amount * 0.1, _days(today, days), today)


def _order(account: Account, amount: float, day: date, today: date) -> None:
    deliver = today + timedelta(days=14)
    order(account, Decimal(round(amount)), day, deliver=deliver, invoiced=False)


FATES: dict[str, Fate] = {
    "turning_slow": turning_slow,
    "order_spike": order_spike,
    "gone_quiet": gone_quiet,
    "defaulted": defaulted,
    "limit_eaten": limit_eaten,
    "disputes_rise": disputes_rise,
    "partial": partial,
    "first_overdue": first_overdue,
    "concentration": concentration,
    "cover_lapses": cover_lapses,
}
"""The others trade as anybody; what is worth finding is in their facts."""
