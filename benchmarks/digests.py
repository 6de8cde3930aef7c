"""200 channels' digests owed and rendered over 100,000 customers, in seconds.

The comparison, in the same run: one plain pass over the same rows by the database,
`SELECT customer_id, SUM(amount - paid) … GROUP BY customer_id`, fetched and forgotten.
"""

import argparse
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy import text as sql

from storage.columns import from_units
from storage.database import Database
from storage.migrate import migrate
from storage.tables import CreditLimit, Customer, Invoice, Payment, Schedule
from templates.engine import Renderer
from workflows.digest import owe_digests
from workflows.services import Services

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
INVOICES_EACH = 5
MOST_SECONDS = 30.0
PLAIN = (
    "SELECT customer_id, SUM(amount - paid) FROM invoice "
    "WHERE superseded_at IS NULL GROUP BY customer_id"
)
FACT = {"known_at": NOW - timedelta(days=9), "source": "bench", "assumed": True}


def customers(count: int) -> Iterator[dict[str, Any]]:
    """Yield `count` customers of 200 owners in 20 regions."""
    for number in range(1, count + 1):
        yield {
            "id": number,
            "number": f"C{number:07}",
            "name": f"Customer {number} & Co",
            "owner": f"owner{number % 200}@example.com",
            "region": f"Region {number % 20}",
            "hold": False,
            "source": "bench",
            "known_at": FACT["known_at"],
        }


def invoices(count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Yield five invoices a customer: about three settled, two open."""
    for number in range(count * INVOICES_EACH):
        due = TODAY + timedelta(days=chance.randint(-300, 40))
        amount = Decimal(chance.randint(1, 90_000))
        is_open = chance.random() < 0.4
        settled = None if is_open else due + timedelta(days=chance.randint(-9, 60))
        yield FACT | {
            "customer_id": number // INVOICES_EACH + 1,
            "number": f"I{number}",
            "kind": "invoice",
            "currency": "USD",
            "amount": amount,
            "paid": Decimal(0) if is_open else amount,
            "issued_on": due - timedelta(days=30),
            "due_on": due,
            "settled_on": settled,
            "disputed": False,
        }


def fill(database: Database, count: int) -> None:
    """Fill an empty database with `count` customers and what they owe."""
    chance = random.Random(1)
    with database.write() as session:
        connection = session.connection()
        for table, rows in (
            (Customer, customers(count)),
            (Invoice, invoices(count, chance)),
            (CreditLimit, limits(count)),
        ):
            connection.execute(insert(table), list(rows))
        connection.execute(insert(Schedule), list(schedules()))


def limits(count: int) -> Iterator[dict[str, Any]]:
    """Yield a limit for every second customer."""
    for number in range(1, count + 1, 2):
        yield FACT | {
            "customer_id": number,
            "currency": "USD",
            "amount": Decimal(100_000),
            "valid_from": date(2020, 1, 1),
            "method": "given",
            "set_by": "U1",
        }


def schedules() -> Iterator[dict[str, Any]]:
    """Yield 200 channels' digests: every fourth of all customers, others of some."""
    scopes: list[dict[str, Any]] = [
        {},
        {"owners": [f"owner{n}@example.com" for n in range(5)]},
        {"regions": ["Region 3"], "minimum": "1000"},
        {"classes": ["D", "E"]},
    ]
    for number in range(200):
        yield {
            "channel": f"C{number}",
            "days": "1234567",
            "hour": 9,
            "minute": 0,
            "timezone": "UTC",
            "language": ("en", "zh-CN")[number % 2],
            "scope": scopes[number % len(scopes)],
            "state": "on",
            "created_by": "U1",
            "changed_at": NOW - timedelta(days=30),
            "active_from": NOW - timedelta(days=30),
            "version": 1,
        }


def a_day_passes(database: Database) -> None:
    """Let every fiftieth customer pay what is open: news for the second digest."""
    with database.write() as session:
        connection = session.connection()
        rows = connection.execute(
            sql(
                "SELECT id, customer_id, amount FROM invoice "
                "WHERE settled_on IS NULL AND customer_id % 50 = 0"
            )
        ).all()
        paid = [
            {
                "customer_id": row.customer_id,
                "invoice_id": row.id,
                "reference": f"P{row.id}",
                "kind": "payment",
                "currency": "USD",
                "amount": from_units(row.amount),
                "paid_on": TODAY,
                "known_at": NOW + timedelta(hours=5),
                "source": "bench",
                "assumed": False,
            }
            for row in rows
        ]
        connection.execute(insert(Payment), paid)
        connection.execute(
            sql(
                "UPDATE invoice SET paid = amount, settled_on = :today "
                "WHERE settled_on IS NULL AND customer_id % 50 = 0"
            ),
            {"today": TODAY.isoformat()},
        )


def run(count: int) -> float:
    """Print what the second day's digests take, and the ratio; return the seconds."""
    clock = [NOW]
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrate(database.engine)
        fill(database, count)
        services = Services(
            database, Renderer(), lambda: clock[0], ZoneInfo("UTC"), "USD"
        )
        owe_digests(services, lambda _: "ours")
        a_day_passes(database)
        clock[0] += timedelta(days=1)
        began = perf_counter()
        owed = owe_digests(services, lambda _: "ours")
        took = perf_counter() - began
        began = perf_counter()
        with database.read() as session:
            session.connection().execute(sql(PLAIN)).all()
        plain = perf_counter() - began
        database.close()
    print(f"digests: {owed} over {count:,} customers in {took:.1f} s")
    print(f"  one plain pass by the database: {plain:.2f} s; ratio {took / plain:.0f}")
    print(f"  at most {MOST_SECONDS:.0f} s: {'yes' if took <= MOST_SECONDS else 'NO'}")
    return took


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    raise SystemExit(run(parser.parse_args().customers) > MOST_SECONDS)
