"""A company with as many customers and invoices as a benchmark needs, made quickly.

Everything follows from the numbers 1, 2, 3, …, so that two runs have the same company.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy import text as sql

from bot.afterwards import Afterwards
from bot.garbage import search_seldom
from storage.database import Database
from storage.names import index_names
from storage.tables import CreditLimit, Customer, CustomerGroup, Relation
from templates.engine import Renderer
from workflows.services import Services

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
KNOWN = NOW - timedelta(days=9)
INVOICES_EACH = 5
_AT_ONCE = 50_000

_FIRST = "Al Ber Cor Dan El Fer Gar Hol Is Jun Kar Lor Mar Nor Or Pal Quin Ros Sol Ter"
_MIDDLE = "ba ce di fo gu ha li mo ni pe ra so ta ve wi xa yo zu lem tor"
_LAST = "tech foods steel mart logic works chem tex plast motors paper glass farm craft"
_KIND = "Ltd GmbH Inc SA BV Oy AG Pty SpA KK"

_INVOICES = """
INSERT INTO invoice (
    id, customer_id, known_at, assumed, source, number, kind, currency, amount,
    issued_on, due_on, disputed, paid, settled_on
)
WITH RECURSIVE counted(n) AS (
    SELECT :first UNION ALL SELECT n + 1 FROM counted WHERE n < :last
), made AS (
    SELECT
        n,
        (n - 1) / :each + 1 AS customer_id,
        ((n - 1) / :each * 7919 % 90000 + 100) * 10000 + n * 31 % 5000 * 1000 AS amount,
        ((n - 1) % :each - :each + 1) * 60 + (n - 1) / :each * 104729 % 50 AS due,
        (n - 1) / :each * 48271 % 100 AS habit,
        n * 15485863 % 8 AS noise
    FROM counted
), lasted AS (
    SELECT *, due + CASE WHEN habit < 88 THEN noise - 6 WHEN habit < 97 THEN noise + 3
        ELSE noise * 3 + 4 END AS paid_day
    FROM made
)
SELECT
    n, customer_id, :known, TRUE, 'bench', 'I' || n, 'invoice', 'USD', amount,
    date(:today, (due - 30) || ' days'), date(:today, due || ' days'), FALSE,
    CASE WHEN paid_day <= 0 THEN amount ELSE 0 END,
    CASE WHEN paid_day <= 0 THEN date(:today, paid_day || ' days') END
FROM lasted
"""


def name_of(number: int) -> str:
    """Return the name of customer `number`, e.g. “Corfotech Steel GmbH”."""
    first, middle = _FIRST.split(), _MIDDLE.split()
    last, kind = _LAST.split(), _KIND.split()
    parts = [first[number % 20], middle[number // 20 % 20], middle[number // 400 % 20]]
    rest = number // 8_000
    parts += [last[rest % 14], " ", middle[rest // 14 % 20].title()]
    parts += [last[(rest // 7 + number) % 14], " ", kind[number * 7 % 10]]
    return "".join(parts)


def customers(count: int) -> Iterator[dict[str, Any]]:
    """Yield `count` customers of 200 owners in 20 regions."""
    for number in range(1, count + 1):
        yield {
            "id": number,
            "number": f"C{number:07}",
            "name": name_of(number),
            "owner": f"owner{number % 200}@example.com",
            "region": f"Region {number % 20}",
            "hold": False,
            "source": "bench",
            "known_at": KNOWN,
        }


def fill(database: Database, count: int, *, names: bool) -> None:
    """Fill an empty SQLite database: groups of four, ties, limits, index of names.

    Customers mostly pay in time: of five invoices each, one or two are open.
    """
    with database.write() as session:
        groups = [{"id": n, "name": f"Group {n}"} for n in range(1, count // 80 + 2)]
        session.connection().execute(insert(CustomerGroup), groups)
    rows = customers(count)
    while batch := list(islice(_grouped(rows), _AT_ONCE)):
        with database.write() as session:
            session.connection().execute(insert(Customer), batch)
    days = {
        "known": KNOWN.strftime("%Y-%m-%d %H:%M:%S.%f"),
        "today": NOW.date().isoformat(),
    }
    for first in range(1, count * INVOICES_EACH + 1, _AT_ONCE * 10):
        last = min(first + _AT_ONCE * 10 - 1, count * INVOICES_EACH)
        which = {"first": first, "last": last, "each": INVOICES_EACH}
        with database.write() as session:
            session.connection().execute(sql(_INVOICES), which | days)
    with database.write() as session:
        session.connection().execute(insert(CreditLimit), list(_limits(count)))
        session.connection().execute(insert(Relation), list(_ties(count)))
        if names:
            index_names(session, ((n, name_of(n)) for n in range(1, count + 1)))
        session.connection().execute(sql("ANALYZE"))


def _grouped(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Put one of twenty customers into a group, four to each."""
    for row in rows:
        number = row["id"]
        member = number % 20 == 0
        yield row | {"group_id": (number // 20 - 1) // 4 + 1 if member else None}


def _limits(count: int) -> Iterator[dict[str, Any]]:
    for n in range(1, count + 1, 2):
        yield {
            "customer_id": n,
            "currency": "USD",
            "amount": Decimal(250_000),
            "valid_from": NOW.date() - timedelta(days=200),
            "set_by": "bench",
            "source": "bench",
            "known_at": KNOWN,
            "assumed": True,
            "method": "given",
        }


def _ties(count: int) -> Iterator[dict[str, Any]]:
    for n in range(1, count // 100):
        yield {
            "customer_id": n * 97 % count + 1,
            "other_id": n * 89 % count + 1,
            "kind": "guarantor",
            "source": "bench",
            "known_at": KNOWN,
        }


def desk(url: str, days: int = 0) -> Services:
    """Return the desk on a database, some days after the company was made."""
    now = NOW + timedelta(days=days)
    search_seldom()  # as the desk itself does
    return Services(
        Database(url),
        Renderer(),
        lambda: now,
        ZoneInfo("UTC"),
        "USD",
        afterwards=Afterwards(),
    )
