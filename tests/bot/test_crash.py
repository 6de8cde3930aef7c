"""Replicas are killed, Slack fails one call in ten: no digest lost, none doubled."""

import random
import time
from collections import Counter
from datetime import UTC, date, datetime
from multiprocessing.process import BaseProcess
from typing import Any

import numpy as np
from sqlmodel import col, func, select

from risk.change import State
from storage.tables import DigestRun, DigestState, OutboxMessage
from tests.bot.desk_process import live
from tests.conftest import Clock
from tests.fake_slack import FakeSlack
from tests.forked import forked, kill
from tests.workflows.ledger import customer, invoice, schedule
from workflows.services import Services

CHANNELS, KILLS, DEADLINE = 10, 5, 40.0


def prepare(services: Services, clock: Clock) -> None:
    """Have ten channels' digests due, each long enough to go on in its thread."""
    yesterday = datetime(2026, 3, 3, 9, tzinfo=UTC)
    clock.at = yesterday
    nothing = np.zeros(0, np.int64)
    empty = State(nothing, nothing, nothing, nothing, nothing).packed()
    with services.database.write() as session:
        for number in range(8):
            whose = customer(session, str(number), yesterday)
            invoice(session, whose, "100", date(2026, 3, 1), yesterday)
        state = DigestState(known_at=yesterday, through=date(2026, 3, 3), data=empty)
        session.add(state)
        session.flush()
        state_id = state.id
    for number in range(CHANNELS):
        schedule(services, f"C{number}")
    with services.database.write() as session:
        for number in range(CHANNELS):
            run = DigestRun(
                schedule_id=number + 1,
                period="2026-03-03T09:00",
                through=date(2026, 3, 3),
                owed_at=yesterday,
                snapshot={},
                state_id=state_id,
            )
            session.add(run)


class Replicas:
    """Two desks; a call of theirs may be their last."""

    def __init__(self, database_url: str, slack: FakeSlack) -> None:
        self._given = (database_url, slack.url, time.time())
        self._slack = slack
        self._chance = random.Random(7)
        self._deaths = set(self._chance.sample(range(3, 30), KILLS))
        self._calls = 0
        self.killed = 0
        self.running = [self._start(), self._start()]
        slack.faults.append(self.meet)

    def meet(self, method: str, body: dict[str, Any]) -> Any:
        """Be Slack's answer to a call: as it should be, at fault, or too late."""
        self._calls += 1
        dies = self._calls in self._deaths
        chance = self._chance.random()
        if dies:
            if chance < 0.5:
                self._slack.effect(method, body)
            self._replace()
            return None
        if chance < 0.02:
            return {"status": 429, "headers": {"Retry-After": "3"}, "ok": False}
        if chance < 0.04:
            return {"status": 500}
        if chance < 0.06:
            return None
        if chance < 0.1:
            self._slack.effect(method, body)
            return None if chance < 0.08 else {"status": 503}
        return True

    def _start(self) -> BaseProcess:
        return forked(live, *self._given)

    def _replace(self) -> None:
        """Kill the desk whose turn it is, in the midst of what it does."""
        kill(self.running.pop(0))
        self.killed += 1
        self.running.append(self._start())

    def stop(self) -> None:
        with self._slack.lock:
            self._slack.faults.clear()
        for process in self.running:
            kill(process)


def unsettled(services: Services) -> int:
    """Return how many messages are still to be sent, or not even owed yet."""
    with services.database.read() as session:
        statement = select(func.count()).where(col(OutboxMessage.state) == "sent")
        return 2 * CHANNELS - session.exec(statement).one()


def test_no_digest_is_lost_and_none_comes_twice(
    services: Services, database_url: str, clock: Clock, slack: FakeSlack
) -> None:
    prepare(services, clock)
    replicas = Replicas(database_url, slack)
    until = time.monotonic() + DEADLINE
    try:
        while unsettled(services) and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        replicas.stop()

    assert unsettled(services) == 0
    assert replicas.killed >= 3, "it was a trial"
    keys = Counter(p["metadata"]["event_payload"]["key"] for p in slack.posts)
    assert set(keys.values()) == {1}
    assert len(keys) == 2 * CHANNELS
    in_threads = [p for p in slack.posts if p.get("thread_ts")]
    assert len(in_threads) == CHANNELS
