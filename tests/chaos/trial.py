"""A trial: desks are killed at random while problems come and go; Slack fails too."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, func, select

from storage.tables import (
    AlertChannel,
    Customer,
    DigestRun,
    ImportedFile,
    OutboxMessage,
    Problem,
    ProblemCard,
    Touched,
)
from tests.chaos.watching_desk import MORNING, live
from tests.fake_slack import FakeSlack
from tests.forked import forked, kill
from tests.workflows.ledger import schedule
from workflows.services import Services

CUSTOMERS = 24
KILLS_A_FILE = 5
SETTLES_IN = 120.0

State = tuple[str, str, str]
"""A problem: whose, of which cause, open or solved."""


def prepare(services: Services) -> None:
    """Set up two channels: one hears of all, one of little and by digest."""
    for channel, budget in (("C1", 10_000), ("C2", 3)):
        with services.database.write() as session:
            session.add(
                AlertChannel(
                    place=channel,
                    budget=budget,
                    quiet_from="00:00",
                    quiet_to="00:00",
                    timezone="UTC",
                    language="en",
                    verbosity="all",
                    readers_checked_at=MORNING,
                    created_by="U1",
                    changed_at=MORNING - timedelta(days=7),
                )
            )
    schedule(services, "C2", active_from=MORNING - timedelta(hours=1), hour=8, minute=8)


def files(folder: Path, count: int) -> Iterator[None]:
    """Write one file more each time: invoices that go overdue, get paid, return."""
    chance = random.Random(11)
    head = "Customer No,Customer,Invoice No,Invoice Date,Due Date,Amount,Paid Date"
    open_ones: dict[int, list[str]] = {n: [] for n in range(CUSTOMERS)}
    for number in range(count):
        lines = [head]
        for whose in chance.sample(range(CUSTOMERS), 8):
            paid = "2026-03-03" if open_ones[whose] and number % 2 == 1 else ""
            name = f"I{whose}-{number}"
            if paid:
                lines += [
                    f"{whose},Customer {whose},{one},{paid}" for one in open_ones[whose]
                ]
                open_ones[whose] = []
                continue
            due = f"2026-02-{chance.randint(1, 20):02}"
            row = f"{name},2026-01-10,{due},{chance.randint(5, 90)}000"
            open_ones[whose].append(row)
            lines.append(f"{whose},Customer {whose},{row},")
        made = folder / f"{number:03}.part"
        made.write_text("\n".join(lines), encoding="utf-8")
        made.rename(folder / f"{number:03}.csv")
        yield


@dataclass
class Trial:
    """Desks against a Slack that fails one call in ten; one is killed now and then."""

    database_url: str
    slack: FakeSlack
    folder: Path
    replicas: int
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    started: float = field(default_factory=time.time)
    killed: int = 0

    def __post_init__(self) -> None:
        """Have no desk yet."""
        self._running: list[BaseProcess] = []
        self._faults = random.Random(13)
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the desks, and let Slack fail."""
        self.slack.faults.append(self.meet)
        for _ in range(self.replicas):
            self._running.append(self._another())

    def kill_one(self) -> None:
        """Let a desk live a little, then kill it in the midst of what it does."""
        time.sleep(self.chance.uniform(0.02, 0.5))
        victim = self._running.pop(0)
        kill(victim)
        self.killed += 1
        self._running.append(self._another())

    def stop(self) -> None:
        """Kill all desks, and let Slack be well."""
        self.slack.faults.clear()
        for process in self._running:
            kill(process)

    def meet(self, method: str, body: dict[str, Any]) -> Any:
        """Be Slack's answer to a call: as it should be, or at fault one time in ten."""
        with self._lock:
            chance = self._faults.random()
        if chance < 0.02:
            return {"status": 429, "headers": {"Retry-After": "3"}, "ok": False}
        if chance < 0.04:
            return {"status": 500}
        if chance < 0.06:
            return None
        if chance < 0.1:
            self.slack.effect(method, body)
            return None if chance < 0.08 else {"status": 503}
        return True

    def _another(self) -> BaseProcess:
        where = (self.database_url, self.slack.url, self.started, str(self.folder))
        return forked(live, *where)


