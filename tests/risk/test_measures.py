"""From ledgers to facts: as known on a day, unknown where nothing is known."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.ledger import Invoice
from risk.measures import Ledger, payment_facts
from risk.receivables import days_beyond_terms
from storage.policy_file import load_policy

RULES = load_policy().policy.score
TODAY = date(2026, 3, 4)


def _invoice(
    amount: int = 1000,
    due: int = 0,
    settled: int | None = None,
    number: str = "1",
    *,
    disputed: bool = False,
) -> Invoice:
    """Return an invoice due and settled so many days from today."""
    due_on = TODAY + timedelta(days=due)
    return Invoice(
        number,
        Decimal(amount),
        due_on - timedelta(days=30),
        due_on,
        paid=Decimal(0 if settled is None else amount),
        settled_on=None if settled is None else TODAY + timedelta(days=settled),
        disputed=disputed,
    )


def _facts(*invoices: Invoice, on: date = TODAY) -> dict[str, float]:
    found = payment_facts(Ledger.of([invoices]), on, RULES)
    return {name: float(values[0]) for name, values in found.items()}


def test_of_nothing_nothing_is_known() -> None:
    facts = _facts()
    known = {name for name, value in facts.items() if not np.isnan(value)}
    assert known == {"settled_count"}


def test_days_beyond_terms_of_payments_of_one_day_are_weighted_by_amount() -> None:
    paid = [(100, -10), (200, -5), (300, 0), (400, 5), (500, 10)]
    facts = _facts(*(_invoice(a, due=-30 - d, settled=-30) for a, d in paid))
    exact = days_beyond_terms([(Decimal(a), d) for a, d in paid])
    assert exact is not None
    assert facts["days_beyond_terms"] == pytest.approx(float(exact))
    assert facts["on_time_share"] == pytest.approx(600 / 1500)
    assert facts["worst_late"] == 10
    assert facts["settled_count"] == 5
    assert facts["days_since_payment"] == 30


def test_old_payments_fade() -> None:
    half_life = RULES.dbt_half_life_days
    facts = _facts(
        _invoice(due=-10, settled=0), _invoice(due=-half_life, settled=-half_life)
    )
    assert facts["days_beyond_terms"] == pytest.approx(10 * 1 / 1.5)


def test_what_is_overdue_now_counts_with_its_days_so_far() -> None:
    facts = _facts(_invoice(due=-20), _invoice(due=20))
    assert facts["days_beyond_terms"] == 20
    assert facts["overdue_days"] == 20
    assert facts["overdue_share"] == 0.5


def test_an_immaterial_sum_is_not_overdue_for_long() -> None:
    facts = _facts(_invoice(400, due=-200), _invoice(100_000, due=20))
    assert facts["overdue_days"] == 0
    assert facts["overdue_share"] > 0


def test_small_items_together_are_material() -> None:
    items = [_invoice(300, due=-100 + n, number=str(n)) for n in range(3)]
    assert _facts(*items)["overdue_days"] == 99


@pytest.mark.parametrize(("days", "default"), [(90, 0), (91, 1)])
def test_default_begins_after_the_ninetieth_day(days: int, default: int) -> None:
    assert _facts(_invoice(due=-days))["in_default"] == default


@pytest.mark.parametrize("amount", [499, 500, 501])
def test_below_materiality_the_counter_does_not_run(amount: int) -> None:
    assert _facts(_invoice(amount, due=-200))["in_default"] == (amount > 500)


@pytest.mark.parametrize(("since", "default"), [(89, 1), (90, 0)])
def test_default_lasts_a_probation_longer_than_the_debt(
    since: int, default: int
) -> None:
    paid = _invoice(due=-since - 120, settled=-since)
    assert _facts(paid, _invoice(due=10))["in_default"] == default


def test_a_turn_for_the_worse_shows_in_the_trend() -> None:
    facts = _facts(_invoice(due=-200, settled=-200), _invoice(due=-40, settled=-10))
    assert facts["payment_trend"] == 30


def test_disputes_count_by_amount() -> None:
    facts = _facts(_invoice(3000, due=5), _invoice(1000, due=5, disputed=True))
    assert facts["disputed_share"] == 0.25


def test_a_credit_note_is_neither_late_nor_owed() -> None:
    alone = _facts(_invoice(due=-20))
    with_note = _facts(_invoice(due=-20), _invoice(-300, due=-400))
    assert with_note["overdue_days"] == alone["overdue_days"]
    assert with_note["days_beyond_terms"] == alone["days_beyond_terms"]


def test_as_of_a_day_what_came_later_is_not_known() -> None:
    facts = _facts(_invoice(due=-40, settled=-5), on=TODAY - timedelta(days=10))
    assert facts["overdue_days"] == 30
    assert facts["settled_count"] == 0
    assert np.isnan(_facts(_invoice(due=5), on=TODAY - timedelta(60))["overdue_days"])


_INVOICES = st.lists(
    st.builds(
        _invoice,
        st.integers(-5000, 50_000).filter(bool),
        st.integers(-400, 60),
        st.none() | st.integers(-300, 0),
    ),
    max_size=8,
)


@given(st.lists(_INVOICES, min_size=1, max_size=5))
def test_all_at_once_is_each_by_itself(customers: list[list[Invoice]]) -> None:
    together = payment_facts(Ledger.of(customers), TODAY, RULES)
    for row, invoices in enumerate(customers):
        alone = payment_facts(Ledger.of([invoices]), TODAY, RULES)
        for name, values in together.items():
            assert values[row] == pytest.approx(alone[name][0], nan_ok=True), name


@given(_INVOICES)
def test_shares_are_shares(invoices: list[Invoice]) -> None:
    facts = _facts(*invoices)
    for name in ("on_time_share", "overdue_share", "disputed_share"):
        assert np.isnan(facts[name]) or -1e-9 <= facts[name] <= 1 + 1e-9
