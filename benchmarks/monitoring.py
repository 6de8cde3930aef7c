"""Watching customers: alerts owed seconds after an import, everybody in two minutes.

A company whose customers mostly pay in time is swept once. Then an import changes 1,000
of its customers, and what that touched is looked at, in companies of three sizes. On
the next day everybody is looked at, against one SQL pass that fetches the same rows in
the same run.
Run: `python -m benchmarks.monitoring [--customers N]`.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlmodel import col, select

from benchmarks.company import NOW, desk, fill
from benchmarks.lookup import most_resident
from benchmarks.steps import apart
from connectors.files import open_file
from storage.database import Database
from storage.migrate import migrate
from storage.tables import (
    AlertChannel,
    CreditLimit,
    Customer,
    Invoice,
    OutboxMessage,
    Problem,
    ScoreRecord,
    ScoreStanding,
    Signal,
)
from workflows.import_files import import_file
from workflows.monitor.sweep import sweep_all, sweep_touched
from workflows.services import Services

MODULE = "benchmarks.monitoring"
MOST_SECONDS, MOST_FULL, MOST_MEMORY, MOST_RATIO = 5.0, 120.0, 1536, 8.0
MOST_GROWTH = 3.0
"""What changed costs this much more, at most, where a hundred times as much exists."""

CHANGED = 1_000
SIZES = (10_000, 100_000, 1_000_000)
_AT_ONCE = 50_000


def prepare(url: str, count: int) -> dict[str, float]:
    """Make the company and sweep it for the first time."""
    database = Database(url)
    migrate(database.engine)
    fill(database, count, names=False)
    database.close()
    services = desk(url)
    began = perf_counter()
    number = sweep_all(services)
    seconds = perf_counter() - began
    sweep_touched(services)
    return {"seconds": seconds, "customers": number, "signals": _on(services)}


def _listen(services: Services) -> None:
    """Let a channel hear of what is found: ten a week, as by default."""
    with services.database.write() as session:
        session.add(
            AlertChannel(
                place="C1",
                quiet_from="00:00",
                quiet_to="00:00",
                timezone="UTC",
                language="en",
                created_by="U1",
                changed_at=NOW,
                readers_checked_at=NOW,
            )
        )


def _on(services: Services) -> int:
    with services.database.read() as session:
        is_on = select(col(Signal.id)).where(col(Signal.state) == "on")
        return len(session.exec(is_on).all())


def changed(url: str, count: int) -> dict[str, float]:
    """Import what changes 1,000 customers; sweep them; return what that took.

    Some others were imported and swept just before, as in any desk that runs.
    """
    services = desk(url)
    _listen(services)
    _import(services, range(count, 0, -max(count // 50, 1)), "WARM")
    sweep_touched(services)
    stride = max(count // CHANGED - 1, 1)  # one of twenty is in a group, as everywhere
    before, began = _standing(services), perf_counter()
    new = _import(services, range(1, count + 1, stride)[:CHANGED], "LATE")
    imported = perf_counter() - began
    began, cpu = perf_counter(), process_time()
    swept = sweep_touched(services)
    seconds, cpu = perf_counter() - began, process_time() - cpu
    signals, problems, owed = (
        now - then for now, then in zip(_standing(services), before, strict=True)
    )
    return {
        "changed": new,
        "imported": imported,
        "swept": swept,
        "seconds": seconds,
        "cpu": cpu,
        "signals": signals,
        "problems": problems,
        "owed": owed,
    }


def _import(services: Services, whose: Sequence[int], prefix: str) -> int:
    """Import an invoice long overdue for each of these customers; return how many."""
    due = NOW.date() - timedelta(days=40)
    lines = ["customer number,invoice number,invoice date,due date,amount,currency"]
    lines += [
        f"C{n:07},{prefix}{n},{due - timedelta(days=30)},{due},90000.00,USD"
        for n in whose
    ]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "invoices.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        return import_file(services, open_file(file), by="bench").counts["invoices"].new


def _standing(services: Services) -> tuple[int, int, int]:
    """Return how many signals are on, how many problems and messages there are."""
    with services.database.read() as session:
        problems = len(session.exec(select(Problem.id)).all())
        owed = len(session.exec(select(OutboxMessage.id)).all())
    return _on(services), problems, owed


def full(url: str, _: int) -> dict[str, float]:
    """Sweep everybody on the next day; and fetch the same rows by plain SQL."""
    services = desk(url, days=1)
    began, cpu = perf_counter(), process_time()
    number = sweep_all(services)
    seconds, cpu = perf_counter() - began, process_time() - cpu
    memory = most_resident()
    passed = min(one_pass(services) for _ in range(2))  # by its seconds
    return {
        "customers": number,
        "seconds": seconds,
        "cpu": cpu,
        "memory": memory,
        "pass": passed[0],
        "pass_cpu": passed[1],
        "signals": _on(services),
    }


def one_pass(services: Services) -> tuple[float, float]:
    """Return the seconds, and those of CPU, of fetching the same rows by the driver.

    Invoices, customers, limits, and what stood of each: scores and their history.
    """
    invoices: list[Any] = [
        Invoice.customer_id,
        Invoice.currency,
        Invoice.amount,
        Invoice.issued_on,
        Invoice.due_on,
        Invoice.paid,
        Invoice.settled_on,
        Invoice.disputed,
    ]
    about: list[Any] = [
        Customer.id,
        Customer.industry,
        Customer.country,
        Customer.region,
        Customer.company_type,
        Customer.group_id,
    ]
    limits: list[Any] = [
        CreditLimit.customer_id,
        CreditLimit.currency,
        CreditLimit.amount,
        CreditLimit.valid_until,
    ]
    stood: list[Any] = [
        ScoreStanding.customer_id,
        ScoreStanding.known_at,
        ScoreStanding.score,
        ScoreStanding.computed_class,
        ScoreStanding.risk_class,
        ScoreStanding.confidence,
        ScoreStanding.policy_version,
    ]
    history: list[Any] = [
        ScoreRecord.customer_id,
        ScoreRecord.as_of,
        ScoreRecord.score,
        ScoreRecord.risk_class,
        ScoreRecord.policy_version,
    ]
    began, cpu = perf_counter(), process_time()
    with services.database.read() as session:
        for asked in (invoices, about, limits, stood, history):
            cursor: Any = session.connection().execute(select(*asked)).cursor
            while cursor.fetchmany(_AT_ONCE):
                pass
    return perf_counter() - began, process_time() - cpu


STEPS = {"prepare": prepare, "changed": changed, "full": full}


def run(count: int) -> bool:
    """Print the figures; return whether all are within bounds."""
    sizes = [size for size in SIZES if size < count] + [count]
    taken = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'bench.db'}"
            first = apart(MODULE, "prepare", url, size)
            found = apart(MODULE, "changed", url, size)
            taken.append(found)
            print(f"monitoring: {size:,} customers, {size * 5:,} invoices, SQLite")
            print(
                f"  first sweep ever: {first['seconds']:.1f} s,"
                f" {first['signals']:,} signals on"
            )
            print(
                f"  import that changes {found['changed']:,}:"
                f" {found['imported']:.1f} s",
                f"  {found['swept']:,} looked at, {found['signals']:,} signals more,"
                f" {found['problems']:,} problems, {found['owed']:,} messages owed:"
                f" {found['seconds']:.2f} s ({found['cpu']:.2f} s of CPU),"
                f" at most {MOST_SECONDS}",
                sep="\n",
                flush=True,
            )
            if size == count:
                everybody = apart(MODULE, "full", url, size)
    growth = taken[-1]["cpu"] / taken[0]["cpu"]
    ratio = everybody["cpu"] / everybody["pass_cpu"]
    by_clock = everybody["seconds"] / everybody["pass"]
    print(
        f"  growth from {sizes[0]:,} customers on: {growth:.1f}, at most {MOST_GROWTH}"
    )
    print(
        f"  everybody on the next day: {everybody['seconds']:.1f} s"
        f" ({everybody['cpu']:.1f} s of CPU), at most {MOST_FULL}"
    )
    print(
        f"  ÷ one SQL pass that fetches the same rows ({everybody['pass']:.1f} s):"
        f" {ratio:.2f} of CPU, at most {MOST_RATIO}; {by_clock:.2f} by the clock,"
        f" which others on the machine stretch"
    )
    print(f"  memory: {everybody['memory']:.0f} MB, at most {MOST_MEMORY}")
    return (
        all(found["seconds"] <= MOST_SECONDS for found in taken)
        and growth <= MOST_GROWTH
        and everybody["seconds"] <= MOST_FULL * count / SIZES[-1]
        and ratio <= MOST_RATIO
        and everybody["memory"] <= MOST_MEMORY
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=SIZES[-1])
    parser.add_argument("--step", choices=sorted(STEPS), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        print(json.dumps(STEPS[given.step](given.url, given.customers)))
    else:
        raise SystemExit(not run(given.customers))
