"""`riskdesk rules`, as an operator types it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.database import Database
from storage.migrate import migrate
from storage.tables import OwnRule
from tests.bot.terminal import riskdesk
from tests.workflows.ledger import customer, invoice, pay

NOW = datetime.now(UTC)
"""The terminal's own clock cannot be set."""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Make a folder with a database of a late payer, and a rule that people wrote."""
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    migrate(database.engine)
    with database.write() as session:
        whose = customer(session, "1", NOW, name="Acme Ltd")
        for month in range(1, 9):
            due = NOW.date() - timedelta(days=30 * month)
            paid, known = due + timedelta(days=20), NOW - timedelta(days=30 * month)
            owed = invoice(session, whose, "9000", due, known - timedelta(days=30))
            pay(session, owed, paid, known + timedelta(days=20))
        session.add(
            OwnRule(
                name="large",
                title="Large overdue",
                expression="overdue > 5000",
                state="live",
                author="UANA",
                created_at=NOW,
                changed_at=NOW,
                changed_by="UANA",
            )
        )
    database.close()
    return tmp_path


def test_every_rule_is_shown_with_what_came_true(desk: Path) -> None:
    shown = riskdesk(desk, "rules")
    assert shown.returncode == 0, shown.stderr
    assert "Large overdue" in shown.stdout
    assert "more than 15 days overdue" in shown.stdout.replace("\n", " ")

    found = json.loads(riskdesk(desk, "rules", "--json").stdout)
    marks = {mark["rule"]: mark for mark in found["rules"]}
    assert found["customers"] == 1
    assert marks["own:large"]["would"] > 0
    assert marks["own:large"]["came_true"] > 0.5
