"""`riskdesk digest`, as an operator types it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from storage.database import Database
from storage.migrate import migrate
from storage.tables import OutboxMessage, Schedule
from templates.engine import Renderer
from tests.bot.terminal import riskdesk
from tests.workflows.ledger import customer, invoice, schedule
from workflows.services import Services


@pytest.fixture
def services(tmp_path: Path) -> Services:
    """Make a folder with a database of a late customer."""
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    migrate(database.engine)
    now = datetime.now(UTC)
    found = Services(database, Renderer(), lambda: now, ZoneInfo("UTC"), "USD")
    with database.write() as session:
        whose = customer(session, "1", now, name="Acme <!channel> Ltd")
        invoice(session, whose, "2500", now.date() - timedelta(days=40), now)
    return found


def test_there_may_be_no_digest(services: Services, tmp_path: Path) -> None:
    assert "No channel has a digest yet" in riskdesk(tmp_path, "digest").stdout
    none = riskdesk(tmp_path, "digest", "C9")
    assert (none.returncode, "no digest" in none.stderr) == (1, True)
    assert "of which channel" in riskdesk(tmp_path, "digest", "--now").stderr


def test_every_channels_digest_is_listed(services: Services, tmp_path: Path) -> None:
    schedule(services, "C1", days="15", timezone="Asia/Shanghai")
    schedule(services, "C2", state="broken", trouble="is_archived")

    shown = riskdesk(tmp_path, "digest").stdout

    assert "Mon Fri" in shown
    assert "09:00 Asia/Shanghai" in shown
    assert "broken (is_archived)" in shown


def test_a_digest_is_shown_and_nothing_is_owed(
    services: Services, tmp_path: Path
) -> None:
    schedule(services)

    shown = riskdesk(tmp_path, "digest", "C1").stdout

    assert "Overdue: USD 2,500" in shown
    assert "Acme <!channel> Ltd" in shown
    with services.database.read() as session:
        assert session.exec(select(OutboxMessage)).all() == []
        assert session.exec(select(Schedule)).one().asked is None


def test_now_asks_the_running_desk(services: Services, tmp_path: Path) -> None:
    schedule(services)
    assert "on its way" in riskdesk(tmp_path, "digest", "C1", "--now").stdout
    with services.database.read() as session:
        assert session.exec(select(Schedule)).one().asked
