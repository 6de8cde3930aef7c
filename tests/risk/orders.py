"""Positions and orders for tests: a sound customer, and arbitrary ones."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from risk.check import Position
from risk.exposure import Exposure, Lasting
from risk.order import Order
from risk.policy import CheckPolicy
from storage.policy_file import load_policy

TODAY = date(2026, 3, 4)
POLICY = load_policy().policy.check
D = Decimal


def position(**over: Any) -> Position:
    """Return a customer of class B in Germany: a limit of 100,000, 20,000 open."""
    exposure = over.pop("exposure", Exposure(invoices=D(20_000)))
    given: dict[str, Any] = {
        "as_of": TODAY,
        "exposure": exposure,
        "overdue": D(0),
        "owed": D(20_000),
        "oldest_overdue": 0,
        "overdue_items": (),
        "claims": D(20_000),
        "days_beyond_terms": D(2),
        "risk_class": "B",
        "hold": False,
        "limit": D(100_000),
        "limit_until": TODAY + timedelta(days=200),
        "country": "DE",
        "country_class": 0,
        "group_exposure": None,
        "known_on": TODAY,
    }
    return Position(**given | over)


def order(amount: int | str = 50_000, terms_days: int = 30, **over: Any) -> Order:
    """Return an order in USD, which is the base currency."""
    given: dict[str, Any] = {"currency": "USD", "rate": D(1)} | over
    return Order(amount=D(amount), terms_days=terms_days, **given)


def late(items: list[tuple[int, Decimal]], owed: Decimal) -> dict[str, Any]:
    """Return what a position says of these overdue items, of what is owed in all."""
    overdue = sum((amount for _, amount in items), D(0))
    return {
        "overdue": overdue,
        "owed": owed,
        "claims": owed,
        "overdue_items": tuple(items),
        "oldest_overdue": items[0][0] if items else 0,
        "exposure": Exposure(invoices=owed),
    }


def money(most: int = 300_000) -> st.SearchStrategy[Decimal]:
    """Draw amounts to the cent."""
    return st.integers(0, most * 100).map(lambda cents: D(cents) / 100)


@st.composite
def positions(draw: st.DrawFn) -> Position:
    """Draw customers of every kind."""
    days = sorted(draw(st.lists(st.integers(1, 200), max_size=4)), reverse=True)
    items = [(n, draw(money(20_000)) + D("0.01")) for n in days]
    owed = sum((amount for _, amount in items), D(0)) + draw(money(80_000))
    covers = draw(
        st.lists(
            st.builds(
                Lasting,
                st.just("G"),
                money(100_000),
                st.none()
                | st.integers(0, 300).map(lambda n: TODAY + timedelta(days=n)),
            ),
            max_size=2,
        )
    )
    about = late(items, owed)
    exposure = replace(about.pop("exposure"), orders=draw(money(50_000)))
    end = draw(st.none() | st.integers(-20, 300))
    return position(
        **about,
        exposure=replace(exposure, covers=tuple(covers)),
        days_beyond_terms=draw(st.none() | st.integers(-20, 60).map(D)),
        risk_class=draw(st.none() | st.sampled_from("ABCDE")),
        hold=draw(st.booleans()) and draw(st.booleans()),
        limit=draw(st.none() | money(300_000)),
        limit_until=None if end is None else TODAY + timedelta(days=end),
        country_class=draw(st.none() | st.integers(0, 7)),
        group_exposure=draw(st.none() | money(6_000_000)),
        known_on=TODAY - timedelta(days=draw(st.integers(0, 60))),
    )


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Draw orders, some prepaid in part, in currencies with and without cents."""
    currency = draw(st.sampled_from(["USD", "JPY"]))
    rate = D(1) if currency == "USD" else D("0.0067")
    whole = draw(st.integers(1, 300_000))
    amount = D(whole) if currency == "USD" else D(whole * 100)
    prepaid = amount * draw(st.sampled_from([0, 0, 1, 3, 10])) / 10
    unit = D("0.01") if currency == "USD" else D(1)
    return Order(
        amount,
        currency,
        rate,
        draw(st.integers(0, 200)),
        prepaid.quantize(unit),
    )


@st.composite
def policies(draw: st.DrawFn) -> CheckPolicy:
    """Draw policies that are stricter or laxer than the default."""
    return replace(
        POLICY,
        over_limit_tolerance=draw(st.sampled_from([D(0), D("0.1")])),
        most_overdue_share=draw(st.sampled_from([D(0), D("0.25"), D(1)])),
        secure_haircut=draw(st.sampled_from([D(0), D("0.1"), D("0.5")])),
        usual_prepayment=draw(st.sampled_from([D("0.3"), D("0.5")])),
        most_offers=20,
    )