def run(services: Services, trial: Trial, kills: int) -> None:
    """Kill desks `kills` times while files come in, then let all be settled."""
    count = max(kills // KILLS_A_FILE, 4)
    coming = files(trial.folder, count)
    next(coming)
    trial.start()
    try:
        for number in range(kills):
            trial.kill_one()
            if number % KILLS_A_FILE == KILLS_A_FILE - 1:
                next(coming, None)
        for _ in coming:
            time.sleep(0.05)
        until = time.monotonic() + SETTLES_IN
        while not settled(services, count) and time.monotonic() < until:
            time.sleep(0.2)
    finally:
        trial.stop()


def settled(services: Services, count: int) -> bool:
    """Return whether every file is in, looked at, and told of; and the digest made."""
    with services.database.read() as session:
        imported = _count(session, ImportedFile)
        waiting = col(OutboxMessage.state).in_(("pending", "sending"))
        return (
            imported == count
            and not _count(session, Touched)
            and not _count(session, OutboxMessage, waiting)
            and bool(_count(session, DigestRun))
        )


def states(services: Services) -> Counter[State]:
    """Return every problem there is, and how it stands.

    By the customer's number: its id depends on what was killed and begun again.
    """
    columns: list[Any] = [
        Problem.subject,
        Customer.number,
        Problem.cause,
        Problem.state,
    ]
    asked = select(*columns).select_from(Problem).outerjoin(Customer)
    with services.database.read() as session:
        rows = session.execute(asked).all()
    return Counter((number or subject, *rest) for subject, number, *rest in rows)


def verdict(services: Services, slack: FakeSlack) -> list[str]:
    """Return what was lost, doubled or left stale; nothing if all is well."""
    with services.database.read() as session:
        owed = list(session.exec(select(OutboxMessage)).all())
        cards = list(session.exec(select(ProblemCard, Problem).join(Problem)).all())
        runs = _count(session, DigestRun)
    wrong = [f"{m.key}: {m.state} {m.error}" for m in owed if m.state != "sent"]
    keys = Counter(p["metadata"]["event_payload"]["key"] for p in slack.posts)
    wrong += [f"{key} came {n} times" for key, n in keys.items() if n != 1]
    posts = {m.key for m in owed if m.method in {"post", "broadcast"}}
    wrong += [f"{key} was never there" for key in posts - keys.keys()]
    wrong += [f"{key} was owed by nobody" for key in keys.keys() - posts]
    wrong += list(_stale(owed, cards, slack))
    if runs != 1:
        wrong.append(f"{runs} digests of one period")
    return wrong


def _stale(
    owed: list[OutboxMessage], cards: list[Any], slack: FakeSlack
) -> Iterator[str]:
    """Yield the cards that do not show how their problem stands."""
    shown = {p["metadata"]["event_payload"]["key"]: p for p in slack.posts}
    for card, problem in cards:
        if card.state != "posted":
            continue
        if card.version != problem.version:
            yield f"{card.outbox_key} shows version {card.version} of {problem.version}"
        own = {card.outbox_key, *(m.key for m in owed if _edits(m, card))}
        last = max((m for m in owed if m.key in own), key=lambda m: m.id or 0)
        if shown[card.outbox_key]["blocks"] != last.blocks:
            yield f"{card.outbox_key} shows other words than the last ones owed"


def _edits(message: OutboxMessage, card: ProblemCard) -> bool:
    return message.method == "update" and message.thread_key == card.outbox_key


def _count(session: Session, table: Any, *where: Any) -> int:
    return session.exec(select(func.count()).select_from(table).where(*where)).one()
