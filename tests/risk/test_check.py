"""Each test of an order check says OK, failed or not applicable, with its figures."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.check import Outcome, Position, after_collecting, passes, run_check
from risk.exposure import Exposure, Lasting
from risk.order import Order
from risk.policy import CheckPolicy
from tests.risk.orders import (
    POLICY,
    TODAY,
    D,
    late,
    order,
    orders,
    policies,
    position,
    positions,
)


def outcome(key: str, where: Position, what: Order | None = None) -> Outcome:
    found = run_check(POLICY, where, what or order())
    return next(o for o in found if o.key == key)


def test_a_sound_customer_passes_every_test() -> None:
    assert passes(POLICY, position(), order())
    states = {o.key: o.state for o in run_check(POLICY, position(), order())}
    assert set(states) == set(POLICY.tests)
    assert "failed" not in states.values()


@pytest.mark.parametrize(
    ("key", "about", "found", "allowed"),
    [
        ("hold", {"hold": True}, None, None),
        ("headroom", {"limit": D(69_999)}, D(70_000), D(69_999)),
        ("headroom", {"limit": None}, D(70_000), None),
        ("headroom", {"limit": D(0)}, D(70_000), D(0)),
        (
            "limit_validity",
            {"limit_until": TODAY - timedelta(days=1)},
            TODAY - timedelta(days=1),
            TODAY,
        ),
        ("overdue_share", late([(3, D(6_000))], D(20_000)), D("0.3"), D("0.25")),
        ("oldest_overdue", late([(31, D(4_000))], D(20_000)), 31, 30),
        ("behaviour", {"days_beyond_terms": D("30.1")}, D("30.1"), D(30)),
        ("risk_class", {"risk_class": "E"}, "E", D(0)),
        ("risk_class", {"risk_class": "D"}, "D", D("0.5")),
        ("group", {"group_exposure": D(4_930_001)}, D(5_000_001), D(5_000_000)),
        ("freshness", {"known_on": TODAY - timedelta(days=46)}, 46, 45),
    ],
)
def test_what_stands_against_an_order_is_named(
    key: str, about: dict[str, Any], found: object, allowed: object
) -> None:
    got = outcome(key, position(**about))
    assert (got.state, got.found, got.allowed) == ("failed", found, allowed)


@pytest.mark.parametrize(
    ("key", "about"),
    [
        ("headroom", {"limit": D(70_000)}),
        ("limit_validity", {"limit_until": TODAY}),
        ("limit_validity", {"limit_until": None}),
        ("overdue_share", late([(3, D(5_000))], D(20_000))),
        ("oldest_overdue", late([(30, D(4_000))], D(20_000))),
        ("behaviour", {"days_beyond_terms": D(30)}),
        ("group", {"group_exposure": D(4_930_000)}),
        ("freshness", {"known_on": TODAY - timedelta(days=45)}),
    ],
)
def test_the_edge_itself_passes(key: str, about: dict[str, Any]) -> None:
    assert outcome(key, position(**about)).state == "ok"


@pytest.mark.parametrize(
    ("key", "about", "why"),
    [
        ("limit_validity", {"limit": None}, "no_limit"),
        ("behaviour", {"days_beyond_terms": None}, "nothing_paid"),
        ("country", {"country_class": None, "country": None}, "no_country"),
        ("country", {"country_class": None}, "country_not_rated"),
        ("cover", {}, "no_cover"),
        ("group", {}, "no_group"),
        ("freshness", {"known_on": None}, "no_ledger"),
    ],
)
def test_what_a_test_is_not_about_does_not_apply(
    key: str, about: dict[str, Any], why: str
) -> None:
    got = outcome(key, position(**about))
    assert (got.state, got.why) == ("not_applicable", why)


def test_unknown_is_not_nothing() -> None:
    assert outcome("headroom", position(limit=None)).why == "no_limit"
    assert outcome("headroom", position(limit=D(0))).why == "cash_only"
    unknown = outcome("risk_class", position(risk_class=None))
    assert (unknown.found, unknown.why) == (POLICY.class_if_unknown, "no_class")


def test_an_order_paid_before_shipping_passes_whatever_stands_against_credit() -> None:
    bad = position(hold=True, limit=D(0), risk_class="E", **late([(99, D(1))], D(1)))
    assert passes(POLICY, bad, order(50_000, prepaid=D(50_000)))


def test_longer_terms_than_the_class_or_the_country_may_have_fail() -> None:
    assert outcome("terms", position(), order(terms_days=60)).state == "ok"
    assert outcome("terms", position(), order(terms_days=61)).allowed == 60
    far = position(country_class=6)
    assert outcome("country", far, order(terms_days=46)).why == "terms"
    share = outcome("country", far, order(terms_days=45))
    assert (share.why, share.allowed) == ("share", D("0.4"))


def test_cover_that_ends_too_early_counts_only_if_it_is_not_needed() -> None:
    ends = TODAY + timedelta(days=43)  # the order is due in 30, and 14 more are wanted
    exposure = Exposure(invoices=D(20_000), covers=(Lasting("G", D(30_000), ends),))
    where = position(exposure=exposure, limit=D(50_000))
    assert outcome("headroom", where).state == "ok"
    got = outcome("cover", where)
    assert (got.state, got.found) == ("failed", ends)
    later = Lasting("G", D(30_000), ends + timedelta(days=1))
    good = Exposure(invoices=D(20_000), covers=(later,))
    assert outcome("cover", position(exposure=good, limit=D(50_000))).state == "ok"
    assert outcome("cover", position(exposure=exposure)).state == "ok", "not needed"


def test_amounts_without_a_rate_are_never_counted_as_nothing() -> None:
    exposure = Exposure(invoices=D(1), without_rate=("CHF",))
    got = outcome("freshness", position(exposure=exposure))
    assert (got.state, got.found, got.why) == ("failed", "CHF", "no_rate")


def test_money_for_the_overdue_takes_the_oldest_first() -> None:
    where = position(**late([(90, D(1_000)), (20, D(3_000))], D(20_000)))

    after = after_collecting(where, D(1_500))

    assert after.overdue == D(2_500)
    assert after.owed == D(18_500)
    assert after.exposure.invoices == D(18_500)
    assert after.overdue_items == ((20, D(2_500)),)
    assert after.oldest_overdue == 20


@given(positions(), orders(), policies())
def test_stopping_early_says_the_same_as_running_all(
    where: Position, what: Order, policy: CheckPolicy
) -> None:
    outcomes = run_check(policy, where, what)
    assert passes(policy, where, what) == all(o.state != "failed" for o in outcomes)
    assert [o.key for o in outcomes] == list(policy.tests)


@given(positions(), orders(), st.integers(0, 100).map(lambda n: Decimal(n) / 100))
def test_paying_more_before_shipping_never_fails_a_test_more(
    where: Position, what: Order, share: Decimal
) -> None:
    more = Order(
        what.amount,
        what.currency,
        what.rate,
        what.terms_days,
        max(what.prepaid, (what.amount * share).quantize(D(1))),
    )
    if more.prepaid <= what.amount and passes(POLICY, where, what):
        assert passes(POLICY, where, more)
