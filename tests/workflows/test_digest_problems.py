"""A digest tells what became of problems, once each, and what was held back."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select

from storage.tables import OutboxMessage, Problem, ProblemCard, ProblemEntry, User
from tests.conftest import Clock
from tests.workflows.ledger import customer, schedule
from tests.workflows.problems import cards, hears, problem, tell
from tests.workflows.signals import OVERDUE, Sweep
from workflows.alerts import routing
from workflows.alerts.tending import spend_what_is_left
from workflows.digest import owe_digests
from workflows.services import Services

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def ours(_: str) -> str:
    return "ours"


def owed(services: Services) -> list[OutboxMessage]:
    """Return the messages of digests, oldest first."""
    with services.database.read() as session:
        rows = select(OutboxMessage).where(col(OutboxMessage.key).startswith("digest"))
        return list(session.exec(rows.order_by(col(OutboxMessage.id))))


def digest(services: Services, clock: Clock) -> list[str]:
    """Let the next day's digest be owed; return what its sections say."""
    clock.at += DAY
    before = len(owed(services))
    assert owe_digests(services, ours) == 1
    return [
        block["text"]["text"]
        for message in owed(services)[before:]
        for block in message.blocks
        if block["type"] == "section" and "text" in block
    ]


def happen(
    services: Services, number: int, kind: str, at: datetime | None = None, **about: Any
) -> None:
    """Write a step into the life of a problem; `about` changes the problem itself."""
    with services.database.write() as session:
        found = session.get_one(Problem, number)
        data = about.pop("data", {})
        actor = about.pop("actor", "")
        for name, value in about.items():
            setattr(found, name, value)
        session.add(found)
        session.add(
            ProblemEntry(
                problem_id=number,
                at=at or services.now(),
                kind=kind,
                actor=actor,
                data=data,
            )
        )


def came_up(services: Services, value: int, **about: Any) -> int:
    """Open a problem that no place hears of; return its id."""
    with services.database.write() as session:
        made = problem(session, services.now(), value, **about)
    happen(services, made.id or 0, "opened")
    return made.id or 0


def started(services: Services, **about: Any) -> None:
    """Set a digest up, and have the first one behind us."""
    schedule(services, **about)
    assert owe_digests(services, ours) == 1


def test_a_digest_begins_with_what_became_of_problems(
    services: Services, clock: Clock
) -> None:
    moved, closed = came_up(services, 70), came_up(services, 60)
    passing = came_up(services, 50)
    clock.at += timedelta(hours=1)
    started(services)
    clock.at += timedelta(hours=1)
    came_up(services, 900)
    came_up(services, 10)
    happen(services, moved, "signal", data={"quiet": False})
    happen(services, moved, "acknowledged", actor="U7", acknowledged_by="U7")
    happen(services, closed, "over")
    happen(services, closed, "solved", state="solved")
    happen(services, passing, "labelled", actor="U7")

    said = digest(services, clock)
    assert said[0].startswith(":new: *New problems* · 2 problems\n")
    assert said[0].index("Customer 4") < said[0].index("Customer 5"), "by value"
    assert "*Customer 4* (P4): Overdue · USD 9,000 · class C" in said[0]
    assert said[1].startswith(":arrows_counterclockwise: *Problems that moved*")
    assert "*Customer 1* (P1)" in said[1]
    assert said[1].endswith("<@U7> took note")
    assert said[2].startswith(":white_check_mark: *Problems solved* · 1 problem")
    assert "Customer 3" not in " ".join(said)


def test_each_is_told_once_and_a_day_with_none_is_one_line(
    services: Services, clock: Clock
) -> None:
    started(services)
    came_up(services, 5)
    assert "New problems" in digest(services, clock)[0]
    [said] = digest(services, clock)
    assert "Nothing changed since" in said


def test_what_came_to_light_late_is_told_all_the_same_and_only_then(
    services: Services, clock: Clock
) -> None:
    started(services)
    at = clock.at
    clock.at += DAY - timedelta(minutes=3)
    told = came_up(services, 700)
    clock.at = at
    assert "Customer 1" in digest(services, clock)[0]
    with services.database.write() as session:
        late = problem(session, clock.at, 600)
    happen(services, late.id or 0, "opened", at=clock.at - 2 * MINUTE)
    assert told

    said = digest(services, clock)
    assert "Customer 2" in said[0]
    assert "Customer 1" not in said[0]
    assert "Nothing changed" in digest(services, clock)[0]


def test_the_first_digest_tells_of_no_past_and_neither_does_the_next(
    services: Services, clock: Clock
) -> None:
    came_up(services, 5)
    clock.at += MINUTE
    started(services)
    assert "Nothing changed" in digest(services, clock)[0]


def test_one_that_came_and_went_is_solved_and_one_that_came_back_is_new(
    services: Services, clock: Clock
) -> None:
    gone = came_up(services, 70)
    back = came_up(services, 60)
    clock.at += MINUTE
    started(services)
    clock.at += MINUTE
    happen(services, gone, "stronger")
    happen(services, gone, "solved", state="solved")
    happen(services, back, "solved", state="solved")
    happen(services, back, "reopened", state="open", times_opened=2)
    short = came_up(services, 5)
    happen(services, short, "solved", state="solved")

    said = digest(services, clock)
    assert "Customer 2* (P2): Overdue · USD 600 · class C · it is back" in said[0]
    assert "*Problems solved* · 2 problems" in said[1]


