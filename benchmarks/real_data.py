"""Reads the real data beside the project as arrays; the proof and its tests use it."""

import csv
import gzip
from collections.abc import Mapping
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


def read_firms(folder: Path) -> tuple[Firms, Array]:
    """Return the firm-years, and their market values."""
    with gzip.open(folder / FAILURES, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    company = np.array([row["company"] for row in rows])
    year = np.array([int(row["year"]) for row in rows])
    now = {name: _numbers(rows, name) for name in ITEMS}
    now["sales"] = _numbers(rows, "net_sales")
    places = {pair: n for n, pair in enumerate(zip(company, year, strict=True))}
    last = np.array(
        [places.get((c, y - 1), -1) for c, y in zip(company, year, strict=True)]
    )
    before = {n: np.where(last >= 0, values[last], np.nan) for n, values in now.items()}
    failed = np.array([row["fails_next_year"] == "1" for row in rows])
    firms = Firms(company, year, failed, now, before)
    return firms, _numbers(rows, "market_value")


def read_loans(folder: Path) -> tuple[dict[str, Column], Bools]:
    """Return the loans' attributes, and which went bad."""
    with (folder / CREDIT).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns: dict[str, Column] = {}
    for name in [name for name in rows[0] if name != "creditability"]:
        values = [row[name] for row in rows]
        try:
            columns[name] = np.array([float(value) for value in values])
        except ValueError:
            columns[name] = np.array(values)
    bad = np.array([row["creditability"] == "bad" for row in rows])
    return columns, bad


def _numbers(rows: list[dict[str, str]], name: str) -> Array:
    return np.array([float(row[name]) if row[name] else np.nan for row in rows])


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
