"""`riskdesk backtest` on a file of another company, as an operator types it."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.bot.terminal import riskdesk

DAYS_LATE = (0, 0, 1, 3, 4, 6, 14, 18, 22, 26, 30, 34)


def _invoices(lates: Sequence[int]) -> str:
    """Return a file of two years of a company's invoices, a customer each lateness."""
    lines = ["Customer No,Invoice,Date,Due,Amount,Paid on"]
    for whose, usual in enumerate(lates):
        for n in range(24):
            issued = date(2023, 1, 5) + timedelta(days=30 * n)
            due = issued + timedelta(days=30)
            paid = due + timedelta(days=usual + (n + whose) % 4)
            lines.append(f"C{whose},{whose}-{n},{issued},{due},{900 + n},{paid}")
    return "\n".join(lines)


def _imported(folder: Path, lates: Sequence[int]) -> Path:
    (folder / "invoices.csv").write_text(_invoices(lates), encoding="utf-8")
    done = riskdesk(folder, "import", "invoices.csv")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder whose database has the invoices of a dozen customers."""
    return _imported(tmp_path_factory.mktemp("desk"), DAYS_LATE)


WINDOW = ("--from", "2023-09-01", "--to", "2024-06-30")


def test_the_figures_come_as_json(desk: Path) -> None:
    done = riskdesk(desk, "backtest", *WINDOW, "--json", "--rounds", "50")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["rows"] == 10 * len(DAYS_LATE)
    assert 0 < found["events"] < found["rows"]
    assert found["auc_low"] <= found["auc"] <= found["auc_high"]
    assert found["baselines"]["weighted_dbt"]["rows"] == found["rows"]
    assert len(found["months"]) == 10


def test_the_figures_come_as_tables(desk: Path) -> None:
    done = riskdesk(desk, "backtest", *WINDOW, "--rounds", "50")
    assert done.returncode == 0, done.stderr
    for word in ("AUC", "Calibration", "amount-weighted DBT", "█", "2024-06-30"):
        assert word in done.stdout


def test_too_few_outcomes_fail_with_words(desk: Path) -> None:
    done = riskdesk(desk, "backtest", *WINDOW, "--late", "60", "--json")
    assert done.returncode == 1
    assert "Too few outcomes" in done.stderr
    assert not done.stdout


def test_a_candidate_is_fitted_and_written_to_a_file_that_validates(
    tmp_path: Path,
) -> None:
    desk = _imported(tmp_path, [(n * 7) % 24 for n in range(40)])
    learn = ("--from", "2023-06-30", "--to", "2024-06-30", "--rounds", "20")
    done = riskdesk(desk, "calibrate", *learn, "--out", "next.toml")
    assert done.returncode == 0, done.stderr
    assert "Who would move" in done.stdout

    again = riskdesk(desk, "calibrate", *learn, "--out", "next.toml")
    assert again.returncode == 1
    assert "exists already" in again.stderr
    tried = ("backtest", *WINDOW, "--json", "--rounds", "20")
    shown = riskdesk(desk, *tried, RISKDESK_POLICY="next.toml")
    assert shown.returncode == 0, shown.stderr
    found = json.loads(shown.stdout)
    assert "-fitted-2024-06-30" in found["policy"]
    assert all(band["forecast"] is not None for band in found["calibration"])
