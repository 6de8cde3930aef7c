"""The whole ledger as a sweep of digests sees it: read once, shared by all channels."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
from sqlmodel import Session

from risk.behaviour import CLASSES
from risk.portfolio import Amounts, History, Integers, Items, Portfolio, portfolio
from storage import digests

_NOBODY = -1


@dataclass(slots=True)
class Exchange:
    """Turns amounts into the base currency; remembers what it had no rate for."""

    base: str
    rates: dict[str, Decimal]
    missing: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Customers by currency without a rate: their amounts are left out, and named."""

    def __call__(self, customer: int, currency: str, units: int) -> int | None:
        """Return `units` in the base currency, rounded half up; None without a rate."""
        if currency == self.base:
            return units
        rate = self.rates.get(currency)
        if rate is None:
            self.missing[currency].add(customer)
            return None
        return int((units * rate).to_integral_value(ROUND_HALF_UP))

    def factor(self, currency: str) -> float:
        """Return what a unit is worth, to weigh with; 0 without a rate."""
        return 1.0 if currency == self.base else float(self.rates.get(currency, 0))


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment we learnt of, in the base currency."""

    customer: Integers
    known_at: Integers
    """Microseconds since 1970."""
    amount: Integers


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every customer's position on a day, and what it takes to choose among them."""

    today: date
    currency: str
    positions: Portfolio
    owner: Integers
    """Places in `owners`; −1 where a customer has none."""
    region: Integers
    owners: tuple[str, ...]
    regions: tuple[str, ...]
    paid: Paid
    missing: dict[str, Integers]
    """Customers, by place, with amounts in a currency that has no rate."""


def read_ledger(
    session: Session,
    today: date,
    currency: str,
    *,
    news_after: datetime | None = None,
    only: digests.Owners = None,
) -> Ledger:
    """Return the ledger as it stands, with the payments learnt after `news_after`.

    `only` restricts it to the customers of owners with these names.
    """
    ids, owner, owners, region, regions = _customers(session, only)
    exchange = Exchange(currency, digests.rates(session, today))
    positions = portfolio(
        ids,
        _items(digests.open_items(session, only), today, exchange),
        history=_history(digests.settled_history(session, only), exchange),
        orders=_amounts(digests.open_orders(session, only), exchange),
        cover=_amounts(_net_cover(digests.covers(session, today, only)), exchange),
        limits=_amounts(digests.limits(session, today, only), exchange),
        scored=_scored(digests.classes(session, only)),
    )
    paid = _paid(session, news_after, exchange)
    missing = {
        name: np.searchsorted(ids, np.array(sorted(whose), np.int64))
        for name, whose in exchange.missing.items()
    }
    return Ledger(
        today, currency, positions, owner, region, owners, regions, paid, missing
    )


def microseconds(moment: datetime) -> int:
    """Return a moment as `Paid.known_at` has it."""
    return int(moment.timestamp() * 1_000_000)


def _customers(
    session: Session, only: digests.Owners
) -> tuple[Integers, Integers, tuple[str, ...], Integers, tuple[str, ...]]:
    """Return ids, owners as places in a list, that list, and the same of regions."""
    ids, owner, region = array("q"), array("q"), array("q")
    owners: dict[str, int] = {}
    regions: dict[str, int] = {}
    for customer, sold_by, where in digests.customers(session, only):
        ids.append(customer)
        owner.append(_place(owners, sold_by))
        region.append(_place(regions, where))
    return (
        _numbers(ids),
        _numbers(owner),
        tuple(owners),
        _numbers(region),
        tuple(regions),
    )


def _place(places: dict[str, int], name: str | None) -> int:
    return places.setdefault(name, len(places)) if name else _NOBODY


def _items(rows: Iterable[Any], today: date, exchange: Exchange) -> Items:
    whose, days, amounts = array("q"), array("q"), array("q")
    as_of = today.toordinal()
    for customer, currency, due_on, units in rows:
        base = exchange(customer, currency, units)
        if base is not None:
            whose.append(customer)
            days.append(as_of - due_on.toordinal())
            amounts.append(base)
    return Items(_numbers(whose), _numbers(days), _numbers(amounts))


def _history(rows: Iterable[Any], exchange: Exchange) -> History:
    whose, amounts, weighted = array("q"), array("d"), array("d")
    for customer, currency, amount, late in rows:
        factor = exchange.factor(currency)
        whose.append(customer)
        amounts.append(amount * factor)
        weighted.append(late * factor)
    return History(_numbers(whose), np.array(amounts), np.array(weighted))


def _net_cover(rows: Iterable[Any]) -> Iterable[tuple[int, str, int]]:
    """Yield what cover counts for: its amount less its haircut."""
    for customer, currency, haircut, units in rows:
        yield customer, currency, int(units * (1 - Decimal(haircut)))


def _scored(rows: Iterable[Any]) -> Amounts:
    """Return the grade, 0–4, of everybody whose score gave a class."""
    whose, grades = array("q"), array("q")
    for customer, letter in rows:
        whose.append(customer)
        grades.append(CLASSES.index(letter))
    return Amounts(_numbers(whose), _numbers(grades))


def _amounts(rows: Iterable[Any], exchange: Callable[..., int | None]) -> Amounts:
    whose, amounts = array("q"), array("q")
    for customer, currency, units in rows:
        base = exchange(customer, currency, units)
        if base is not None:
            whose.append(customer)
            amounts.append(base)
    return Amounts(_numbers(whose), _numbers(amounts))


def _paid(session: Session, after: datetime | None, exchange: Exchange) -> Paid:
    whose, when, amounts = array("q"), array("q"), array("q")
    rows = digests.payments_learnt(session, after) if after else ()
    for customer, currency, known_at, units in rows:
        base = exchange(customer, currency, units)
        if base is not None:
            whose.append(customer)
            when.append(microseconds(known_at))
            amounts.append(base)
    return Paid(_numbers(whose), _numbers(when), _numbers(amounts))


def _numbers(values: "array[int]") -> Integers:
    return np.array(values, np.int64)
