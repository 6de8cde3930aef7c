"""The payment index follows the published scale."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.behaviour import behaviour
from risk.ledger import Invoice
from risk.payment_index import ANCHORS, Band, payment_index, points, weighted

D = Decimal
TODAY = date(2026, 3, 4)


def paid(days_late: int, amount: int = 100, ago: int = 40) -> Invoice:
    due = TODAY - timedelta(days=ago)
    issued = due - timedelta(days=30)
    return Invoice(
        "1", D(amount), issued, due, D(amount), due + timedelta(days=days_late)
    )


@pytest.mark.parametrize(("days", "score"), ANCHORS)
def test_the_anchors(days: int, score: int) -> None:
    assert points(days) == score


@pytest.mark.parametrize(
    ("score", "days"), [(59, 23), (55, 26), (53, 28), (49, 33), (45, 45), (85, -10)]
)
def test_between_anchors_as_published_within_a_point(score: int, days: int) -> None:
    assert abs(points(days) - score) <= 1


def test_the_worked_example() -> None:
    mixed = [(D(10_000), D(80)), (D(5_000), D(50)), (D(1_000), D(30))]
    assert weighted(mixed) == D("67.5")


@pytest.mark.parametrize(
    ("late", "band"),
    [(0, Band.LOW), (1, Band.MEDIUM), (30, Band.MEDIUM), (31, Band.HIGH)],
)
def test_bands_of_risk(late: int, band: Band) -> None:
    index = payment_index([paid(late, ago=200)] * 3, TODAY)
    assert index is not None
    assert index.band is band


@given(st.integers(-400, 400), st.integers(0, 100))
def test_paying_later_never_earns_more(days: int, more: int) -> None:
    assert 0 <= points(days + more) <= points(days) <= 100


def test_two_experiences_are_too_few() -> None:
    assert payment_index([paid(0), paid(0)], TODAY) is None


def test_more_experience_is_trusted_more_but_never_fully() -> None:
    few = payment_index([paid(0)] * 3, TODAY)
    many = payment_index([paid(0)] * 300, TODAY)

    assert few is not None
    assert many is not None
    assert few.band is Band.LOW
    assert few.confidence < many.confidence < 1


def test_payments_of_more_than_two_years_ago_do_not_count() -> None:
    assert payment_index([paid(0, ago=800)] * 5, TODAY) is None


@pytest.mark.parametrize(
    ("late", "risk_class"), [(0, "A"), (7, "B"), (15, "C"), (30, "D"), (60, "E")]
)
def test_the_class_follows_how_they_pay(late: int, risk_class: str) -> None:
    ledger = [paid(late, ago=100)] * 4
    assert behaviour(ledger, TODAY).risk_class == risk_class


def test_what_is_long_overdue_now_outweighs_a_good_past() -> None:
    owed = Invoice("2", D(100), TODAY, TODAY - timedelta(days=95))
    assert behaviour([paid(0)] * 9 + [owed], TODAY).risk_class == "E"


def test_a_trifle_overdue_does_not_move_the_class() -> None:
    current = Invoice("2", D(10_000), TODAY, TODAY + timedelta(days=9))
    trifle = Invoice("3", D(5), TODAY, TODAY - timedelta(days=95))
    assert behaviour([paid(0), current, trifle], TODAY).risk_class == "A"


def test_no_facts_give_no_class_and_no_numbers() -> None:
    nothing = behaviour([], TODAY)

    assert nothing.risk_class is None
    assert nothing.days_beyond_terms is None
    assert nothing.on_time is None
    assert nothing.index is None
    assert len(nothing.trend) == 12
