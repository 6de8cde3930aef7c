"""Ways to a yes: each passes the same check, and a cent less fails."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings

from risk.check import Position, passes
from risk.exposure import Exposure, Lasting
from risk.offers import Answer, Conditions, answer, edge
from risk.order import Order, smallest_unit
from risk.policy import CheckPolicy
from tests.conftest import examples
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


def kinds(found: Answer) -> dict[str, Conditions]:
    return {offer.conditions.kind: offer.conditions for offer in found.offers}


def test_what_passes_is_a_yes_with_nothing_asked() -> None:
    assert answer(POLICY, position(), order()) == Answer(
        "yes", answer(POLICY, position(), order()).outcomes, ()
    )


def test_beyond_the_limit_the_rest_is_prepaid_secured_or_cut() -> None:
    found = answer(POLICY, position(), order(100_000))

    assert found.verdict == "yes_if"
    by = kinds(found)
    assert by["prepay"].prepaid == D(20_000)
    assert by["secure"].secured == D("22222.23"), "a tenth of it does not count"
    assert by["cut"].cut_to == D(80_000)


def test_too_long_terms_are_shortened_and_no_more() -> None:
    found = answer(POLICY, position(), order(terms_days=75))
    assert kinds(found)["terms"].terms_days == 60


def test_the_overdue_is_collected_first() -> None:
    where = position(**late([(40, D(3_000)), (5, D(4_000))], D(20_000)))

    found = answer(POLICY, where, order())

    cheapest = found.offers[0].conditions
    assert cheapest.kind == "collect"
    assert cheapest.collected == D("2666.67"), "until a quarter of the rest is overdue"
    assert not passes(POLICY, where, Conditions(collected=D("2666.66")).apply(order()))


def test_the_overdue_and_a_prepayment_together() -> None:
    where = position(**late([(40, D(10_000))], D(20_000)))

    by = kinds(answer(POLICY, where, order(100_000)))

    assert by["collect+prepay"].collected is not None
    assert by["collect+prepay"].prepaid is not None
    assert by["collect+prepay"].prepaid < D(20_000)


def test_a_hold_leaves_only_payment_before_shipping() -> None:
    found = answer(POLICY, position(hold=True), order())
    assert found.verdict == "ask"
    assert [o.conditions.prepaid for o in found.offers] == [D(50_000)]


def test_without_a_limit_all_that_is_open_is_secured_or_prepaid() -> None:
    by = kinds(answer(POLICY, position(limit=None), order()))
    assert by["prepay"].prepaid == D(50_000)
    assert by["secure"].secured == D("55555.56")
    assert "cut" not in by


def test_a_lapsing_cover_is_outlasted_by_shorter_terms() -> None:
    ends = TODAY + timedelta(days=43)  # due in 30 days, and 14 more are wanted
    covers = (Lasting("G", D(30_000), ends),)
    where = position(limit=D(10_000), exposure=Exposure(covers=covers))

    found = answer(POLICY, where, order(30_000, 30))

    assert kinds(found)["terms"].terms_days == 29


def test_in_a_currency_without_cents_offers_are_whole() -> None:
    found = answer(
        POLICY, position(), order(15_000_000, currency="JPY", rate=D("0.0067"))
    )
    for offer in found.offers:
        for amount in (offer.conditions.prepaid, offer.conditions.cut_to):
            assert amount is None or amount == amount.to_integral_value()


@settings(max_examples=examples(120))
@given(positions(), orders(), policies())
def test_with_an_offer_the_order_passes_and_with_a_cent_less_it_fails(
    where: Position, what: Order, policy: CheckPolicy
) -> None:
    found = answer(policy, where, what)
    assert (found.verdict == "yes") == passes(policy, where, what)
    if found.verdict == "yes":
        assert not found.offers
        return
    assert found.offers, "payment in full always is a way"
    assert list(found.offers) == sorted(found.offers, key=lambda o: o.cost)
    for offer in found.offers:
        asked = offer.conditions
        assert passes(policy, where, asked.apply(what)), asked
        for less in weaker(asked, what):
            assert not passes(policy, where, less.apply(what)), (asked, less)
    assert answer(policy, where, what) == found, "the same again"


def weaker(asked: Conditions, what: Order) -> list[Conditions]:
    """Return the conditions with one lever a step weaker."""
    unit, cent = smallest_unit(what.currency), D("0.01")
    steps = []
    if asked.prepaid is not None:
        steps.append(replace(asked, prepaid=asked.prepaid - unit))
    if asked.secured is not None:
        steps.append(replace(asked, secured=asked.secured - unit))
    if asked.cut_to is not None:
        steps.append(replace(asked, cut_to=asked.cut_to + unit))
    if asked.terms_days is not None:
        steps.append(replace(asked, terms_days=asked.terms_days + 1))
    if asked.collected is not None:
        steps.append(replace(asked, collected=asked.collected - cent))
    return steps


def test_the_edge_is_found_from_any_guess() -> None:
    for guess in (-5, 0, 1, 499, 500, 501, 10_000):
        assert edge(lambda n: n >= 500, bad=0, good=1000, guess=guess) == 500
        assert edge(lambda n: n <= 500, bad=1000, good=0, guess=guess) == 500
