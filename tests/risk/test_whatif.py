"""“What if” changes facts as the world would, and scores them by the same code."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.behaviour import overdue_items
from risk.case import Case, rescored
from risk.check import Position
from risk.explain import Explained, deltas
from risk.exposure import Exposure
from risk.facts import facts_of
from risk.ledger import Invoice
from risk.measures import OPEN
from risk.whatif import (
    Cover,
    Later,
    Limit,
    NothingInvoiced,
    NothingOpen,
    NothingOverdue,
    NothingPaidYet,
    OnTime,
    Pay,
    Ship,
    Wait,
)
from risk.whatif_money import paid, position_if
from risk.whatif_told import (
    Accounts,
    Change,
    Event,
    NoAccounts,
    NoSuchRating,
    Rated,
    rated,
)
from storage.policy_file import load_policy
from tests.risk.cases import HEALTHY, TODAY, bill, case, history

POLICY = load_policy().policy
OWED = [bill("A", 400, -50), bill("B", 300, -10), bill("C", 200, 20)]


def facts(of: Case) -> dict[str, float]:
    told = facts_of(POLICY, of.known, of.on).facts
    return {name: float(values[0]) for name, values in told.items()}


def scored(of: Case, *changes: Change) -> Explained:
    for change in changes:
        of = change.apply(of)
    return rescored(POLICY, of)


@pytest.mark.parametrize(
    ("change", "settled", "amount"),
    [
        (Pay("oldest", 1), {"A"}, "400.00"),
        (Pay("oldest", 2), {"A", "B"}, "700.00"),
        (Pay("oldest", 9), {"A", "B", "C"}, "900.00"),
        (Pay("overdue"), {"A", "B"}, "700.00"),
        (Pay("all"), {"A", "B", "C"}, "900.00"),
        (Pay("amount", amount=Decimal(400)), {"A"}, "400.00"),
        (Pay("amount", amount=Decimal(5000)), {"A", "B", "C"}, "900.00"),
    ],
)
def test_paying_settles_the_oldest_first_today(
    change: Pay, settled: set[str], amount: str
) -> None:
    before = case([*history(), *OWED])
    really = [replace(i, settled_on=TODAY) if i.number in settled else i for i in OWED]
    expected = case([*history(), *really])

    assert facts(change.apply(before)) == pytest.approx(facts(expected), nan_ok=True)
    covered = change.covers(before)
    assert (covered.count, covered.amount) == (len(settled), Decimal(amount))
    assert before.ledger.settled.tolist().count(OPEN) == 3, "nothing is changed in it"


def test_a_part_payment_leaves_the_rest_overdue() -> None:
    change = Pay("amount", amount=Decimal(550))
    after = change.apply(case([*history(), *OWED]))
    assert facts(after)["overdue_share"] == pytest.approx(150 / 350)
    assert facts(after)["overdue_days"] == 0, "150 is not material"
    assert change.covers(case([*history(), *OWED])).count == 1


MONEY = Position(
    as_of=TODAY,
    exposure=Exposure(invoices=Decimal(900), orders=Decimal(50)),
    overdue=Decimal(700),
    owed=Decimal(900),
    oldest_overdue=50,
    overdue_items=overdue_items(OWED, TODAY),
    claims=Decimal(900),
    days_beyond_terms=None,
    risk_class="C",
    hold=False,
    limit=Decimal(1000),
    limit_until=TODAY,
    country="DE",
    country_class=0,
    group_exposure=None,
    known_on=TODAY,
)


def test_money_and_score_are_of_one_mind() -> None:
    change = Pay("oldest", 2)
    there = position_if(POLICY.check, MONEY, OWED, [change], "B")
    assert there.exposure.net == Decimal(250)
    assert [there.overdue, there.oldest_overdue, there.owed] == [0, 0, 200]
    assert there.risk_class == "B"
    settled = paid(OWED, Pay("amount", amount=Decimal(550)), TODAY)
    assert [i.open_amount for i in settled] == [0, 150, 200]


def test_cover_and_limit_move_money_and_no_score() -> None:
    changes: list[Change] = [Cover(Decimal(500)), Limit(Decimal(2000)), Wait(30)]
    there = position_if(POLICY.check, MONEY, OWED, changes, "C")
    assert there.exposure.net == Decimal(950) - Decimal(450), "less a tenth"
    assert [there.limit, there.limit_until] == [2000, None]
    assert [there.overdue, there.oldest_overdue] == [900, 80]
    before = case([*history(), *OWED])
    assert scored(before, *changes[:2]) == scored(before)


def test_the_next_invoices_on_time_are_those_open_then_usual_ones() -> None:
    before = case([*history(late=20), *OWED])
    one = OnTime(1).apply(before)
    assert one.on == TODAY + timedelta(days=20), "C is paid when it falls due"
    assert len(one.ledger.amount) == len(before.ledger.amount)

    many = OnTime(6).apply(before)
    fresh = slice(len(before.ledger.amount), None)
    assert many.ledger.amount[fresh].tolist() == [1000.0] * 5
    assert np.diff(many.ledger.issued[fresh]).tolist() == [30] * 4
    assert many.ledger.settled[fresh].tolist() == many.ledger.due[fresh].tolist()
    assert many.on.toordinal() == many.ledger.due[-1]
    assert facts(many)["overdue_days"] > 100, "what is overdue stays so"
    assert facts(many)["days_beyond_terms"] < facts(before)["days_beyond_terms"] + 50


def test_later_payment_moves_every_payment_and_no_open_item() -> None:
    before, after = (facts(c) for c in _later(7))
    assert after["days_beyond_terms"] == pytest.approx(before["days_beyond_terms"] + 7)
    assert after["overdue_days"] == before["overdue_days"]
    early = facts(_later(-3)[1])
    assert early["days_beyond_terms"] == pytest.approx(before["days_beyond_terms"] - 3)


def _later(days: int) -> tuple[Case, Case]:
    before = case([*history(late=5), bill("C", 200, 20)])
    return before, Later(days).apply(before)


def test_days_that_pass_make_open_items_older() -> None:
    before = case([*history(), bill("A", 5000, -5)])
    assert facts(Wait(30).apply(before))["overdue_days"] == 35


@pytest.mark.parametrize(
    ("change", "fact", "expected"),
    [
        (Accounts("turnover", -0.3), "profit", 0.042),
        (Accounts("turnover", -0.3), "cash_flow", 63 / 550),
        (Accounts("profit", -2.0), "profit", -0.06),
        (Accounts("debt", 0.2), "leverage", 0.66),
        (Accounts("debt", 0.2), "coverage", 5.0),
        (Accounts("cash_flow", 1.0), "cash_flow", 180 / 550),
        (Accounts("equity", -1.0), "leverage", 1.0),
    ],
)
def test_accounts_move_with_what_hangs_on_them(
    change: Accounts, fact: str, expected: float
) -> None:
    after = change.apply(case(history(), accounts=HEALTHY))
    assert facts(after)[fact] == pytest.approx(expected)


def test_losses_grow_with_a_worse_profit_and_stay_with_a_lower_turnover() -> None:
    loss = HEALTHY | {"net_income": -50.0, "ebit": -20.0}
    before = case(history(), accounts=loss)
    worse = Accounts("profit", -0.2).apply(before)
    assert facts(worse)["profit"] == pytest.approx(-0.06)
    smaller = Accounts("turnover", -0.5).apply(before)
    assert facts(smaller)["profit"] == pytest.approx(-0.05)


def test_a_new_rating_takes_the_place_of_the_one_on_its_scale() -> None:
    before = case(history(), ratings=[("sp", "BB"), ("creditsafe", "90")])
    assert facts(before)["rating"] == pytest.approx(0.52)
    better = rated(before, POLICY.scales, "bbb-", "sp").apply(before)
    assert facts(better)["rating"] == pytest.approx(0.68)
    worse = Rated("creditsafe", "21").apply(before)
    assert facts(worse)["rating"] == pytest.approx(0.15), "the worst of the two"


def test_a_rating_without_a_scale_is_on_the_customers_own() -> None:
    assert rated(
        case(history(), ratings=[("creditsafe", "50")]), POLICY.scales, "40"
    ) == Rated("creditsafe", "40")
    assert rated(case(history()), POLICY.scales, "baa1") == Rated("moodys", "Baa1")
    with pytest.raises(NoSuchRating):
        rated(case(history()), POLICY.scales, "ZZ")


def test_an_insolvency_of_today_is_e() -> None:
    assert scored(case(history()), Event("insolvency")).risk_class == "E"
    assert "insolvent" in scored(case(history()), Event("insolvency")).bounds


def test_an_order_changes_habits() -> None:
    before = case([*history(), bill("A", 1000, 10)])
    after = Ship(Decimal(9000)).apply(before)
    assert facts(after)["order_size"] > 2 > facts(before)["order_size"]


@pytest.mark.parametrize(
    ("change", "of", "error"),
    [
        (Pay("all"), history(), NothingOpen),
        (Pay("overdue"), [bill("C", 200, 20)], NothingOverdue),
        (Later(3), OWED, NothingPaidYet),
        (OnTime(3), [], NothingInvoiced),
        (Accounts("debt", 0.1), history(), NoAccounts),
    ],
)
def test_a_change_of_nothing_is_refused_by_name(
    change: Change, of: list[Invoice], error: type[Exception]
) -> None:
    with pytest.raises(error):
        change.apply(case(of))


CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.builds(Pay, st.just("oldest"), st.integers(1, 4)),
    st.builds(OnTime, st.integers(1, 12)),
    st.builds(Later, st.integers(-30, 90)),
    st.builds(Wait, st.integers(1, 400)),
    st.builds(Accounts, st.sampled_from(["turnover", "debt"]), st.floats(-1, 2)),
    st.builds(Event, st.sampled_from(["default", "suit", "write_off"])),
)


@given(CHANGES, st.integers(-20, 60))
def test_what_moves_sums_to_the_difference(change: Change, late: int) -> None:
    of = case([*history(late), *OWED], accounts=HEALTHY)
    before, after = scored(of), scored(of, change)
    assert before.score is not None
    assert after.score is not None
    moved = sum(delta.points for delta in deltas(before, after))
    assert before.score + moved == after.score
