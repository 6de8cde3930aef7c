"""Real exports import with no hand-made mapping: every row, to the right totals.

The files lie beside the project, not in it; without them these tests are skipped.
"""

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import func, select

from connectors.files import open_file
from storage.database import Database
from storage.merging import Counts
from storage.names import find_exact
from storage.tables import Customer, Invoice
from workflows.import_files import import_file
from workflows.services import Services

DATA = Path(__file__).parents[3] / "shared" / "data"
RECEIVABLES = DATA / "receivables" / "WA_Fn-UseC_-Accounts-Receivable.csv"
OPEN_ITEMS = DATA / "open-items" / "open_items.csv"

pytestmark = pytest.mark.data

Rows = list[dict[str, str]]


@pytest.fixture
def rows_of() -> Callable[[Path], Rows]:
    """Read a file without any of our code."""

    def read(file: Path) -> Rows:
        if not file.exists():
            pytest.skip(f"the real data is not beside the project: no {file.name}")
        with file.open(newline="", encoding="utf-8") as text:
            return list(csv.DictReader(text))

    return read


def _owed(database: Database) -> tuple[Decimal, Decimal]:
    """Return the sums of what was invoiced and of what was paid."""
    with database.read() as session:
        total, paid = session.exec(
            select(func.sum(Invoice.amount), func.sum(Invoice.paid))
        ).one()
    return total, paid


def test_settled_invoices(services: Services, rows_of: Callable[[Path], Rows]) -> None:
    rows = rows_of(RECEIVABLES)
    total = sum(Decimal(row["InvoiceAmount"]) for row in rows)
    for counts in (Counts(new=2466), Counts(same=2466)):
        result = import_file(services, open_file(RECEIVABLES), by="tests")
        assert (result.rejected, result.kept) == ([], True)
        assert result.counts["invoices"] == result.counts["payments"] == counts
    assert result.counts["customers"] == Counts(same=100)
    assert _owed(services.database) == (total, total)
    first = rows[0]
    with services.database.read() as session:
        invoice = session.exec(
            select(Invoice).where(Invoice.number == first["invoiceNumber"])
        ).one()
    month, day, year = map(int, first["SettledDate"].split("/"))
    assert invoice.settled_on is not None
    assert invoice.settled_on.timetuple()[:3] == (year, month, day)


def test_open_items(services: Services, rows_of: Callable[[Path], Rows]) -> None:
    rows = rows_of(OPEN_ITEMS)
    total = sum(Decimal(row["converted_usd"]) for row in rows)
    for counts in (Counts(new=9681), Counts(same=9681)):
        result = import_file(services, open_file(OPEN_ITEMS), by="tests")
        assert (result.rejected, result.kept) == ([], True)
        assert result.counts["invoices"] == counts
        assert result.counts["payments"] == Counts()
    assert result.counts["customers"] == Counts(same=694)
    owed, paid = _owed(services.database)
    assert abs(owed - total) < Decimal("0.01")
    assert paid == 0
    with services.database.read() as session:
        currencies = session.exec(select(Invoice.currency).distinct()).all()
        assert currencies == ["USD"]
        for row in rows[:50]:
            number = row["cust_number"]
            customer = session.exec(
                select(Customer).where(Customer.number == number)
            ).one()
            named = find_exact(session, row["name_customer"])
            assert (customer.id, number) in named
