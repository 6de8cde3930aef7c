"""A company with as many customers and invoices as a benchmark needs, made quickly.

Everything follows from the numbers 1, 2, 3, …, so that two runs have the same company.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy import text as sql

from storage.database import Database
from storage.names import index_names
from storage.tables import Customer

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
        (n * 7919 % 90000 + 100) * 10000 AS amount,
        CAST(n * 104729 % 340 AS INTEGER) - 300 AS due,
        n * 1299709 % 10 >= 4 AS is_paid,
        CAST(n * 15485863 % 70 AS INTEGER) - 9 AS late
    FROM counted
)
SELECT
    n, customer_id, :known, TRUE, 'bench', 'I' || n, 'invoice', 'USD', amount,
    {due} , {due_on}, FALSE,
    CASE WHEN is_paid THEN amount ELSE 0 END,
    CASE WHEN is_paid THEN {settled} END
FROM made
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
    """Fill an empty database with `count` customers, five invoices each; index names.

    About three of five invoices are settled, two open, some of them overdue.
    """
    rows = customers(count)
    while batch := list(islice(rows, _AT_ONCE)):
        with database.write() as session:
            session.connection().execute(insert(Customer), batch)
    for first in range(1, count * INVOICES_EACH + 1, _AT_ONCE * 10):
        last = min(first + _AT_ONCE * 10 - 1, count * INVOICES_EACH)
        with database.write() as session:
            given = {"first": first, "last": last, "each": INVOICES_EACH}
            known = KNOWN.strftime("%Y-%m-%d %H:%M:%S.%f")
            session.connection().execute(_invoices(database), given | {"known": known})
    if names:
        with database.write() as session:
            index_names(session, ((n, name_of(n)) for n in range(1, count + 1)))
    with database.write() as session:
        session.connection().execute(sql("ANALYZE"))


def _invoices(database: Database) -> Any:
    """Return the statement that makes invoices, in the engine's words for dates."""
    today = f"'{NOW.date().isoformat()}'"
    if database.dialect == "sqlite":
        day = f"date({today}, ({{}}) || ' days')"
    else:
        day = f"(DATE {today} + ({{}})::INTEGER)"
    return sql(
        _INVOICES.format(
            due=day.format("due - 30"),
            due_on=day.format("due"),
            settled=day.format("due + late"),
        )
    )
