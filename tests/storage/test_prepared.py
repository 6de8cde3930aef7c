"""What is prepared answers as SQLAlchemy does, on both engines."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, col

from storage.as_of import Asked, View, Who
from storage.database import Database
from storage.evidence import gather
from storage.kin import related_ids
from storage.prepared import Prepared
from storage.tables import Customer, CustomerGroup, Invoice
from tests.conftest import NOW

ASKED = (
    select(
        col(Invoice.number),
        col(Invoice.amount),
        col(Invoice.due_on),
        col(Invoice.known_at),
        col(Invoice.settled_on),
        col(Invoice.disputed),
        (col(Invoice.amount) + col(Invoice.paid)).label("both"),
    )
    .where(
        col(Invoice.customer_id) == bindparam("whose"),
        col(Invoice.kind).in_(["invoice", "credit"]),
        col(Invoice.due_on) >= bindparam("since"),
    )
    .order_by(col(Invoice.number))
)


def _one_customer(database: Database, size: int = 1) -> None:
    with database.write() as session:
        for number in range(1, size + 1):
            session.add(
                Customer(
                    id=number,
                    number=f"C{number}",
                    name="Acme",
                    source="t",
                    known_at=NOW,
                )
            )
        session.flush()
        session.add(
            Invoice(
                customer_id=1,
                number="7",
                currency="USD",
                amount=Decimal("12.3456"),
                paid=Decimal("2.3"),
                issued_on=date(2024, 1, 1),
                due_on=date(2024, 2, 1),
                source="t",
                known_at=NOW,
            )
        )


def test_rows_are_those_of_sqlalchemy_by_name_and_in_their_types(
    database: Database,
) -> None:
    _one_customer(database)
    prepared = Prepared(ASKED)
    with database.read() as session:
        for since in (date(2024, 1, 1), date(2025, 1, 1)):  # again: it is ready now
            given = {"whose": 1, "since": since}
            rows = prepared.rows(session, **given)
            wanted = session.connection().execute(ASKED, given).all()
            assert rows == [tuple(row) for row in wanted]
    assert not rows

    with database.read() as session:
        [row] = prepared.rows(session, whose=1, since=date(2024, 1, 1))
    assert (row.number, row.amount, row.known_at) == ("7", Decimal("12.3456"), NOW)


def test_beside_a_list_other_values_keep_their_types(database: Database) -> None:
    _one_customer(database)
    known = select(col(Invoice.number)).where(
        col(Invoice.kind).in_(["invoice", "credit"]),
        col(Invoice.known_at) == bindparam("at"),
    )
    with database.read() as session:
        assert Prepared(known).rows(session, at=NOW) == [("7",)]


def test_a_refusal_is_sqlalchemys_error(database: Database) -> None:
    gone = select(col(Invoice.number)).where(col(Invoice.id) == bindparam("id"))
    with database.write() as session:
        session.connection().exec_driver_sql("ALTER TABLE invoice RENAME TO moved")
        with pytest.raises(DBAPIError):
            Prepared(gone).rows(session, id=1)
        session.rollback()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("known_at", [None, NOW])
@pytest.mark.parametrize("is_today", [True, False])
def test_a_customers_facts_are_found_by_an_index(
    database: Database, known_at: datetime | None, is_today: bool
) -> None:
    _one_customer(database, 500)
    with database.write() as session:
        session.add(CustomerGroup(id=1, name="Acme Group"))
        session.flush()
        session.get_one(Customer, 1).group_id = 1
        session.flush()
        session.connection().exec_driver_sql("ANALYZE customer")  # as after an import
    said: list[str] = []
    with database.read() as session:
        driver: Any = session.connection().connection.driver_connection
        driver.set_trace_callback(said.append)
        around = related_ids(session, [1], 2, 100)
        for whom in ([1], around, [1, 2]):
            view = View(NOW.date(), known_at, is_today)
            gather(Asked(session, Who(whom), view), "USD")
        driver.set_trace_callback(None)
        plans = [
            row[3]
            for sql in said
            if sql.startswith("SELECT")
            for row in driver.execute(f"EXPLAIN QUERY PLAN {sql}")
        ]
    assert any("invoice" in plan for plan in plans)
    read = {plan.split()[1] for plan in plans if plan.startswith("SCAN ")}
    assert read & set(SQLModel.metadata.tables) <= {"exchange_rate"}
