"""The model reaches its figures on real data, and docs/model.md tells them truly.

The files lie beside the project, not in it; without them these tests are skipped.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from benchmarks.proof import DATA, Payers, failures, late_payers, loans, replay
from benchmarks.proof_tables import Table
from benchmarks.real_data import RECEIVABLES

pytestmark = pytest.mark.data

ROOT = Path(__file__).parent.parent
FEW = 20
"""Draws of the bootstrap: intervals are not looked at here."""


@pytest.fixture(scope="module")
def data() -> Path:
    """Give the folder of the real data."""
    if not (DATA / RECEIVABLES).is_file():
        pytest.skip("the real data is not beside the project: no shared/data")
    return DATA


@pytest.fixture(scope="module")
def payers(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Payers:
    """Import the receivables and replay them, once."""
    return replay(data, tmp_path_factory.mktemp("proof"), FEW)


def _reaches(tables: Iterable[Table]) -> None:
    """Hold every figure to what it must reach, and to what the manual says."""
    manual = (ROOT / "docs/model.md").read_text(encoding="utf-8")
    for table in tables:
        part = manual[manual.index(table.title.partition(";")[0]) :]
        for line in table.lines:
            assert not line.short, line
            told = re.search(rf"{re.escape(line.name)} \| (\d\.\d+)", part)
            assert told, line.name
            assert float(told[1]) == pytest.approx(line.auc.value, abs=0.003), line


def test_the_replay_finds_the_rows_and_outcomes_that_others_counted(
    payers: Payers,
) -> None:
    found = payers.test.report
    assert (found.rows, found.events, found.unscored) == (700, 84, 0)
    rules = {rule.name: rule.auc.value for rule in found.baselines}
    assert rules["last_invoice_late"] == pytest.approx(0.768, abs=6e-4)
    assert rules["days_overdue_now"] == pytest.approx(0.673, abs=6e-4)
    assert rules["weighted_dbt"] == pytest.approx(0.866, abs=6e-4)
    assert rules["mean_dbt"] == pytest.approx(0.878, abs=6e-4)


def test_late_payers_are_ranked_as_promised(payers: Payers) -> None:
    _reaches(late_payers(payers, FEW, compare=False))
    assert payers.fitted.rows == 700
    classes = [c.bad / c.count for c in payers.test.report.classes if c.count > 50]
    assert classes == sorted(classes)


def test_failures_are_ranked_as_promised(data: Path) -> None:
    _reaches(failures(data, FEW, compare=False))


def test_the_fitter_ranks_loans_as_promised(data: Path) -> None:
    _reaches(loans(data))
