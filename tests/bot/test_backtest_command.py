"""`riskdesk backtest` on a file of another company, as a process of the terminal."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.bot.test_terminal import _riskdesk

DAYS_LATE = (0, 0, 1, 3, 4, 6, 14, 18, 22, 26, 30, 34)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Make a folder whose database has two years of a company's invoices."""
    lines = ["Customer No,Invoice,Date,Due,Amount,Paid on"]
    for whose, usual in enumerate(DAYS_LATE):
        for n in range(24):
            issued = date(2023, 1, 5) + timedelta(days=30 * n)
            due = issued + timedelta(days=30)
            paid = due + timedelta(days=usual + (n + whose) % 4)
            lines.append(f"C{whose},{whose}-{n},{issued},{due},{900 + n},{paid}")
    (tmp_path / "invoices.csv").write_text("\n".join(lines), encoding="utf-8")
    done = _riskdesk(tmp_path, "import", "invoices.csv")
    assert done.returncode == 0, done.stderr
    return tmp_path


WINDOW = ("--from", "2023-09-01", "--to", "2024-06-30")


def test_the_figures_come_as_json(desk: Path) -> None:
    done = _riskdesk(desk, "backtest", *WINDOW, "--json", "--rounds", "50")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["rows"] == 10 * len(DAYS_LATE)
    assert 0 < found["events"] < found["rows"]
    assert found["auc_low"] <= found["auc"] <= found["auc_high"]
    assert found["baselines"]["weighted_dbt"]["rows"] == found["rows"]
    assert len(found["months"]) == 10


def test_the_figures_come_as_tables(desk: Path) -> None:
    done = _riskdesk(desk, "backtest", *WINDOW, "--rounds", "50")
    assert done.returncode == 0, done.stderr
    for word in ("AUC", "Calibration", "amount-weighted DBT", "█", "2024-06-30"):
        assert word in done.stdout


def test_too_few_outcomes_fail_with_words(desk: Path) -> None:
    done = _riskdesk(desk, "backtest", *WINDOW, "--late", "60", "--json")
    assert done.returncode == 1
    assert "Too few outcomes" in done.stderr
    assert not done.stdout
