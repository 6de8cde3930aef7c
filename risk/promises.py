"""Promises to pay: which were kept, in part or not, by the money that came.

A payment counts once, for the promise that ends first. What is short by a little, for
bank charges or an exchange rate, is not held against anybody.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from risk.ledger import ZERO
from risk.policy.promises import PromisePolicy

State = Literal["open", "kept", "partly", "broken"]

IsBankingDay = Callable[[date], bool]
Convert = Callable[[Decimal, str, str], Decimal | None]
"""An amount from one currency in another; None without a rate."""

LONGEST_CLOSED = 31
"""Days that banks are never closed in a row; a calendar that says so is wrong."""


@dataclass(frozen=True, slots=True)
class Promise:
    """So much, promised on a day, to come by a day."""

    key: int
    amount: Decimal
    currency: str
    promised_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Received:
    """Money that came in on a day."""

    day: date
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a promise by a day."""

    state: State
    paid: Decimal
    """In the promise's currency."""
    judged_on: date | None
    """When it was kept, or its time was over; None while it is open."""


def last_day(due_on: date, grace_days: int, is_banking_day: IsBankingDay) -> date:
    """Return the last day on which money still keeps a promise.

    The day promised, moved to the next day that banks are open, and then as many
    banking days of grace.
    """
    day = _open_from(due_on, is_banking_day)
    for _ in range(grace_days):
        day = _open_from(day + timedelta(days=1), is_banking_day)
    return day


def judge(
    promises: Iterable[Promise],
    received: Iterable[Received],
    today: date,
    *,
    policy: PromisePolicy,
    is_banking_day: IsBankingDay,
    convert: Convert,
) -> dict[int, Verdict]:
    """Return what came of each of a customer's promises, as of `today`, by key."""
    open_ones = [
        _Open(p, last_day(p.due_on, policy.grace_days, is_banking_day))
        for p in sorted(promises, key=lambda p: (p.due_on, p.promised_on, p.key))
    ]
    came = sorted((r for r in received if r.day <= today), key=lambda r: r.day)
    for money in came:
        left = money.amount
        for one in open_ones:
            if left <= 0:
                break
            if one.promise.promised_on <= money.day <= one.last:
                left = one.take(money, left, convert)
    return {one.promise.key: one.verdict(today, policy) for one in open_ones}


class _Open:
    """A promise while money is shared out."""

    def __init__(self, promise: Promise, last: date) -> None:
        self.promise, self.last = promise, last
        self._taken: list[tuple[date, Decimal]] = []

    def take(self, money: Received, left: Decimal, convert: Convert) -> Decimal:
        """Take what is still missing of `left`; return what is left of it."""
        missing = self.promise.amount - self._paid()
        worth = convert(left, money.currency, self.promise.currency)
        if missing <= 0 or worth is None or worth <= 0:
            return left
        taken = min(missing, worth)
        self._taken.append((money.day, taken))
        return left - left * taken / worth

    def verdict(self, today: date, policy: PromisePolicy) -> Verdict:
        """Return what came of it by `today`."""
        enough = self.promise.amount * (1 - policy.tolerance)
        running = ZERO
        for day, amount in self._taken:
            running += amount
            if running >= enough:
                return Verdict("kept", self._paid(), day)
        if today <= self.last:
            return Verdict("open", running, None)
        some = running >= self.promise.amount * policy.partly_share and running > 0
        return Verdict("partly" if some else "broken", running, self.last)

    def _paid(self) -> Decimal:
        return sum((amount for _, amount in self._taken), ZERO)


def not_kept(verdicts: Mapping[int, Verdict]) -> list[int]:
    """Return the keys of promises that were broken, or kept in part only."""
    return [k for k, v in verdicts.items() if v.state in {"broken", "partly"}]


def _open_from(day: date, is_banking_day: IsBankingDay) -> date:
    for _ in range(LONGEST_CLOSED):
        if is_banking_day(day):
            return day
        day += timedelta(days=1)
    return day
