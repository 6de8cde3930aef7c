"""Reads the real data beside the project as arrays; the proof and its tests use it."""

import csv
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from risk.financials import Statements
from risk.scorecard import Column
from risk.validation import Array, Bools

RECEIVABLES = "receivables/WA_Fn-UseC_-Accounts-Receivable.csv"
FAILURES = "failures/us_firms.csv.gz"
CREDIT = "credit/germancredit.csv"

YES = frozenset({"1", "1.0", "True", "true", "yes"})

ITEMS = (
    "current_assets",
    "current_liabilities",
    "total_assets",
    "total_liabilities",
    "retained_earnings",
    "ebit",
    "depreciation",
    "net_income",
)


@dataclass(frozen=True, slots=True)
class Firms:
    """Firm-years: accounts, those of the year before, and who failed in the next."""

    company: npt.NDArray[np.str_]
    year: npt.NDArray[np.int64]
    failed: Bools
    now: Statements
    before: Statements
    """NaN where the year before is not in the file."""

    def listed(self, market_value: Array) -> Statements:
        """Return the accounts with what the market paid for the equity."""
        return {**self.now, "market_value": market_value}


class Unreadable(ValueError):
    """A table lacks a column that cannot be done without."""


def table(data: Path, name: str, needed: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a CSV file, packed or not: `data` itself, or `name` in it.

    Raises:
        Unreadable: it has no rows, or not all the columns needed.

    """
    file = data if data.is_file() else data / name
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    lacking = [column for column in needed if not rows or column not in rows[0]]
    if lacking:
        raise Unreadable(f"{file.name} lacks {', '.join(lacking)}")
    return rows


def read_firms(data: Path) -> tuple[Firms, Array]:
    """Return the firm-years, and their market values; an item not given is NaN."""
    rows = table(data, FAILURES, ("company", "year", "fails_next_year"))
    company = np.array([row["company"] for row in rows])
    year = np.array([int(float(row["year"])) for row in rows])
    now = {name: _numbers(rows, name) for name in ITEMS}
    now["sales"] = _numbers(rows, "net_sales" if "net_sales" in rows[0] else "sales")
    for name in ("interest", "operating_cash_flow"):
        if name in rows[0]:
            now[name] = _numbers(rows, name)
    places = {pair: n for n, pair in enumerate(zip(company, year, strict=True))}
    last = np.array(
        [places.get((c, y - 1), -1) for c, y in zip(company, year, strict=True)]
    )
    before = {n: np.where(last >= 0, values[last], np.nan) for n, values in now.items()}
    failed = np.array([row["fails_next_year"].strip() in YES for row in rows])
    firms = Firms(company, year, failed, now, before)
    return firms, _numbers(rows, "market_value")


def read_loans(
    data: Path, outcome: tuple[str, str] = ("creditability", "bad")
) -> tuple[dict[str, Column], Bools]:
    """Return the loans' attributes, and which went bad by `outcome`: column, value."""
    rows = table(data, CREDIT, (outcome[0],))
    columns: dict[str, Column] = {}
    for name in [name for name in rows[0] if name != outcome[0]]:
        values = [row[name] or "" for row in rows]
        try:
            figures = [float(value) if value.strip() else np.nan for value in values]
            columns[name] = np.array(figures)
        except ValueError:
            columns[name] = np.array(values)
    bad = np.array([row[outcome[0]].strip() == outcome[1] for row in rows])
    return columns, bad


def _numbers(rows: list[dict[str, str]], name: str) -> Array:
    """Return a column's figures; NaN where there is none, or no such column."""
    return np.array([_figure(row.get(name) or "") for row in rows])


def _figure(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return float("nan")


def some(columns: Mapping[str, Array], rows: Bools) -> dict[str, Array]:
    """Return some rows of each column."""
    return {name: values[rows] for name, values in columns.items()}


def stratified(bad: Bools, folds: int, seed: int) -> npt.NDArray[np.int64]:
    """Return the fold of each row, bad and good dealt out evenly after a shuffle."""
    chance = np.random.default_rng(seed)
    fold = np.zeros(len(bad), np.int64)
    for kind in (bad, ~bad):
        fold[chance.permutation(np.flatnonzero(kind))] = np.arange(kind.sum()) % folds
    return fold
