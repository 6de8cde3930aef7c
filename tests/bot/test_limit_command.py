"""`riskdesk limit`, as an operator types it."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from storage import people
from storage.database import Database
from storage.migrate import migrate
from storage.names import index_names
from storage.tables import CreditLimit, OutboxMessage, Receipt, Statement
from tests.bot.terminal import riskdesk
from tests.workflows.ledger import customer, invoice

NOW = datetime.now(UTC)
"""The terminal's own clock cannot be set."""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Make a folder with a database of two customers and an approver."""
    database = _database(tmp_path)
    migrate(database.engine)
    with database.write() as session:
        for number, name in (("1", "Acme Ltd"), ("2", "Fresh Start GmbH")):
            whose = customer(session, number, NOW, name=name, terms_days=30)
            index_names(session, [(whose, name)])
            if number == "1":
                due = NOW.date() + timedelta(days=20)
                invoice(session, whose, "365000", due, NOW)
                session.add(_accounts(whose))
        people.grant_role(session, "UBOB", "approver", "", by="x", at=NOW)
    database.close()
    return tmp_path


def _database(folder: Path) -> Database:
    return Database(f"sqlite:///{folder}/desk.db")


def _accounts(whose: int) -> Statement:
    return Statement(
        customer_id=whose,
        known_at=NOW,
        source="test",
        period_end=NOW.date() - timedelta(days=60),
        currency="USD",
        total_assets=Decimal(3_000_000),
        total_liabilities=Decimal(2_000_000),
        sales=Decimal(6_000_000),
    )


def test_all_methods_are_shown_as_a_table_and_as_json(desk: Path) -> None:
    shown = riskdesk(desk, "limit", "acme ltd")
    assert "Acme Ltd (1): limit not set, which is unknown and not 0" in shown.stdout
    assert "USD 365,000 in 12 months × 30 days" in shown.stdout
    assert "current assets and debts are not known" in shown.stdout

    said = json.loads(riskdesk(desk, "limit", "1", "--json").stdout)
    assert said["methods"]["net_worth"] == {"amount": "100000", "missing": None}
    assert said["methods"]["references"] == {"amount": None, "missing": "references"}
    assert said["proposed"]["need"] == "30000"
    assert said["limit"] is None


def test_a_limit_is_set_as_admin_and_the_receipt_says_so(desk: Path) -> None:
    done = riskdesk(desk, "limit", "1", "--set", "40000", "--reason", "pays on time")

    assert done.stdout.startswith("Limit of Acme Ltd: USD 40,000, until ")
    assert "Set at the terminal, as admin." in done.stdout
    database = _database(desk)
    with database.read() as session:
        [kept] = session.exec(select(CreditLimit)).all()
        [receipt] = session.exec(select(Receipt)).all()
    database.close()
    assert (kept.set_by, kept.source) == ("operator", "terminal:operator")
    assert "as admin" in receipt.words
    assert receipt.inputs["by"]["at"] == "terminal"
    assert "admin" in receipt.inputs["by"]["roles"]
    said = json.loads(riskdesk(desk, "limit", "1", "--json").stdout)
    assert said["limit"]["amount"] == "40000"


def test_above_four_eyes_a_second_person_is_asked_in_slack(desk: Path) -> None:
    words = ("limit", "1", "--set", "60000", "--reason", "framework contract")
    done = riskdesk(desk, *words, "--json")

    assert json.loads(done.stdout)["done"] == "asked"
    database = _database(desk)
    with database.read() as session:
        [owed] = session.exec(select(OutboxMessage)).all()
        assert session.exec(select(CreditLimit)).all() == []
    database.close()
    assert owed.channel == "UBOB"
    assert "operator asks for a credit limit for Acme Ltd: USD 60,000" in owed.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "-5", "--reason", "x"), "0 means cash only"),
        (("--set", "80k", "--reason", "x"), "“80k” is no amount"),
        (("--set", "5", "--reason", "x", "--currency", "CHF"), "no exchange rate"),
        (("--set", "5", "--reason", "x", "--until", "2020-01-01"), "is past"),
        (("--set", "5"), "Say why"),
    ],
)
def test_what_cannot_be_is_said_and_fails(
    desk: Path, words: tuple[str, ...], said: str
) -> None:
    done = riskdesk(desk, "limit", "1", *words)
    assert done.returncode == 1
    assert said in done.stderr


def test_a_name_that_several_bear_asks_for_the_number(desk: Path) -> None:
    database = _database(desk)
    with database.write() as session:
        for number in ("8", "9"):
            whose = customer(session, number, NOW, name="Delta Foods Ltd")
            index_names(session, [(whose, "Delta Foods Ltd")])
    database.close()
    done = riskdesk(desk, "limit", "delta foods ltd")
    assert done.returncode == 1
    assert "8 Delta Foods Ltd, 9 Delta Foods Ltd" in done.stderr
