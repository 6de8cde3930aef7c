"""Exposure: what counts, what does not, and that nothing is silently nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.exposure import (
    Claim,
    Cover,
    Exposure,
    Rate,
    exposure,
    roll_up,
    utilisation,
    warning,
)

D = Decimal
TODAY = date(2026, 3, 4)
RATES = {"USD": Rate(D(1)), "EUR": Rate(D("1.10"), date(2026, 3, 1))}


def found(claims: list[Claim], covers: list[Cover] | None = None) -> Exposure:
    return exposure(claims, covers or [], RATES, as_of=TODAY, horizon_days=90)


def test_exposure_adds_up_open_items_deliveries_and_orders() -> None:
    day = TODAY + timedelta(days=90)
    claims = [
        Claim("invoice", "USD", D(1000)),
        Claim("invoice", "USD", D(-100)),
        Claim("delivery", "EUR", D(200)),
        Claim("order", "USD", D(50), day),
        Claim("order", "USD", D(70)),
        Claim("order", "USD", D(9999), day + timedelta(days=1)),
    ]
    what = found(claims)
    assert (what.invoices, what.deliveries, what.orders) == (D(900), D(220), D(120))
    assert what.beyond_horizon == D(9999)
    assert what.net == what.gross == D(1240)


def test_cover_counts_after_its_haircut_and_never_beyond_what_is_open() -> None:
    claims = [Claim("invoice", "USD", D(1000))]
    cover = Cover("G1", "guarantee", "USD", D(500), D("0.2"))
    assert found(claims, [cover]).net == D(600)
    large = Cover("G2", "insurance", "EUR", D(5000), D("0.1"))
    assert found(claims, [large]).cover == D(1000)
    assert found(claims, [large]).net == 0


def test_cover_that_has_run_out_or_not_begun_does_not_count() -> None:
    claims = [Claim("invoice", "USD", D(1000))]
    day = timedelta(days=1)
    out = Cover("G1", "guarantee", "USD", D(500), valid_until=TODAY - day)
    new = Cover("G2", "guarantee", "USD", D(500), valid_from=TODAY + day)
    assert found(claims, [out, new]).net == D(1000)
    last = Cover("G3", "guarantee", "USD", D(500), valid_until=TODAY)
    assert found(claims, [last]).net == D(500)
    assert found(claims, [last]).cover_until(TODAY + day) == 0


def test_what_has_no_rate_is_named() -> None:
    what = found([Claim("invoice", "XYZ", D(5))], [Cover("G", "x", "ABC", D(1))])
    assert what.without_rate == ("ABC", "XYZ")


def test_credit_beyond_what_is_owed_is_not_negative_exposure() -> None:
    assert found([Claim("invoice", "USD", D(-10))]).net == 0


def test_a_group_is_the_sum_of_its_members_each_with_its_own_cover() -> None:
    covered = found(
        [Claim("invoice", "USD", D(100))], [Cover("G", "guarantee", "USD", D(500))]
    )
    open_ = found([Claim("invoice", "USD", D(300))])
    assert roll_up([covered, open_]) == D(300)


@pytest.mark.parametrize(
    ("net", "limit", "used", "word"),
    [
        ("79", "100", "0.79", None),
        ("80", "100", "0.80", "critical"),
        ("89.99", "100", "0.8999", "critical"),
        ("90", "100", "0.90", "very_critical"),
        ("100", "100", "1", "hold"),
        ("1", "0", "Infinity", "hold"),
        ("0", "0", "0", None),
        ("5", None, None, None),
    ],
)
def test_utilisation_and_its_steps(
    net: str, limit: str | None, used: str | None, word: str | None
) -> None:
    share = utilisation(D(net), None if limit is None else D(limit))
    assert share == (None if used is None else D(used))
    steps = {"warn_at": D("0.8"), "alarm_at": D("0.9"), "hold_at": D(1)}
    assert warning(share, **steps) == word


@given(
    st.lists(st.decimals(-1000, 10**6, places=2), max_size=5),
    st.lists(st.decimals(0, 10**6, places=2), max_size=3),
)
def test_net_exposure_lies_between_nothing_and_gross(
    amounts: list[Decimal], covers: list[Decimal]
) -> None:
    what = found(
        [Claim("invoice", "USD", amount) for amount in amounts],
        [Cover(str(n), "guarantee", "USD", c) for n, c in enumerate(covers)],
    )
    assert 0 <= what.net <= what.gross
    assert what.net + what.cover == what.gross
