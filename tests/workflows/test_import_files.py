"""A file's rows become facts: what is new, what changed, what is refused, and why."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel, col, select, text

from connectors.files import open_file
from storage import touched
from storage.merging import Counts
from storage.names import find_exact
from storage.tables import (
    Clause,
    CreditLimit,
    Customer,
    CustomerChange,
    CustomerName,
    Invoice,
    NameEntry,
    Payment,
    PaymentPromise,
    Relation,
    Statement,
)
from tests.conftest import examples
from workflows.import_files import import_file
from workflows.importing import ImportResult
from workflows.monitor.sweep import sweep_touched
from workflows.services import Services

HEAD = "Customer No,Customer,Invoice No,Invoice Date,Due Date,Amount,Paid Date,Currency"
PAYMENTS = "Payment No,Customer No,Invoice No,Payment Date,Payment Amount,Currency"

Import = Callable[..., ImportResult]


@pytest.fixture
def load(services: Services, tmp_path: Path) -> Import:
    """Write lines into a file and import it."""

    def write_and_load(*lines: str, head: str = HEAD, **wishes: Any) -> ImportResult:
        file = tmp_path / "file.csv"
        file.write_text("\n".join((head, *lines)), encoding="utf-8")
        return import_file(services, open_file(file), by="tests", **wishes)

    return write_and_load


def _all(services: Services, table: type[SQLModel]) -> Sequence[Any]:
    with services.database.read() as session:
        return session.exec(select(table).order_by(col(table.id))).all()  # type: ignore[attr-defined] # every table of ours has one


def _standing(services: Services, table: type[SQLModel]) -> list[Any]:
    return [row for row in _all(services, table) if row.superseded_at is None]


def _faults(result: ImportResult) -> list[tuple[int, str, str, str]]:
    return [(r.line, r.column, r.value, r.words()) for r in result.rejected]


def test_invoices_bring_customers_and_payments(
    services: Services, load: Import
) -> None:
    result = load(
        "C1,Acme Ltd,1,2024-01-31,2024-02-29,100.50,2024-03-05,EUR",
        "C2,华为技术,1,2024-01-31,2024-02-29,70,,",
    )
    assert result.kept
    assert result.counts["customers"] == result.counts["invoices"] == Counts(new=2)
    assert result.counts["payments"] == Counts(new=1)
    first, second = _all(services, Invoice)
    assert (first.amount, first.currency) == (Decimal("100.5"), "EUR")
    assert (first.paid, first.settled_on) == (Decimal("100.5"), date(2024, 3, 5))
    assert (second.currency, second.paid, second.settled_on) == ("USD", 0, None)
    assert first.customer_id != second.customer_id  # though the number is the same
    [payment] = _all(services, Payment)
    assert (payment.invoice_id, payment.amount) == (first.id, first.amount)


def test_a_repeated_row_counts_once_and_a_contradiction_is_refused(
    services: Services, load: Import
) -> None:
    result = load(
        "C1,Acme Ltd,1,2024-01-31,2024-02-29,100,,",
        "C1,Acme Ltd,1,2024-01-31,2024-02-29,100,,",
        "C1,Acme Ltd,1,2024-01-31,2024-02-29,200,,",
    )
    assert result.counts["invoices"] == Counts(new=1, same=1)
    assert _faults(result) == [
        (4, "Invoice No", "1", "Line 2 says otherwise about the same thing.")
    ]
    assert [i.amount for i in _all(services, Invoice)] == [100]


def test_a_negative_amount_is_a_credit_note(services: Services, load: Import) -> None:
    load(
        "C1,Acme,1,2024-01-31,2024-02-29,-40.25,,",
        "C1,Acme,2,2024-01-31,2024-02-29,(500),,",
        "C1,Acme,3,2024-01-31,2024-01-15,-5,,",
    )
    notes = _all(services, Invoice)
    assert {note.kind for note in notes} == {"credit_note"}
    assert [note.amount for note in notes] == [Decimal("-40.25"), -500, -5]


def test_bad_rows_are_told_and_the_good_ones_go_in(
    services: Services, load: Import
) -> None:
    result = load(
        "C1,Acme,1,2024-01-31,2024-02-29,100,,",
        ",,2,2024-01-31,2024-02-29,100,,",
        "C1,Acme,,2024-01-31,2024-02-29,100,,",
        "C1,Acme,4,31 Feb 2024,2024-02-29,100,,",
        "C1,Acme,5,2024-01-31,2022-02-28,100,,",
        "C1,Acme,6,2024-01-31,2024-02-29,100,2022-01-01,",
        "C1,Acme,7,2026-03-05,2026-04-05,100,,",
        "C1,Acme,8,2024-01-31,2024-02-29,100,2026-03-05,",
        "C1,Acme,9,2024-01-31,2024-02-29,a lot,,",
        "C1,Acme,10,2024-01-31,2024-02-29,100,,Taler",
        "C1,Acme,11,2024-01-31,2024-02-29,100,2024-01-30,",
    )
    assert result.counts["invoices"] == Counts(new=2)
    issued = "before it was issued, on 2024-01-31."
    assert _faults(result) == [
        (3, "Customer No", "", "This is missing."),
        (4, "Invoice No", "", "This is missing."),
        (5, "Invoice Date", "31 Feb 2024", "This is no date."),
        (6, "Due Date", "2022-02-28", f"Due more than a year {issued}"),
        (7, "Paid Date", "2022-01-01", f"Paid more than a year {issued}"),
        (8, "Invoice Date", "2026-03-05", "This date is in the future."),
        (9, "Paid Date", "2026-03-05", "This date is in the future."),
        (10, "Amount", "a lot", "This is no amount."),
        (11, "Currency", "Taler", "No currency has this code."),
    ]
    numbers = {invoice.number for invoice in _all(services, Invoice)}
    assert numbers == {"1", "11"}  # a customer may pay a day ahead


@pytest.mark.parametrize("wishes", [{"strict": True}, {"dry_run": True}])
def test_nothing_goes_in_where_nothing_may(
    services: Services, load: Import, wishes: dict[str, bool]
) -> None:
    bad = "C1,Acme,2,2024-01-31,2024-02-29,much,,"
    result = load("C1,Acme,1,2024-01-31,2024-02-29,100,,", bad, **wishes)
    assert not result.kept
    assert (result.rejected_total, result.counts["invoices"]) == (1, Counts(new=1))
    for table in (Customer, CustomerName, Invoice, NameEntry):
        assert not _all(services, table)
    good = load("C1,Acme,1,2024-01-31,2024-02-29,100,,", strict=True)
    assert good.kept


def test_a_correction_ends_the_old_fact_and_keeps_it(
    services: Services, load: Import, clock: Any
) -> None:
    load("C1,Acme,1,2024-01-31,2024-02-29,100,2024-02-20,")
    first = clock.at
    clock.at = first.replace(hour=15)
    result = load("C1,Acme,1,2024-01-31,2024-03-31,100,2024-02-20,")
    assert result.counts["invoices"] == Counts(changed=1)
    before, after = _all(services, Invoice)
    assert (before.due_on, before.superseded_at) == (date(2024, 2, 29), clock.at)
    assert (after.due_on, after.known_at) == (date(2024, 3, 31), clock.at)
    assert after.settled_on == date(2024, 2, 20)
    [payment] = _standing(services, Payment)
    assert payment.invoice_id == after.id


def test_payments_of_their_own_settle_invoices(
    services: Services, load: Import
) -> None:
    load("C1,Acme,1,2024-01-31,2024-02-29,100,,EUR")
    result = load(
        "P1,C1,1,2024-02-10,60,EUR",
        "P2,C1,1,2024-03-10,40,EUR",
        "P3,C1,,2024-03-11,5,EUR",
        "P4,C1,9,2024-03-11,5,EUR",
        "P5,C9,,2024-03-11,5,EUR",
        "P6,C1,1,2024-03-11,5,USD",
        head=PAYMENTS,
    )
    assert result.counts["payments"] == Counts(new=4)
    assert _faults(result) == [
        (
            5,
            "Invoice No",
            "9",
            "No invoice has this number; import the invoices first.",
        ),
        (7, "Currency", "USD", "The invoice is in EUR; a payment of it must be too."),
    ]
    [invoice] = _all(services, Invoice)
    assert (invoice.paid, invoice.settled_on) == (100, date(2024, 3, 10))


def test_a_payment_of_its_own_replaces_what_an_invoices_row_implied(
    services: Services, load: Import
) -> None:
    load("C1,Acme,1,2024-01-31,2024-02-29,100,2024-03-10,EUR")
    load("P1,C1,1,2024-03-10,100,EUR", head=PAYMENTS)
    [payment] = _standing(services, Payment)
    assert payment.reference == "P1/1"
    again = load("C1,Acme,1,2024-01-31,2024-02-29,100,2024-03-10,EUR")
    assert again.counts["payments"] == Counts(same=1)
    [invoice] = _standing(services, Invoice)
    assert (invoice.paid, invoice.settled_on) == (100, date(2024, 3, 10))


def test_an_open_amount_says_what_is_paid(services: Services, load: Import) -> None:
    head = "Customer No,Customer,Invoice No,Invoice Date,Due Date,Amount,Open Amount"
    load("C1,Acme,1,2024-01-31,2024-02-29,100,30", head=head)
    [invoice] = _all(services, Invoice)
    assert (invoice.paid, invoice.settled_on) == (70, None)
    load("C1,Acme,1,2024-01-31,2024-02-29,100,0", head=head)
    [invoice] = _standing(services, Invoice)
    assert invoice.paid == 100
    assert invoice.settled_on is not None


def test_customers_are_found_by_every_name_they_have_or_had(
    services: Services, load: Import
) -> None:
    head = "Customer No,Customer Name,Short Name,Chinese Name,Owner,Credit Limit"
    first = load("C1,Acme Trading Ltd,ATL,艾克米贸易,U1,5000", head=head)
    assert first.counts["customers"] == first.counts["limits"] == Counts(new=1)
    second = load("C1,Acme Global Ltd,ATL,,U2,5000", head=head)
    assert second.counts["customers"] == Counts(changed=1)
    assert second.counts["limits"] == Counts(same=1)
    for name in ("Acme Trading Ltd", "ATL", "艾克米贸易", "Acme Global Ltd"):
        with services.database.read() as session:
            assert [number for _, number in find_exact(session, name)] == ["C1"], name
    kinds = {name.name: name.kind for name in _all(services, CustomerName)}
    assert kinds["Acme Trading Ltd"] == "former"
    assert kinds["Acme Global Ltd"] == "legal"
    changes = {change.field: change.value for change in _all(services, CustomerChange)}
    assert changes == {"name": "Acme Trading Ltd", "owner": "U1"}
    [limit] = _all(services, CreditLimit)
    assert limit.amount == 5000


def test_customers_known_by_name_only_are_those_we_know(
    services: Services, load: Import
) -> None:
    load("C1,Acme Ltd,1,2024-01-31,2024-02-29,100,,")
    head = "Customer Name,Invoice No,Invoice Date,Due Date,Amount"
    result = load(
        "Acme Ltd,2,2024-01-31,2024-02-29,1",
        "Zeta AG,3,2024-01-31,2024-02-29,1",
        head=head,
    )
    assert result.counts["customers"] == Counts(new=1, same=1)
    assert {c.number for c in _all(services, Customer)} == {"C1", "Zeta AG"}


def test_statements_ratings_relations_and_rates(
    services: Services, load: Import
) -> None:
    statement = load(
        "C1,2024-12-31,1000,400,900",
        head="Customer No,Period End,Total Assets,Total Liabilities,Revenue",
    )
    assert statement.counts["statements"] == Counts(new=1)
    [kept] = _all(services, Statement)
    assert (kept.total_assets, kept.sales, kept.cash) == (1000, 900, None)
    ratings = load("C1,Alpha,BB+,2025-01-31", head="Customer No,Agency,Rating,Date")
    assert ratings.counts["ratings"] == Counts(new=1)
    impossible = load(
        "C1,2024-12-31,0,400,365",
        "C1,2024-12-31,-5,400,365",
        "C1,2024-12-31,1000,-1,365",
        "C1,2024-12-31,1000,400,0",
        "C1,2027-12-31,1000,400,365",
        "C1,2024-12-31,1000,400,365",
        head="Customer No,Period End,Total Assets,Total Liabilities,Period Days",
    )
    assert (
        impossible.counts["statements"].new
        + impossible.counts["statements"].changed
        + impossible.counts["statements"].same
        == 1
    )
    assert [row.words() for row in impossible.rejected] == [
        "Total assets must be above 0.",
        "Total assets must be above 0.",
        "Liabilities cannot be below 0.",
        "The period must have 1 to 1,100 days.",
        "This date is in the future.",
    ]
    head = "Customer No,Agency,Scale,Rating,Date"
    named = load(
        "C1,Steel AG,Trade reference,EUR 40000,2025-01-31",
        "C1,Pumps Ltd,high credit,20000,2025-01-31",
        "C1,X,High_Credit,?,2025-01-31",
        head=head,
    )
    assert named.counts["ratings"] == Counts(new=2), "each supplier is its own"
    [wrong] = named.rejected
    assert "such as EUR 40000" in wrong.words()
    for counts in (Counts(new=1), Counts(same=1)):
        relations = load("C1,C2,parent,80%", head="Customer,Other,Relation,Share")
        assert relations.counts["relations"] == counts
        rates = load("EUR,2025-01-31,1.08", head="Currency,Date,Exchange Rate")
        assert rates.counts["rates"] == counts
    [relation] = _all(services, Relation)
    assert relation.share == Decimal("0.8")


_CUSTOMERS = st.sampled_from(["C1", "C2", "客户三", "=1+1", "<!channel>"])
_DAYS = st.dates(date(2023, 1, 1), date(2026, 3, 4)).map(str) | st.just("")
_AMOUNTS = st.decimals(-10_000, 10_000, places=2).map(str) | st.sampled_from(["", "x"])
_LINES = st.lists(
    st.tuples(
        _CUSTOMERS,
        st.sampled_from(["Acme", "Zeta AG", "华为", ""]),
        st.integers(1, 6).map(str),
        _DAYS,
        _DAYS,
        _AMOUNTS,
        _DAYS,
        st.sampled_from(["", "EUR", "USD"]),
    ).map(",".join),
    max_size=12,
)


@settings(
    max_examples=examples(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lines=_LINES)
def test_importing_twice_changes_nothing(
    services: Services, load: Import, lines: list[str]
) -> None:
    anchor = "C0,Anchor,0,2024-01-31,2024-02-29,1,2024-02-29,USD"
    first = load(anchor, *lines)
    before = _everything(services)
    again = load(anchor, *lines)
    assert _everything(services) == before
    assert _faults(again) == _faults(first)
    for kind, counts in again.counts.items():
        assert (counts.new, counts.changed) == (0, 0), kind
        assert counts.same == sum(vars(first.counts[kind]).values()), kind


def _everything(services: Services) -> list[str]:
    tables = (Customer, CustomerName, CustomerChange, Invoice, Payment, NameEntry)
    return [repr(row) for table in tables for row in _all(services, table)]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_knows_how_much_came_before_it_is_asked(
    services: Services, load: Import
) -> None:
    number = 1_000
    load(*(f"C1,Acme,{n},2024-01-31,2024-02-29,9,," for n in range(number)))
    known = text("SELECT reltuples FROM pg_class WHERE relname = 'invoice'")
    with services.database.read() as session:
        assert session.connection().scalar(known) == number


def test_promises_and_clauses(services: Services, load: Import) -> None:
    promised = load(
        "1001,Acme,30000,2026-12-04,2026-02-20",
        "1001,Acme,500,2026-12-05,2026-03-09",
        head="Customer No,Customer Name,Promised Amount,Promised For,Call Date",
    )
    assert promised.counts["promises"] == Counts(new=1)
    assert _faults(promised) == [
        (3, "Call Date", "2026-03-09", "This date is in the future.")
    ]
    [promise] = _standing(services, PaymentPromise)
    assert (promise.amount, promise.due_on) == (Decimal(30000), date(2026, 12, 4))
    assert (promise.state, promise.author) == ("open", "tests")

    ends = load(
        "1001,C-77,2027-01-31,条款",
        "1001,2026,2026-12-31,复审",
        head="客户编号,合同编号,到期日,类型",
    )
    assert ends.counts["clauses"] == Counts(new=2)
    kinds = {row.kind: row.ends_on for row in _standing(services, Clause)}
    assert kinds == {"clause": date(2027, 1, 31), "review": date(2026, 12, 31)}


def test_whoever_paid_by_an_invoices_own_row_is_looked_at_again(
    services: Services, load: Import
) -> None:
    def waiting() -> bool:
        with services.database.read() as session:
            return touched.is_any(session)

    row = "1001,Acme,I1,2026-01-10,2026-02-09,500"
    load(f"{row},,USD")
    assert waiting()
    sweep_touched(services)
    assert not waiting()
    load(f"{row},,USD")
    assert not waiting(), "the same again is no news"
    load(f"{row},2026-03-02,USD")
    assert waiting()
