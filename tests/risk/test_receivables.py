"""The receivable metrics give the published figures."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.ledger import Invoice
from risk.receivables import (
    ageing,
    average_days_delinquent,
    best_possible_dso,
    collection_effectiveness,
    days_beyond_terms,
    delinquent_dso,
    dso,
    dso_count_back,
    on_time_share,
)

D = Decimal
TODAY = date(2026, 3, 4)


def test_dso_as_in_the_worked_example() -> None:
    assert dso(D(10869), D(5538 + 4566 + 7570), 90) == pytest.approx(
        D("55.35"), abs=D("0.01")
    )
    assert dso(D(1), D(0), 90) is None


def test_dso_by_count_back() -> None:
    months = [(D(500), 31), (D(400), 28), (D(350), 31)]
    assert dso_count_back(D(1000), months) == pytest.approx(D("67.857"), abs=D("0.001"))


def test_dso_by_count_back_over_six_months() -> None:
    sales = (2500, 30), (1750, 31), (2250, 31), (2500, 30), (2000, 31), (2250, 30)
    months = [(D(amount), days) for amount, days in sales]
    assert dso_count_back(D(12000), months) == pytest.approx(D("166.33"), abs=D("0.01"))
    assert dso_count_back(D(10**6), months) is None


def test_best_possible_dso_and_average_days_delinquent() -> None:
    assert best_possible_dso(D(500_000), D(1_500_000), 90) == 30
    assert delinquent_dso(D(48), 30) == 18
    assert average_days_delinquent(D(48), D(30)) == 18
    assert average_days_delinquent(D(7), D(3)) == 4


def test_collection_effectiveness() -> None:
    index = collection_effectiveness(D(800), D(500), D(700), D(450))
    assert index == pytest.approx(D("70.588"), abs=D("0.001"))


@pytest.mark.parametrize(
    ("paid", "floored", "expected"),
    [
        ([(100, -10), (200, -5), (300, 0), (400, 5), (500, 10)], False, "3.333"),
        ([(100, -10), (200, -5), (300, 0), (400, 5), (500, 10)], True, "4.667"),
        ([(4000, 0), (6000, 6), (2000, 8)], False, "4.333"),
        ([(300, 0), (9000, 4), (1000, 5)], False, "3.9806"),  # 41,000 ÷ 10,300
    ],
)
def test_days_beyond_terms(
    paid: list[tuple[int, int]], floored: bool, expected: str
) -> None:
    days = days_beyond_terms([(D(a), d) for a, d in paid], floored=floored)
    assert days == pytest.approx(D(expected), abs=D("0.001"))


def test_on_time_share_is_by_amount() -> None:
    assert on_time_share([(D(300), 0), (D(100), 1)]) == D("0.75")
    assert on_time_share([]) is None


items = st.builds(
    Invoice,
    number=st.just("1"),
    amount=st.decimals("0.01", "1e9", places=2),
    issued_on=st.just(TODAY),
    due_on=st.integers(-400, 400).map(lambda n: TODAY + timedelta(days=n)),
)


@given(st.lists(items))
def test_every_open_cent_is_in_one_bucket(owed: list[Invoice]) -> None:
    aged = ageing(owed, TODAY)

    assert aged.total == sum((i.open_amount for i in owed), D(0))
    assert aged.overdue == sum((i.amount for i in owed if i.due_on < TODAY), D(0))


@pytest.mark.parametrize(
    ("past", "bucket"),
    [(-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (61, 3), (90, 3), (91, 4)],
)
def test_buckets_count_from_the_due_date(past: int, bucket: int) -> None:
    item = Invoice("1", D(7), TODAY, TODAY - timedelta(days=past))
    assert ageing([item], TODAY).amounts[bucket] == 7
