"""The default rules catch what docs/monitoring.md says they catch, on real data.

The file lies beside the project, not in it; without it these tests are skipped.
"""

import re
from pathlib import Path

import pytest

from benchmarks.monitoring_proof import BEST_SINGLE, LEAST, Hit, Rows, real, together
from benchmarks.proof import DATA
from benchmarks.real_data import RECEIVABLES

pytestmark = pytest.mark.data

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, Rows, list[str]]:
    """Import the receivables and replay them, once."""
    if not (DATA / RECEIVABLES).is_file():
        pytest.skip("the real data is not beside the project: no shared/data")
    return real(tmp_path_factory.mktemp("watching"))


def test_single_rules_do_what_others_counted(
    found: tuple[Rows, Rows, list[str]],
) -> None:
    _, test, _ = found
    assert (len(test.bad), test.bad.sum()) == (700, 84)
    listed = {
        "mean days late > 6": (0.371, 0.821, 0.511),
        "something overdue now": (0.561, 0.381, 0.453),
        "overdue now > 7 days": (0.760, 0.226, 0.349),
    }
    for name, figures in listed.items():
        hit = Hit(test.simple[name], test.bad, test.days_ahead)
        assert (hit.precision, hit.recall, hit.f1) == pytest.approx(figures, abs=2e-3)


def test_the_rules_together_warn_in_time(found: tuple[Rows, Rows, list[str]]) -> None:
    _, test, rules = found
    hit = together(test, rules)
    assert hit.precision >= LEAST
    assert hit.recall >= LEAST
    assert hit.f1 > BEST_SINGLE
    singles = [Hit(mark, test.bad, test.days_ahead) for mark in test.simple.values()]
    assert hit.f1 > max(single.f1 for single in singles)
    manual = (ROOT / "docs/monitoring.md").read_text(encoding="utf-8")
    told = re.search(r"together\*\* \| [\d.]+% \| (\S+) \| (\S+) \| (\S+) ", manual)
    assert told, "the table is not in the manual"
    assert [float(n) for n in told.groups()] == pytest.approx(
        [hit.precision, hit.recall, hit.f1], abs=0.02
    )
