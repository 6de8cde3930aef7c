"""Outcomes as defined to the day, simple rules by hand, and a report that adds up."""

from datetime import date

import numpy as np
import pytest

from risk.backtest import (
    Fates,
    Question,
    Sample,
    TooFewEvents,
    joined,
    report,
    simple_rules,
    went_bad,
)
from risk.measures import OPEN, Ledger
from storage.policy_file import load_policy

POLICY = load_policy().policy
TODAY = date(2026, 3, 31).toordinal()
ASKED = Question(horizon=90, late=15)


def _bad(due: int, settled: int | None) -> bool:
    """Return the outcome of one invoice, due and settled so many days from today."""
    days = np.array([TODAY + due])
    end = np.array([OPEN if settled is None else TODAY + settled])
    fates = Fates(np.zeros(1, np.int64), days, end, 1)
    return bool(went_bad(fates, TODAY, ASKED)[0])


@pytest.mark.parametrize(
    ("due", "settled", "bad"),
    [
        (0, 15, False),  # 15 days late, not more
        (0, 16, True),
        (0, None, True),
        (-15, 40, False),  # passed 15 days on the day itself: known, not to come
        (-14, 40, True),
        (75, 91, True),  # passes 15 days on the last day of the horizon
        (76, None, False),
    ],
)
def test_an_invoice_passes_within_the_horizon_or_not(
    due: int, settled: int | None, *, bad: bool
) -> None:
    assert _bad(due, settled) is bad


def test_simple_rules_by_hand() -> None:
    amount = np.array([100.0, 300.0, 50.0])
    ledger = Ledger(
        customer=np.array([0, 0, 0]),
        amount=amount,
        open_amount=np.array([0.0, 0.0, 50.0]),
        issued=np.full(3, TODAY - 60),
        due=np.array([TODAY - 30, TODAY - 20, TODAY - 7]),
        settled=np.array([TODAY - 20, TODAY - 24, OPEN]),
        disputed=np.zeros(3, np.bool_),
        size=2,
    )
    rules = simple_rules(ledger, TODAY)
    assert rules["weighted_dbt"][0] == pytest.approx(100 * 10 / 400)
    assert rules["mean_dbt"][0] == pytest.approx((10 - 4) / 2)
    assert rules["last_invoice_late"][0] == 1
    assert rules["days_overdue_now"].tolist() == [7, 0]
    assert np.isnan(rules["mean_dbt"][1])
    assert np.isnan(rules["last_invoice_late"][1])


def _sample(size: int = 60, month: int = TODAY, unknown: int = 0) -> Sample:
    """Return customers of whom the later in a row pay later, a third of them too late.

    Of the first `unknown` nothing is known.
    """
    days = np.arange(size, dtype=np.float64) / 2
    days[:unknown] = np.nan
    facts = {
        "days_beyond_terms": days,
        "on_time_share": 1 - days / days[~np.isnan(days)].max(),
        "overdue_days": np.where(np.isnan(days), np.nan, 0.0),
    }
    bad = np.arange(size) >= size * 2 // 3
    rule = {"mean_dbt": days, "altman_z": np.full(size, np.nan)}
    return Sample(np.arange(size), np.full(size, month), bad, facts, rule)


def test_a_score_that_sees_it_all_tells_all_apart() -> None:
    found = report(POLICY, _sample(), rounds=30)
    assert (found.rows, found.events, found.unscored) == (60, 20, 0)
    assert found.auc.value == found.auc.high == 1.0
    assert (found.gini, found.ks, found.precision) == (1.0, 1.0, 1.0)
    assert found.rate == pytest.approx(1 / 3)
    rule, silent = found.baselines
    assert (rule.name, rule.rows, rule.score_auc) == ("mean_dbt", 60, 1.0)
    assert (silent.name, silent.rows) == ("altman_z", 0)
    assert np.isnan(silent.auc.value)
    assert sum(c.count for c in found.classes) == sum(b.count for b in found.bands)
    assert sum(c.bad for c in found.classes) == 20
    assert np.isnan(found.psi)


def test_who_has_no_score_is_counted_and_left_out_of_the_figures() -> None:
    found = report(POLICY, _sample(unknown=12), rounds=30)
    assert (found.rows, found.scored, found.unscored_events) == (60, 48, 0)
    assert sum(b.count for b in found.bands) == 48


def test_a_population_that_moved_is_seen_and_one_that_did_not_is_not() -> None:
    before, after = _sample(400), _sample(400, TODAY + 30)
    still = report(POLICY, joined([before, after]), rounds=30)
    assert still.psi == pytest.approx(0)
    worse = {n: v + 40 for n, v in after.facts.items() if n == "days_beyond_terms"}
    changed = Sample(
        after.customer,
        after.month,
        after.bad,
        {**after.facts, **worse},
        after.baselines,
    )
    moved = report(POLICY, joined([before, changed]), rounds=30)
    assert moved.psi > 0.25 > moved.psi_by_chance
    assert moved.shifts[0].fact == "days_beyond_terms"
    assert [c.share_first for c in moved.classes] != [
        c.share_last for c in moved.classes
    ]


def test_too_few_outcomes_are_refused_with_their_number() -> None:
    few = _sample()
    bad = few.bad & (np.arange(len(few)) % 3 == 0)
    with pytest.raises(TooFewEvents) as told:
        report(POLICY, Sample(few.customer, few.month, bad, few.facts, few.baselines))
    assert (told.value.bad, told.value.good) == (6, 54)


def test_many_bad_months_of_few_customers_are_too_few() -> None:
    some = _sample()
    whose = np.where(some.bad, some.customer % 3, some.customer)
    with pytest.raises(TooFewEvents) as told:
        report(POLICY, Sample(whose, some.month, some.bad, some.facts, some.baselines))
    assert told.value.customers == 3
