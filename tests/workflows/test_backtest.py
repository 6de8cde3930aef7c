"""History is replayed as it was known then, and judged by what is known now."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from sqlmodel import Session, select

from risk.backtest import Question, Sample
from storage.tables import Invoice, Payment
from tests.workflows.ledger import customer
from workflows.backtest import (
    HorizonNotOver,
    NoHistory,
    NoMonthEnds,
    NoRates,
    TooFewOutcomes,
    WrongQuestion,
    backtest,
    month_ends,
    sample_of,
)
from workflows.services import Services

IMPORTED = datetime(2026, 3, 1, tzinfo=UTC)
START = date(2024, 1, 10)
MONTH = date(2025, 3, 31)


_ABOUT: dict[str, Any] = {
    "currency": "USD",
    "source": "test",
    "known_at": IMPORTED,
    "assumed": True,
    "amount": Decimal(1000),
}


def _bill(
    session: Session, whose: int, n: int, late: int | None, kind: str = "payment"
) -> Payment | None:
    """Add the n-th monthly invoice, imported in bulk, paid `late` days late or not."""
    invoice = _invoice(whose, n, late)
    session.add(invoice)
    session.flush()
    if late is None:
        return None
    payment = _payment(invoice, kind)
    session.add(payment)
    return payment


def _invoice(whose: int, n: int, late: int | None) -> Invoice:
    issued = START + timedelta(days=30 * n)
    due = issued + timedelta(days=30)
    return Invoice(
        customer_id=whose,
        number=f"{whose}-{n}",
        issued_on=issued,
        due_on=due,
        settled_on=None if late is None else due + timedelta(days=late),
        paid=Decimal(0 if late is None else 1000),
        **_ABOUT,
    )


def _payment(invoice: Invoice, kind: str = "payment") -> Payment:
    assert invoice.settled_on is not None
    return Payment(
        customer_id=invoice.customer_id,
        invoice_id=invoice.id,
        reference=f"P{invoice.number}",
        kind=kind,
        paid_on=invoice.settled_on,
        **_ABOUT,
    )


def company(services: Services, lates: Sequence[int], months: int = 18) -> list[int]:
    """Add customers with an invoice a month, each paid so many days late, or so."""
    with services.database.write() as session:
        ids = [customer(session, str(n), IMPORTED) for n in range(len(lates))]
        bills = [
            _invoice(whose, n, late + (n * 7 + whose * 3) % 5)
            for whose, late in zip(ids, lates, strict=True)
            for n in range(months)
        ]
        session.add_all(bills)
        session.flush()
        session.add_all(map(_payment, bills))
    return ids


def _sample(services: Services, *months: date) -> Sample:
    with services.database.read() as session:
        return sample_of(services, session, list(months) or [MONTH], Question())


def test_month_ends_within_a_window() -> None:
    assert month_ends(date(2024, 1, 31), date(2024, 3, 30)) == [
        date(2024, 1, 31),
        date(2024, 2, 29),
    ]
    assert month_ends(date(2023, 12, 15), date(2024, 1, 1)) == [date(2023, 12, 31)]
    assert month_ends(date(2024, 1, 1), date(2024, 1, 30)) == []


def test_late_payers_are_told_from_good_ones(services: Services) -> None:
    company(services, [-3, 0, 0, 2, 4, 6, 14, 17, 20, 25, 28, 30])

    found = backtest(services, date(2024, 9, 1), date(2025, 1, 31), rounds=30)

    assert found.report.months[0] == date(2024, 9, 30)
    assert found.report.rows == 5 * 12
    assert found.report.auc.value > 0.95
    assert {b.name for b in found.report.baselines} >= {"mean_dbt", "weighted_dbt"}
    assert not found.outlives_ledger


def test_books_in_one_foreign_currency_are_counted_in_it(services: Services) -> None:
    company(services, [-3, 0, 0, 2, 4, 6, 14, 17, 20, 25, 28, 30])
    window = date(2024, 9, 1), date(2025, 1, 31)
    before = backtest(services, *window, rounds=30)
    _in_currency(services, "EUR")
    after = backtest(services, *window, rounds=30)
    assert (before.currency, after.currency, after.left_out) == ("USD", "EUR", ())
    assert after.report.auc == before.report.auc
    _in_currency(services, "CHF", only=1)
    with pytest.raises(NoRates, match="CHF, EUR"):
        backtest(services, *window)
    _in_currency(services, "USD")
    _in_currency(services, "CHF", only=1)
    assert backtest(services, *window, rounds=30).left_out == ("CHF",)


def _in_currency(services: Services, currency: str, only: int | None = None) -> None:
    """Let all invoices, or those of one customer, be in a currency."""
    with services.database.write() as session:
        for invoice in session.exec(select(Invoice)).all():
            if only is None or invoice.customer_id == only:
                invoice.currency = currency
                session.add(invoice)


def test_without_a_window_the_last_year_whose_horizon_is_over_is_taken(
    services: Services,
) -> None:
    company(services, [0, 0, 3, 5, 14, 20, 22, 25, 30, 35], months=24)
    found = backtest(services, rounds=30)
    ends = found.ledger_ends
    assert len(found.report.months) == 12
    assert found.last + timedelta(days=90) <= ends < found.last + timedelta(days=122)


def test_what_was_learnt_later_changes_nothing_that_was_known_then(
    services: Services,
) -> None:
    ids = company(services, [0, 5, 20], months=12)
    before = _sample(services)
    with services.database.write() as session:
        late = _bill(session, ids[0], 12, 40)
        assert late is not None
        late.assumed = False  # learnt when it was entered, long after
        late.paid_on = MONTH - timedelta(days=60)
        for n in range(30, 34):
            _bill(session, ids[0], n, 80)

    after = _sample(services)

    for name, values in before.facts.items():
        known = after.facts[name][1:]
        np.testing.assert_array_equal(values[1:], known, err_msg=name)
    # An invoice as of its own date is known; a payment entered later is not.
    assert after.facts["settled_count"][0] == before.facts["settled_count"][0]
    assert after.facts["overdue_days"][0] > before.facts["overdue_days"][0]


def test_customers_count_from_their_first_invoice_on(services: Services) -> None:
    ids = company(services, [0, 5])
    with services.database.write() as session:
        young = customer(session, "young", IMPORTED)
        _bill(session, young, 20, 3)
    early, late = date(2025, 3, 31), date(2025, 10, 31)
    sample = _sample(services, early, late)
    rows = list(zip(sample.month.tolist(), sample.customer.tolist(), strict=True))
    assert (early.toordinal(), young) not in rows
    assert (late.toordinal(), young) in rows
    assert len(rows) == 2 * len(ids) + 1


def test_a_debt_written_off_was_never_paid(services: Services) -> None:
    with services.database.write() as session:
        good, lost = (customer(session, n, IMPORTED) for n in "ab")
        for whose, kind in ((good, "payment"), (lost, "write_off")):
            for n in range(16):
                _bill(session, whose, n, 0, kind if n == 14 else "payment")
    sample = _sample(services)
    assert dict(zip(sample.customer.tolist(), sample.bad.tolist(), strict=True)) == {
        good: False,
        lost: True,
    }


def test_what_cannot_be_answered_is_refused_in_words(services: Services) -> None:
    with pytest.raises(NoHistory):
        backtest(services)
    company(services, [0, 5])
    with pytest.raises(TooFewOutcomes, match="0 customer-months went bad"):
        backtest(services, date(2024, 9, 1), date(2025, 1, 31))
    with pytest.raises(NoMonthEnds):
        backtest(services, date(2024, 9, 1), date(2024, 9, 20))
    with pytest.raises(HorizonNotOver, match="2025-12-04"):
        backtest(services, date(2025, 1, 1), date(2026, 1, 31))
    with pytest.raises(WrongQuestion):
        backtest(services, asked=Question(horizon=0))