def test_what_the_budget_held_back_is_told_with_its_worth_and_only_once(
    services: Services, clock: Clock
) -> None:
    hears(services, budget=1)
    hears(services, "C2", budget=0)
    started(services)
    first, second, third = tell(services, 100, 500, 300)
    for number in (first, second, third):
        happen(services, number, "opened")
    assert cards(services)[second][0] == "posted"

    said = digest(services, clock)
    assert "*New problems* · 1 problem\n" in said[0]
    assert "Customer 2" in said[0]
    assert ":mute: *Held back here by the alert budget* · 2 problems" in said[1]
    assert said[1].index("Customer 3") < said[1].index("Customer 1")
    assert "worth USD 300" in said[1]
    with services.database.read() as session:
        told = session.exec(
            select(ProblemCard.problem_id).where(
                ProblemCard.place == "C1", col(ProblemCard.told_at).is_not(None)
            )
        ).all()
    assert sorted(told) == [first, third]
    assert "Nothing changed" in digest(services, clock)[0]

    clock.at += 7 * DAY
    assert spend_what_is_left(services) == 0, "people have read of them"


def test_a_rule_that_may_not_interrupt_is_told_of_by_the_digest(
    services: Services, clock: Clock
) -> None:
    hears(services)
    started(services, scope={"regions": ["North"]})
    tell(services, 100, interrupts=False)
    assert "Held back" in digest(services, clock)[0], "it is in no digest's scope"
    assert "Nothing changed" in digest(services, clock)[0]


def test_the_thread_lists_what_the_channel_does_not(
    services: Services, clock: Clock
) -> None:
    started(services)
    for value in range(1, 49):
        came_up(services, value)
    said = digest(services, clock)
    assert "*New problems* · 48 problems" in said[0]
    assert said[0].count("Customer") == 5
    assert said[0].endswith("_The thread lists 48 of 48._")
    parts = owed(services)[-2:]
    assert [part.thread_key for part in parts] == [owed(services)[1].key] * 2
    tables = [b for part in parts for b in part.blocks if b["type"] == "table"]
    assert [len(table["rows"]) for table in tables] == [41, 9]


@pytest.mark.parametrize(
    ("scope", "there"),
    [
        ({"owners": ["UANN"]}, {"Ann Ltd"}),
        ({"regions": ["North"]}, {"Ann Ltd"}),
        ({"classes": ["D"]}, {"Bob Ltd", "textiles"}),
        ({"minimum": "500"}, {"Bob Ltd", "textiles"}),
        ({}, {"Ann Ltd", "Bob Ltd", "textiles"}),
    ],
)
def test_problems_are_those_of_the_digests_customers(
    services: Services, clock: Clock, scope: dict[str, Any], there: set[str]
) -> None:
    with services.database.write() as session:
        session.add(User(slack_id="UANN", name="Ann", seen_at=clock.at))
        ann = customer(
            session, "1", clock.at, name="Ann Ltd", owner="Ann", region="North"
        )
        bob = customer(
            session, "2", clock.at, name="Bob Ltd", owner="Bob", region="South"
        )
    started(services, scope=scope)
    clock.at += MINUTE
    came_up(services, 10, whose=ann)
    came_up(services, 90, whose=bob, risk_class="D")
    came_up(
        services,
        0,
        subject="industry:textiles",
        cause="concentration",
        risk_class=None,
        exposure=None,
    )
    said = " ".join(digest(services, clock))
    names = {"Ann Ltd", "Bob Ltd", "textiles"}
    assert {name for name in names if name in said} == there


def test_what_is_being_tried_is_in_no_digest(services: Services, clock: Clock) -> None:
    started(services)
    came_up(services, 5, shadow=True)
    assert "Nothing changed" in digest(services, clock)[0]


def test_hostile_names_do_not_break_it(services: Services, clock: Clock) -> None:
    name = "<!channel> & " * 90
    with services.database.write() as session:
        ids = [customer(session, str(n), clock.at, name=name) for n in range(12)]
    hears(services, budget=2)
    started(services)
    clock.at += MINUTE
    made = tell(services, *range(100, 112))
    for number in made:
        happen(services, number, "opened")
    for whose in ids:
        number = came_up(services, 50, whose=whose)
        happen(services, number, "opened", value=Decimal(10) ** 12)
    said = digest(services, clock)
    assert "<!channel>" not in " ".join(said)
    assert len(owed(services)) >= 3


def test_from_a_sweep_to_the_digest(services: Services, clock: Clock) -> None:
    hears(services, budget=0)
    started(services, language="zh-CN")
    with services.database.write() as session:
        whose = customer(session, "1", clock.at, name="云岚纺织有限公司")
    sweep = Sweep(services, whose)
    sweep._place = routing.place  # type: ignore[assignment,method-assign] # the real one
    clock.at += MINUTE
    sweep(("began", "overdue", OVERDUE))

    said = digest(services, clock)
    assert "因提醒次数限制在此暂缓" in said[0]
    assert "云岚纺织有限公司" in said[0]
    sweep(("over", "overdue", {}))
    assert "已解决的问题" in digest(services, clock)[0]
