"""How long a million invoices take to import, and in how much memory.

Held against the least that can be done with the same file: `csv.reader` into one table
by `executemany`. Run: `python -m benchmarks.importing [rows] [--postgres URL]`.
"""

import csv
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

ROWS = 1_000_000
MOST_SECONDS, MOST_MEMORY = 60, 300
HEADINGS = (
    "customer_id",
    "customer_name",
    "invoice_no",
    "invoice_date",
    "due_date",
    "amount",
    "currency",
    "paid_date",
    "disputed",
)


def make(path: Path, rows: int) -> None:
    """Write `rows` invoices of a fiftieth as many customers; four in five are paid."""
    chance = random.Random(7)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(HEADINGS)
        for number in range(rows):
            customer = chance.randrange(rows // 50 + 1)
            issued = date(2020, 1, 1) + timedelta(chance.randrange(2000))
            due = issued + timedelta(30)
            paid = due + timedelta(chance.randrange(-10, 40))
            out.writerow(
                (
                    f"C{customer:06}",
                    f"Customer {customer} Ltd",
                    f"INV{number:08}",
                    issued.isoformat(),
                    due.isoformat(),
                    f"{chance.randrange(100, 9_999_999) / 100:.2f}",
                    "EUR",
                    paid.isoformat() if chance.random() < 0.8 else "",
                    "no",
                )
            )


def measure_bare(path: Path, folder: Path) -> None:
    """Load the rows as text into one table, and print seconds and megabytes."""
    began = perf_counter()
    connection = sqlite3.connect(folder / "bare.db")
    connection.execute("CREATE TABLE rows (a, b, c, d, e, f, g, h, i)")
    with path.open(newline="", encoding="utf-8") as file:
        connection.executemany(
            "INSERT INTO rows VALUES (?,?,?,?,?,?,?,?,?)", csv.reader(file)
        )
    connection.commit()
    _tell(perf_counter() - began, {})


def measure_import(path: Path, url: str) -> None:
    """Import the rows, and print seconds, megabytes and what became of them."""
    # Only the measured process needs the desk's own modules, and their memory counts.
    from bot.build import build_services  # noqa: PLC0415
    from bot.garbage import search_seldom  # noqa: PLC0415
    from bot.settings import Settings  # noqa: PLC0415
    from connectors.files import open_file  # noqa: PLC0415
    from storage.migrate import migrate  # noqa: PLC0415
    from workflows.import_files import import_file  # noqa: PLC0415

    search_seldom()  # as the command does
    services = build_services(Settings.load({"DATABASE_URL": url}))
    migrate(services.database.engine)
    began = perf_counter()
    result = import_file(services, open_file(path), by="benchmark")
    counts = {
        kind: vars(tally)
        for kind, tally in result.counts.items()
        if any(vars(tally).values())
    }
    _tell(perf_counter() - began, counts)


def _tell(seconds: float, counts: Mapping[str, object]) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    facts = {
        "seconds": round(seconds, 2),
        "cpu": round(used.ru_utime + used.ru_stime, 2),
        "megabytes": round(used.ru_maxrss / 1024),
    }
    print(json.dumps(facts | {"counts": counts}))


def _child(*arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.importing", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(arguments: list[str]) -> int:
    """Measure both as processes of their own; return 1 if a bound is broken."""
    if arguments[:1] == ["--bare"]:
        measure_bare(Path(arguments[1]), Path(arguments[2]))
        return 0
    if arguments[:1] == ["--import"]:
        measure_import(Path(arguments[1]), arguments[2])
        return 0
    rows = int(arguments[0]) if arguments else ROWS
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        file = folder / "invoices.csv"
        make(file, rows)
        url = f"sqlite:///{folder / 'desk.db'}"
        if "--postgres" in arguments:
            url = arguments[arguments.index("--postgres") + 1]
        bare = _child("--bare", str(file), str(folder))
        ours = _child("--import", str(file), url)
        again = _child("--import", str(file), url)
    print(f"{rows:,} invoices: {ours}")
    print(f"the same file again: {again}")
    print(f"csv.reader + executemany: {bare}")
    print(
        f"import/bare: {ours['seconds'] / bare['seconds']:.1f}× the time, "
        f"{ours['megabytes'] / bare['megabytes']:.1f}× the memory"
    )
    full = rows >= ROWS
    slow, big = ours["seconds"] > MOST_SECONDS, ours["megabytes"] > MOST_MEMORY
    return int(full and (slow or big))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
