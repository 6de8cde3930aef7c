"""What rules look at: a customer's own habit, its limit, what runs out, what is odd."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.facts import FACTS, Evidence, facts_of
from risk.habits import Orders
from risk.ledger import Invoice
from risk.measures import Ledger
from risk.monitor.columns import Spread, habit, middle_of
from risk.monitor.concentration import concentration
from risk.monitor.facts import WATCH_FACTS, watch_facts
from risk.monitor.observed import Books, Dated, Observed, Past
from risk.monitor.rules import fire
from risk.monitor.signals import SIGNALS
from risk.monitor.value import alert_value
from risk.news import News, Ratings
from risk.policy import Policy
from risk.policy.signals import CUSTOMER_SIGNALS
from risk.related import Ties
from risk.score import score
from storage.policy_file import PolicyInvalid, load_policy, parse_policy

TODAY = date(2026, 3, 4)
NOBODY: Sequence[Any] = ()


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy().policy


def paid(number: int, due: int, late: int, amount: str = "1000") -> Invoice:
    """Return an invoice due so many days ago, paid so many days late."""
    due_on = TODAY - timedelta(days=due)
    settled = due_on + timedelta(days=late)
    issued = due_on - timedelta(days=30)
    worth = Decimal(amount)
    return Invoice(f"I{number}", worth, issued, due_on, worth, settled)


def owed(due: int, amount: str = "1000", *, issued: int | None = None) -> Invoice:
    """Return an open invoice due so many days ago."""
    due_on = TODAY - timedelta(days=due)
    since = due_on - timedelta(days=30) if issued is None else _ago(issued)
    return Invoice(f"O{due}-{amount}", Decimal(amount), since, due_on)


def _ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def observed(
    policy: Policy, ledgers: Sequence[Sequence[Invoice]], **books: Any
) -> Observed:
    """Return customers of whom nothing but their ledgers and `books` are known."""
    size, ledger = len(ledgers), Ledger.of(ledgers)
    empty = np.zeros(0, np.int64)
    nothing = np.zeros(0)
    unknown = np.full(size, np.nan)
    news = News(empty, empty, [], nothing, nothing)
    evidence = Evidence(
        ids=np.arange(1, size + 1),
        ledger=ledger,
        orders=Orders(ledger.customer, ledger.issued, ledger.amount, size),
        statements={"total_assets": unknown},
        year_before={"total_assets": unknown},
        statement_day=unknown,
        model=np.zeros(size, np.int64),
        ratings=Ratings(empty, empty, [], []),
        events=news,
        notes=news,
        ties=Ties(empty, empty, np.full(size, -1)),
        industry=[None] * size,
        country=[None] * size,
    )
    found = facts_of(policy, evidence, TODAY)
    scored = score(policy, found.facts)
    grade = np.where(scored.risk_class < 0, np.nan, scored.risk_class)
    held = replace(Books.none(size), **books)
    return Observed(evidence, found, scored, held, Past.none(size), grade, unknown)


def facts(policy: Policy, *ledgers: Sequence[Invoice], **books: Any) -> dict[str, Any]:
    return watch_facts(policy, observed(policy, ledgers, **books), TODAY)


def fired(policy: Policy, found: dict[str, Any]) -> set[str]:
    return {one.rule for one in fire(policy, found)}


def dated(kind: str, amount: float, begins: int, ends: int | None) -> Dated:
    """Return one thing of customer 0; days are counted from today."""
    today = TODAY.toordinal()
    last = np.nan if ends is None else float(today + ends)
    return Dated(
        np.array([0]),
        [kind],
        np.array([amount]),
        np.array([float(today + begins)]),
        np.array([last]),
    )


def test_every_fact_is_documented_and_every_documented_fact_is_there(
    policy: Policy,
) -> None:
    assert set(facts(policy, [])) == set(WATCH_FACTS)
    assert set(FACTS) <= set(WATCH_FACTS)
    assert set(SIGNALS) == set(CUSTOMER_SIGNALS)


def test_signals_show_documented_facts_as_evidence() -> None:
    for name, signal in SIGNALS.items():
        assert set(signal.evidence) <= set(WATCH_FACTS), name


def test_slower_is_held_against_the_customers_own_habit(policy: Policy) -> None:
    usual = [paid(n, 120 + 15 * n, late=2 + n % 3) for n in range(12)]
    slower = [*usual, *(paid(20 + n, 50 + n, late=23) for n in range(3))]
    always = [paid(n, 60 + 15 * n, late=23) for n in range(15)]
    found = facts(policy, slower, always)

    assert found["days_late_recent"].tolist() == [23, 23]
    assert found["days_late_usual"].tolist() == [3, 23]
    assert found["slower_by"].tolist() == [20, 0]
    slow = next(one for one in fire(policy, found) if one.rule == "slower_payment")
    assert slow.rows.tolist() == [0], "who always pays late is no news"
    assert slow.evidence["days_late_usual"].tolist() == [3]
    assert slow.strength[0] > 1


def test_one_odd_invoice_makes_no_habit(policy: Policy) -> None:
    usual = [paid(n, 120 + 15 * n, late=2) for n in range(12)]
    odd = [*usual, paid(20, 400, late=90)]
    assert facts(policy, odd)["days_late_usual"].tolist() == [2]


def test_the_first_overdue_ever_is_told_once_it_is_material(policy: Policy) -> None:
    prompt = [paid(n, 60 + 30 * n, late=-1) for n in range(6)]
    late_before = [*prompt, paid(9, 300, late=4)]
    found = facts(policy, [*prompt, owed(6)], [*late_before, owed(6)], [owed(6)])
    assert found["first_overdue"].tolist() == [1, 0, 0]
    first = next(one for one in fire(policy, found) if one.rule == "first_overdue")
    assert first.rows.tolist() == [0]


def test_what_is_overdue_counts_by_age_and_share(policy: Policy) -> None:
    found = facts(policy, [owed(7)], [owed(6)], [owed(40, "30"), owed(-9, "9000")])
    assert found["overdue_oldest"].tolist() == [7, 6, 40]
    assert found["overdue"].tolist() == [1000, 1000, 30]
    rule = next(one for one in fire(policy, found) if one.rule == "overdue")
    assert rule.rows.tolist() == [0], "a trifle beside what is open is none"


def test_credit_notes_lower_what_is_overdue(policy: Policy) -> None:
    found = facts(policy, [owed(20, "1000"), owed(20, "-400")])
    assert found["overdue"].tolist() == [600]
    assert found["exposure"].tolist() == [600]


@pytest.mark.parametrize(
    ("exposure", "step"), [("79", 0), ("80", 1), ("90", 2), ("100", 3), ("140", 3)]
)
def test_limit_use_goes_by_the_steps_of_the_policy(
    policy: Policy, exposure: str, step: int
) -> None:
    found = facts(policy, [owed(-5, exposure)], limit=np.array([100.0]))
    steps = [one for one in fire(policy, found) if one.rule == "limit_used"]
    assert [one.strength.tolist() for one in steps] == ([[step]] if step else [])


def test_a_limit_of_nothing_is_cash_only_and_no_limit_is_unknown(
    policy: Policy,
) -> None:
    limit = np.array([0.0, np.nan, 0.0])
    found = facts(policy, [owed(-5)], [owed(-5)], [], limit=limit)
    assert found["utilisation"][0] == np.inf
    assert np.isnan(found["utilisation"][1])
    assert found["utilisation"][2] == 0
    rows = [o.rows.tolist() for o in fire(policy, found) if o.rule == "limit_used"]
    assert rows == [[0]]


def test_on_its_present_path_a_limit_is_full_in_so_many_days(policy: Policy) -> None:
    growing = [owed(-20 - n, "1000", issued=3 * n + 1) for n in range(9)]
    found = facts(policy, growing, limit=np.array([12_000.0]))
    assert found["growth_per_day"].tolist() == pytest.approx([300])
    assert found["days_until_full"].tolist() == pytest.approx([10])
    assert "limit_path" in fired(policy, found)


def test_a_lapse_says_what_it_does_to_headroom_and_orders(policy: Policy) -> None:
    found = facts(
        policy,
        [owed(-5, "131")],
        limit=np.array([100.0]),
        covers=dated("insurance", 57.0, -100, 21),
        orders=dated("open", 0.0, -3, 30),
    )
    assert found["cover_days"].tolist() == [21]
    assert found["utilisation"].tolist() == [0.74]
    assert found["utilisation_after"].tolist() == [1.31]
    assert found["orders_after"].tolist() == [1]
    assert "cover_lapse" in fired(policy, found)


def test_a_cover_is_there_on_its_last_day_and_gone_the_next(policy: Policy) -> None:
    last = facts(policy, [owed(-5, "100")], covers=dated("guarantee", 60.0, -9, 0))
    gone = facts(policy, [owed(-5, "100")], covers=dated("guarantee", 60.0, -9, -1))
    assert last["exposure"].tolist() == [40]
    assert last["guarantee_days"].tolist() == [0]
    assert gone["exposure"].tolist() == [100]
    assert np.isnan(gone["guarantee_days"][0])


def test_orders_are_held_against_the_customers_own_range(policy: Policy) -> None:
    steady = [paid(n, 15 * n, late=0) for n in range(4, 48)]
    rush = [owed(-29 + n, "1000", issued=n) for n in range(1, 13)]
    found = facts(policy, [*steady, *rush])
    assert found["orders_30"][0] == 12
    assert found["orders_usual"][0] == 2
    assert "orders_rise" in fired(policy, found)


def test_silence_is_held_against_the_usual_gap(policy: Policy) -> None:
    often = [paid(n, 90 + 7 * n, late=0) for n in range(30)]
    seldom = [paid(n, 90 + 60 * n, late=0) for n in range(10)]
    found = facts(policy, often, seldom)
    assert found["gap_usual"].tolist() == [7, 60]
    quiet = next(one for one in fire(policy, found) if one.rule == "silence")
    assert quiet.rows.tolist() == [0]


def test_a_season_is_no_news(policy: Policy) -> None:
    """Twelve orders each spring, two in any other month: spring is usual in spring."""
    busy = (0, 365)
    days = [d + n * 2 for d in busy for n in range(12)]
    days += [15 * n for n in range(2, 51) if not (345 <= 15 * n <= 395)]
    bills = [paid(n, day - 29, late=-29 + 29) for n, day in enumerate(sorted(days))]
    found = facts(policy, bills)
    assert found["orders_30"][0] >= 12
    assert found["orders_usual"][0] > 5, "as last year's spring had it"
    assert "orders_rise" not in fired(policy, found)


def test_a_chance_of_paying_late_comes_from_the_customers_own_history(
    policy: Policy,
) -> None:
    never = [paid(n, 60 + 20 * n, late=-5) for n in range(10)]
    mostly = [paid(n, 60 + 20 * n, late=14) for n in range(10)]
    found = facts(policy, [*never, owed(-3)], [*mostly, owed(-3)], [owed(-3)])
    low, high, unknown = found["late_chance"].tolist()
    assert low < 0.05
    assert high > 0.5
    assert np.isnan(unknown)


def test_nothing_known_fires_nothing(policy: Policy) -> None:
    unknown = {name: np.full(3, np.nan) for name in WATCH_FACTS}
    assert fire(policy, unknown) == []
    assert fire(policy, facts(policy)) == []
    assert fire(policy, facts(policy, [])) == []


AMOUNTS = st.sampled_from(["0.0001", "-0.01", "12.5", "99999999999999"])
BILLS = st.lists(
    st.builds(
        paid, st.integers(), st.integers(-40, 900), st.integers(-40, 400), AMOUNTS
    )
    | st.builds(owed, st.integers(-400, 900), AMOUNTS),
    max_size=12,
)


@given(st.lists(BILLS, max_size=4))
def test_no_ledger_is_too_odd(ledgers: list[list[Invoice]]) -> None:
    policy = load_policy().policy
    limits = np.array([[0.0, 1.0, np.nan, 1e14][n % 4] for n in range(len(ledgers))])
    found = facts(policy, *ledgers, limit=limits)
    assert {len(column) for column in found.values()} == {len(ledgers)}
    for one in fire(policy, found):
        assert np.isfinite(one.strength).all()
        assert (one.strength >= 1).all()


@given(st.lists(BILLS, min_size=2, max_size=4))
def test_each_customer_is_judged_by_itself(ledgers: list[list[Invoice]]) -> None:
    policy = load_policy().policy
    together = facts(policy, *ledgers)
    for n, ledger in enumerate(ledgers):
        alone = facts(policy, ledger)
        for name, column in alone.items():
            assert together[name][n] == pytest.approx(column[0], nan_ok=True), name


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-300, 300)), max_size=60))
def test_medians_are_those_of_numpy(rows: list[tuple[int, int]]) -> None:
    whose = np.array([row[0] for row in rows], np.int64)
    value = np.array([row[1] for row in rows], np.int64)
    middle, spread = habit(whose, value, 5)
    for n in range(5):
        mine = value[whose == n]
        if not len(mine):
            assert np.isnan(middle[n])
            continue
        assert middle[n] == np.median(mine)
        off = np.median(np.abs(mine - np.median(mine)))
        assert spread[n] == pytest.approx(1.4826 * off)
    assert Spread(whose, value, 5).count.sum() == len(rows)


def test_the_middle_of_a_row_leaves_out_what_is_not_known() -> None:
    rows = np.array([[1.0, np.nan, 3.0], [np.nan] * 3, [5.0, 1.0, 9.0]])
    assert middle_of(rows)[[0, 2]].tolist() == [2, 5]
    assert np.isnan(middle_of(rows)[1])


def test_concentration_is_the_published_index() -> None:
    part = np.arange(4)
    even = concentration(np.array([30.0, 30, 20, 20]), part, 4)
    assert even.hhi == pytest.approx(2600)
    assert concentration(np.array([70.0, 30]), np.arange(2), 2).hhi == pytest.approx(
        5800
    )
    assert np.isnan(concentration(np.zeros(2), np.arange(2), 2).hhi)


def test_what_an_alert_is_worth(policy: Policy) -> None:
    """EL = 0.15 × 0.45 × 10,000 = 675, of which 0.6 can still be averted."""
    assert alert_value(policy, "D", Decimal(10_000), "payment") == Decimal("405.00")
    assert alert_value(policy, "D", None, "payment") == 0
    assert alert_value(policy, "D", Decimal(-5), "payment") == 0
    assert alert_value(policy, None, Decimal(10_000), "payment") == Decimal("405.00")
    fitted = alert_value(policy, "D", Decimal(10_000), "payment", 0.3)
    assert fitted == Decimal("810.00")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('signal = "overdue"', 'signal = "overdu"', "did you mean `overdue`?"),
        ("grade = 3 }\n\n[monitor.rules.r", "g = 3 }\n\n[monitor.rules.r", "grade"),
        ("{ weight = 4 }", "{ weight = 4, heavy = 1 }", "takes no ['heavy']"),
        ("{ weight = 4 }", "{ weight = inf }", "plain numbers"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_by_its_line(
    before: str, after: str, words: str
) -> None:
    text = load_policy().text
    assert before in text
    with pytest.raises(PolicyInvalid) as wrong:
        parse_policy(text.replace(before, after, 1))
    [fault] = wrong.value.list
    assert words in str(fault)
    assert fault.line > 400
