"""`riskdesk check`, `receipt` and `score`, as an operator types them."""

import json
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from storage.database import Database
from storage.migrate import migrate
from storage.names import index_names
from tests.bot.terminal import riskdesk
from tests.workflows.ledger import customer, invoice, limit, pay

NOW = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Make a folder with a database of a customer that paid four invoices in time."""
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    migrate(database.engine)
    with database.write() as session:
        whose = customer(session, "1", datetime.now(UTC), name="Acme Ltd")
        index_names(session, [(whose, "Acme Ltd")])
        today = datetime.now(UTC).date()
        for month in range(1, 5):
            due = date.fromordinal(today.toordinal() - 30 * month)
            bill = invoice(session, whose, "900", due, datetime.now(UTC))
            pay(session, bill, due, datetime.now(UTC))
        limit(session, whose, "10000", NOW)
    database.close()
    return tmp_path


def test_an_order_is_answered_and_its_receipt_replays(desk: Path) -> None:
    done = riskdesk(desk, "check", "acme", "12000", "--net", "30", "--json")
    answer = json.loads(done.stdout)
    assert answer["verdict"] == "yes_if"

    again = riskdesk(desk, "receipt", str(answer["receipt"]), "--json")

    told = json.loads(again.stdout)
    assert again.returncode == 0
    assert told["same"]
    assert told["untouched"]
    assert told["outcome"]["verdict"] == "yes_if"


def test_people_read_the_answer_first(desk: Path) -> None:
    done = riskdesk(desk, "check", "acme", "5,000", "--net", "30")
    assert done.stdout.startswith("Yes: Acme Ltd may have USD 5,000 on 30 days.")
    assert "headroom" in done.stdout


def test_a_receipt_that_was_changed_is_found(desk: Path) -> None:
    riskdesk(desk, "check", "acme", "5000")
    with sqlite3.connect(desk / "desk.db") as database:
        database.execute("UPDATE receipt SET words = 'No.'")
    database.close()

    done = riskdesk(desk, "receipt", "1")

    assert done.returncode == 1
    assert "BROKEN at receipt 1" in done.stdout


def test_nonsense_is_named(desk: Path) -> None:
    assert "is no amount" in riskdesk(desk, "check", "acme", "lots").stderr
    assert "above 0" in riskdesk(desk, "check", "acme", "0").stderr
    assert "no receipt 99" in riskdesk(desk, "receipt", "99").stderr


def test_a_score_is_shown_to_its_last_point(desk: Path) -> None:
    told = json.loads(riskdesk(desk, "score", "acme", "--json").stdout)
    points = sum(line["points"] for line in told["points"].values())
    assert points + told["adjustment"] == told["score"]
    assert told["class"] in "ABCDE"


def test_what_moved_a_score_sums_to_the_difference(desk: Path) -> None:
    since = date.fromordinal(datetime.now(UTC).date().toordinal() - 45).isoformat()
    told = json.loads(
        riskdesk(desk, "score", "acme", "--since", since, "--json").stdout
    )
    moved = told["moved"]
    assert moved["since"] == since
    assert moved["before"] + sum(moved["points"].values()) == told["score"]
    shown = riskdesk(desk, "score", "acme", "--since", since)
    assert f"Since {since}, when it was {moved['before']}" in shown.stdout


def test_before_anything_was_known_there_is_no_score(desk: Path) -> None:
    done = riskdesk(desk, "score", "acme", "--on", "2020-01-01", "--json")
    assert json.loads(done.stdout)["score"] is None


def test_everybody_is_counted_by_class(desk: Path) -> None:
    counted = json.loads(riskdesk(desk, "score", "--json").stdout)
    assert sum(counted.values()) == 1
