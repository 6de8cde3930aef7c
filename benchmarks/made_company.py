"""A made company for what no public file shows: customers turn slow, groups pass on.

Everybody pays around a habit of their own. Some turn slower by a week a month; in some
groups a member defaults. Made with a fixed seed, loaded as files are.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from sqlmodel import Session

from connectors.files import open_file
from storage.digests import numbers_and_names
from workflows.import_files import import_file
from workflows.services import Services

FIRST, TURN, LAST = date(2023, 1, 1), date(2024, 7, 1), date(2025, 6, 30)
STEADY, SLOW, GROUPS, MEMBERS = 300, 40, 20, 3
TERMS = 30
SLOWER_A_MONTH = 7


@dataclass(frozen=True, slots=True)
class Made:
    """Who has which story, from which day (ordinal) on, by customer id."""

    turn: date
    last: date
    slow: dict[int, int]
    kin: dict[int, int]
    """Members of a group in which another one defaulted."""


def make_company(services: Services, folder: Path) -> Made:
    """Load the company from files made in `folder`; return its stories."""
    chance = np.random.default_rng(20240701)
    count = STEADY + SLOW + GROUPS * MEMBERS
    turned = {
        n: TURN + timedelta(days=int(chance.integers(0, 120)))
        for n in range(STEADY, STEADY + SLOW)
    }
    _write(
        folder / "customers.csv",
        ["Customer No", "Customer Name", "Group", "Country"],
        [[f"K{n}", f"Made Company {n}", _group(n), "DE"] for n in range(count)],
    )
    _write(
        folder / "invoices.csv",
        [
            "Customer No",
            "Invoice No",
            "Invoice Date",
            "Due Date",
            "Amount",
            "Paid Date",
        ],
        [row for n in range(count) for row in _invoices(n, turned.get(n), chance)],
    )
    fell = {
        STEADY + SLOW + MEMBERS * g: TURN + timedelta(days=20 + 9 * g)
        for g in range(GROUPS)
    }
    _write(
        folder / "events.csv",
        ["Customer No", "Event", "Event Date"],
        [[f"K{n}", "default", day.isoformat()] for n, day in fell.items()],
    )
    for name in ("customers.csv", "invoices.csv", "events.csv"):
        import_file(services, open_file(folder / name), by="proof")
    with services.database.read() as session:
        ids = _ids(session, count)
    kin = {
        ids[n + other]: day.toordinal()
        for n, day in fell.items()
        for other in range(1, MEMBERS)
    }
    slow = {ids[n]: day.toordinal() for n, day in turned.items()}
    return Made(TURN, LAST, slow, kin)


def _group(n: int) -> str:
    member = n - STEADY - SLOW
    return f"Group {member // MEMBERS}" if member >= 0 else ""


def _invoices(
    n: int, turned: date | None, chance: np.random.Generator
) -> list[Sequence[str]]:
    """Return a customer's invoices: a habit of its own, slower since it `turned`."""
    habit, spread = chance.uniform(-4, 6), chance.uniform(1, 4)
    gap, usual = chance.uniform(8, 25), chance.lognormal(8.5, 0.7)
    rows: list[Sequence[str]] = []
    day, number = FIRST + timedelta(days=int(chance.integers(0, 20))), 0
    while day <= LAST:
        due = day + timedelta(days=TERMS)
        late = habit + spread * chance.standard_normal()
        if turned is not None and due > turned:
            late += SLOWER_A_MONTH * (due - turned).days / 30
        paid = max(due + timedelta(days=round(late)), day)
        amount = f"{usual * chance.lognormal(0, 0.25):.2f}"
        settled = paid.isoformat() if paid <= LAST + timedelta(days=120) else ""
        rows.append(
            [
                f"K{n}",
                f"K{n}-{number}",
                day.isoformat(),
                due.isoformat(),
                amount,
                settled,
            ]
        )
        day += timedelta(days=max(int(chance.exponential(gap)), 1))
        number += 1
    return rows


def _write(file: Path, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([head, *rows])


def _ids(session: Session, count: int) -> list[int]:
    """Return the id of each customer, by its number."""
    known = numbers_and_names(session, list(range(1, count + 50)))
    by_number = {number: id_ for id_, (number, _) in known.items()}
    return [by_number[f"K{n}"] for n in range(count)]
