"""However many customers are asked about, SQLite looks them up and does not scan."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite
from sqlmodel import Session

from storage.as_of import Who
from storage.database import Database
from storage.tables import Customer, Invoice


def plan(session: Session, question: Any) -> str:
    """Return SQLite's plan of a question."""
    asked = question.compile(
        dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
    )
    rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")
    return "\n".join(row[3] for row in rows)


@pytest.mark.parametrize(
    "who", [Who(ids=[3, 1, 2]), Who(first=5, last=9, others=[1, 20])]
)
def test_customers_are_looked_up_by_an_index(database: Database, who: Who) -> None:
    columns: list[Any] = [Invoice.amount]
    stands = Invoice.__table__.c.superseded_at.is_(None)  # type: ignore[attr-defined] # SQLModel sets it
    found = select(*columns).where(who.among(Invoice.customer_id), stands)
    with database.read() as session:
        assert session.connection().execute(found).all() == []
        if database.dialect == "sqlite":
            told = plan(session, found)
            assert "USING INDEX ux_invoice_now" in told
            assert "SCAN invoice" not in told


def test_every_id_is_meant(database: Database) -> None:
    ids = list(range(1, 50_000))
    columns: list[Any] = [Customer.id]
    with database.read() as session:
        found = select(*columns).where(Who(ids=ids).among(Customer.id))
        assert session.connection().execute(found).all() == []
