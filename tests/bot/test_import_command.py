"""`riskdesk import`: output, exit codes, both engines."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import func, select

from storage.database import Database
from storage.tables import CustomerName, Invoice, Payment
from tests.bot.terminal import Running, riskdesk

HEAD = "Customer No,Customer,Invoice No,Invoice Date,Due Date,Amount,Paid Date\n"
GOOD = HEAD + "C1,Acme Ltd,1,2024-01-31,2024-02-29,100.50,2024-02-20\n"
BAD = (
    GOOD
    + "C1,Acme Ltd,2,2024-13-31,2024-02-29,5,\n"
    + "C2,Zeta AG,3,2024-01-31,2024-02-29,=1+1,\n"
)
KINDS = [
    "customers",
    "invoices",
    "payments",
    "statements",
    "ratings",
    "limits",
    "covers",
    "orders",
    "events",
    "promises",
    "clauses",
    "relations",
    "rates",
]


def _write(folder: Path, text: str, name: str = "file.csv") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return name


def _json(folder: Path, *words: str) -> tuple[dict[str, Any], int]:
    """Return the whole of what was printed, as JSON, and the exit code."""
    done = riskdesk(folder, "import", *words, "--json")
    return json.loads(done.stdout), done.returncode


def _counts(new: int, changed: int, same: int) -> dict[str, int]:
    return {"new": new, "changed": changed, "same": same}


def test_json_has_the_counts_of_each_kind_and_the_rejected_rows(tmp_path: Path) -> None:
    told, code = _json(tmp_path, _write(tmp_path, BAD))
    assert [*told] == [*KINDS, "rejected"]
    assert told["customers"] == told["invoices"] == told["payments"] == _counts(1, 0, 0)
    assert told["rejected"] == [
        {
            "line": 3,
            "column": "Invoice Date",
            "value": "2024-13-31",
            "reason": "This is no date.",
        },
        {
            "line": 4,
            "column": "Amount",
            "value": "=1+1",
            "reason": "This is no amount.",
        },
    ]
    assert code == 0
    again, _ = _json(tmp_path, "file.csv")
    assert again["invoices"] == again["payments"] == _counts(0, 0, 1)


def test_a_dry_run_shows_the_mapping_and_changes_nothing(tmp_path: Path) -> None:
    file = _write(tmp_path, GOOD.replace("Invoice No", "Doc"))
    words = ("import", file, "--map", "Doc=number")
    done = riskdesk(tmp_path, *words, "--dry-run", "--json")
    told = json.loads(done.stdout)
    [sheet] = told["mapping"]
    assert (sheet["kind"], sheet["columns"]["Doc"]) == ("invoices", "number")
    assert (told["invoices"], done.returncode) == (_counts(1, 0, 0), 0)
    shown = riskdesk(tmp_path, *words, "--dry-run").stdout
    assert "nothing was changed" in shown
    assert "number" in shown
    done = riskdesk(tmp_path, *words, "--json")
    assert json.loads(done.stdout)["invoices"] == _counts(1, 0, 0)


def test_strict_lets_none_in_and_fails(tmp_path: Path) -> None:
    file = _write(tmp_path, BAD)
    words = ("import", file, "--strict", "--rejected", "bad.csv")
    done = riskdesk(tmp_path, *words)
    assert done.returncode == 1
    assert "nothing was imported" in done.stdout
    with (tmp_path / "bad.csv").open(newline="", encoding="utf-8-sig") as rejected:
        rows = [(row["line"], row["value"]) for row in csv.DictReader(rejected)]
    assert rows == [("3", "2024-13-31"), ("4", "'=1+1")]
    told, _ = _json(tmp_path, file)
    assert told["invoices"] == _counts(1, 0, 0)


def test_a_file_without_a_good_row_fails(tmp_path: Path) -> None:
    file = _write(tmp_path, HEAD + "C1,Acme,1,2024-02-31,2024-02-29,1,\n")
    assert riskdesk(tmp_path, "import", file).returncode == 1


def test_several_files_are_told_as_one_and_the_readable_ones_go_in(
    tmp_path: Path,
) -> None:
    bad, junk = _write(tmp_path, BAD), _write(tmp_path, "hello\n", "junk.csv")
    told, code = _json(tmp_path, bad, junk, "nowhere.csv")
    assert code == 2
    assert [error["file"] for error in told["errors"]] == ["junk.csv", "nowhere.csv"]
    assert told["invoices"] == _counts(1, 0, 0)
    assert {row["file"] for row in told["rejected"]} == {"file.csv"}


def test_what_a_file_says_cannot_command_the_terminal(tmp_path: Path) -> None:
    file = _write(tmp_path, GOOD + "C1,[red]A\x1b[2J,9,2024-99-99\x1b[2J,,5,\n")
    done = riskdesk(tmp_path, "import", file)
    assert "2024-99-99" in done.stdout
    assert "\x1b[2J" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (("--map", "Amount=betrag"), "The nearest are: "),
        (("--map", "Nowhere=number"), "No column is called “Nowhere”"),
        (("--map", "Amount"), "write COLUMN=FIELD"),
        (("--currency", "Mark"), "no currency has this code"),
    ],
)
def test_a_wrong_wish_is_explained(
    tmp_path: Path, said: tuple[str, ...], words: str
) -> None:
    done = riskdesk(tmp_path, "import", _write(tmp_path, GOOD), *said)
    assert done.returncode != 0
    assert words in done.stderr


def test_two_processes_at_once_load_a_file_once(
    tmp_path: Path, database_url: str
) -> None:
    rows = [
        f"C{n % 40},Firm {n % 40} Ltd,{n},2024-01-31,2024-02-29,{n}.50,2024-03-05"
        for n in range(1, 1501)
    ]
    file = _write(tmp_path, HEAD + "\n".join(rows))
    running = [
        Running(tmp_path, "import", file, "--json", DATABASE_URL=database_url)
        for _ in range(2)
    ]
    told = []
    for process in running:
        done = process.end()
        assert done.returncode == 0, done.stderr
        told.append(json.loads(done.stdout))
    states = sorted(one["invoices"]["new"] for one in told)
    assert states == [0, 1500]
    assert sorted(one["invoices"]["same"] for one in told) == [0, 1500]
    database = Database(database_url)
    with database.read() as session:
        for table, count in ((Invoice, 1500), (Payment, 1500), (CustomerName, 40)):
            assert session.exec(select(func.count()).select_from(table)).one() == count
    database.close()
