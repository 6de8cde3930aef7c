"""Rows at once: what goes in comes out, and each is found by its number."""

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlmodel import select

from storage.bulk import insert_rows, keys_by
from storage.database import Database
from storage.tables import Customer, Invoice

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)


def test_rows_go_in_and_are_found_by_number(database: Database) -> None:
    row = {
        "known_at": NOW,
        "superseded_at": None,
        "assumed": False,
        "source": "test",
        "kind": "invoice",
        "currency": "EUR",
        "amount": Decimal("12.34"),
        "issued_on": date(2026, 1, 2),
        "due_on": date(2026, 2, 1),
        "terms": None,
        "disputed": False,
        "paid": Decimal(0),
        "settled_on": None,
    }
    with database.write() as session:
        customer = Customer(number="C1", name="Acme", source="test", known_at=NOW)
        session.add(customer)
        session.flush()
        owned = {"customer_id": customer.id}
        rows = [row | owned | {"number": f"N{n}"} for n in range(1_500)]
        insert_rows(session, Invoice, rows)
        insert_rows(session, Invoice, [])
        keys = keys_by(session, Invoice, "number")
    assert len(set(keys.values())) == 1_500
    with database.read() as session:
        found = session.exec(select(Invoice).where(Invoice.id == keys["N7"])).one()
    assert (found.number, found.amount, found.known_at) == ("N7", row["amount"], NOW)


def test_what_is_left_out_has_its_default_and_what_is_there_stays(
    database: Database,
) -> None:
    row = {"number": "C1", "source": "test", "known_at": NOW}
    once = "ON CONFLICT (number) DO NOTHING"
    with database.write() as session:
        insert_rows(session, Customer, [row | {"name": "Acme"}], but=once)
        insert_rows(session, Customer, [row | {"name": "Other"}], but=once)
    with database.read() as session:
        found = session.exec(select(Customer)).one()
    assert (found.name, found.hold, found.group_id) == ("Acme", False, None)
