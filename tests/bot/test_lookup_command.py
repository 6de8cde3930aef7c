"""`riskdesk lookup` and `role`, as an operator types them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import Database
from storage.migrate import migrate
from storage.names import index_names
from storage.tables import User
from tests.bot.terminal import riskdesk
from tests.workflows.ledger import customer

NOW = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Make a folder with a database of three customers and a person."""
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    migrate(database.engine)
    with database.write() as session:
        for number, name in (("1", "Acme Ltd"), ("2", "华为技术"), ("3", "Zeta AG")):
            whose = customer(session, number, NOW, name=name)
            index_names(session, [(whose, name)])
        session.add(User(slack_id="U9", name="Ann", email="ann@x.test", seen_at=NOW))
    database.close()
    return tmp_path


def test_a_name_is_found_as_json(desk: Path) -> None:
    done = riskdesk(desk, "lookup", "hwjs", "--json")
    [first, *_] = json.loads(done.stdout)["matches"]
    assert (first["number"], first["name"]) == ("2", "华为技术")
    assert 0 < first["score"] <= 1


def test_a_batch_answers_a_line_a_query_in_order(desk: Path) -> None:
    (desk / "queries.txt").write_text("akme\n\n3\nhuawei jishu\n", encoding="utf-8")

    done = riskdesk(desk, "lookup", "--batch", "queries.txt", "--json")

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a["query"] for a in answers] == ["akme", "", "3", "huawei jishu"]
    firsts = [a["matches"][0]["number"] if a["matches"] else None for a in answers]
    assert firsts == ["1", None, "3", "2"]


def test_people_read_a_table_and_the_clear_match(desk: Path) -> None:
    done = riskdesk(desk, "lookup", "acme ltd")
    assert "Acme Ltd (1): nothing is known yet" in done.stdout
    assert "No invoices are known" in done.stdout
    assert "Limit: not set" in done.stdout
    assert done.returncode == 0


def test_nobody_found_is_said_and_fails(desk: Path) -> None:
    done = riskdesk(desk, "lookup", "qqqqqq")
    assert done.returncode == 1
    assert "import it first" in done.stderr
    assert riskdesk(desk, "lookup").returncode == 1


def test_a_role_is_given_by_address_and_taken(desk: Path) -> None:
    given = riskdesk(desk, "role", "ann@x.test", "analyst", "--area", "EMEA")
    assert "Ann now has the role `analyst`" in given.stdout
    assert "sales, analyst" in riskdesk(desk, "role", "U9").stdout
    riskdesk(desk, "role", "U9", "analyst", "--take", "--area", "EMEA")
    assert "analyst" not in riskdesk(desk, "role", "U9").stdout
    assert "Slack id" in riskdesk(desk, "role", "bob@x.test").stderr
