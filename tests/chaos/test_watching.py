"""Desks are killed in the midst of watching: no alert, edit or digest lost, none twice.

`make chaos` kills 300 times on each engine; `KILLS` says how often otherwise.
"""

import os
from collections import Counter
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.slack import SlackPost
from storage.database import Database
from storage.migrate import migrate
from tests.chaos.trial import State, Trial, files, prepare, run, states, verdict
from tests.chaos.watching_desk import MORNING, services_of, work
from tests.fake_slack import FakeSlack, running

KILLS = int(os.environ.get("KILLS", "15"))


@cache
def undisturbed(count: int) -> Counter[State]:
    """Return the problems of a desk that nobody kills, with a Slack that is well."""
    with TemporaryDirectory() as folder:
        return _undisturbed(Path(folder), count)


def _undisturbed(folder: Path, count: int) -> Counter[State]:
    url = f"sqlite:///{folder / 'calm.db'}"
    database = Database(url)
    migrate(database.engine)
    database.close()
    coming = folder / "calm"
    coming.mkdir()
    services = services_of(url, lambda: MORNING)
    prepare(services)
    with running() as slack:
        post = SlackPost("xoxb-test", slack.url, services.now)
        for _ in files(coming, count):
            work(services, post, coming)
        found = states(services)
    services.database.close()
    return found


def test_no_alert_is_lost_and_none_comes_twice(
    database: Database, database_url: str, slack: FakeSlack, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    services = services_of(database_url, lambda: MORNING)
    with closing(services.database):
        prepare(services)
        replicas = 2 if database.dialect == "postgresql" else 1
        trial = Trial(database_url, slack, folder, replicas)
        run(services, trial, KILLS)

        assert trial.killed == KILLS
        assert verdict(services, slack) == []
        found = states(services)
        assert sum(found.values()) >= 10, "there was something to tell"
        assert any(state == "solved" for _, _, state in found)
        assert found == undisturbed(len(list(folder.glob("*.csv"))))
