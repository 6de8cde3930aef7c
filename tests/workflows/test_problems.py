"""What signals become: problems that open, grow, are solved and come back."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.slack import SlackPost
from storage.tables import OutboxMessage, Problem
from tests.conftest import NOW, Clock
from tests.fake_slack import FakeSlack
from tests.workflows.ledger import customer
from tests.workflows.signals import (
    LIMIT,
    OVERDUE,
    SLOWER,
    Sweep,
    all_problems,
    lives,
    owed,
)
from workflows.deliver import deliver
from workflows.problems.kinds import Place
from workflows.services import Services

ROOM = Place("CRISK", verbosity="all")


@pytest.fixture
def acme(services: Services) -> int:
    with services.database.write() as session:
        return customer(session, "1001", NOW, name="Acme <!channel>", owner="Ann")


@pytest.fixture
def sweep(services: Services, acme: int) -> Sweep:
    return Sweep(services, acme, [ROOM])


def only(services: Services) -> Problem:
    [problem] = all_problems(services)
    return problem


def shown(message: OutboxMessage) -> str:
    return json.dumps(message.blocks, ensure_ascii=False)


def test_signals_of_one_cause_feed_one_problem(
    services: Services, sweep: Sweep
) -> None:
    sweep(("began", "slower_payment", SLOWER), ("began", "overdue", OVERDUE))

    problem = only(services)
    assert (problem.state, problem.cause, problem.severity) == ("open", "payment", 2)
    assert (problem.risk_class, problem.exposure) == ("D", Decimal(120340))
    assert problem.value > 0
    assert lives(services) == ["opened"]
    assert [(f.kind, f.rules) for f in sweep.fresh] == [
        ("opened", ("overdue", "slower_payment"))
    ]
    [card] = owed(services)
    assert card.channel == "CRISK"
    assert card.text.startswith("Acme &lt;!channel&gt;: Overdue")
    assert "USD 120,340" in card.text
    assert "class D" in card.text
    assert "45,000 overdue, the oldest by 31 days" in shown(card)


def test_another_cause_is_another_problem(services: Services, sweep: Sweep) -> None:
    sweep(("began", "overdue", OVERDUE))
    sweep(("began", "limit_used", LIMIT), cause="limit", severity=3)
    assert [p.cause for p in all_problems(services)] == ["payment", "limit"]
    assert len([m for m in owed(services) if m.method == "post"]) == 2


def test_more_of_the_same_edits_the_card_while_it_waits(
    services: Services, sweep: Sweep
) -> None:
    sweep(("began", "overdue", OVERDUE))
    sweep(("began", "slower_payment", SLOWER))

    card, thread = owed(services)
    assert "Lately pays 23 days late" in shown(card)
    assert thread.thread_key == card.key
    assert "more came up" in thread.text


def test_an_edit_that_waits_takes_in_the_next(
    services: Services, sweep: Sweep, sent: Callable[[], int]
) -> None:
    sweep(("began", "overdue", OVERDUE))
    assert sent() == 1
    for days in range(32, 40):
        sweep(("stronger", "overdue", OVERDUE | {"overdue_oldest": float(days)}))

    edits = [m for m in owed(services) if m.method == "update"]
    assert len(edits) == 1
    assert "39 days" in shown(edits[0])


def test_it_is_solved_when_the_last_signal_is_over(
    services: Services, sweep: Sweep
) -> None:
    sweep(("began", "overdue", OVERDUE), ("began", "slower_payment", SLOWER))
    sweep(("over", "overdue", {}))
    assert only(services).state == "open"
    sweep(("over", "slower_payment", {}))

    problem = only(services)
    assert (problem.state, problem.solved_at) == ("solved", NOW)
    assert lives(services) == ["opened", "over", "over", "solved"]
    card = owed(services)[0]
    assert card.text.startswith("Solved: ")
    assert "problem_acknowledge" not in shown(card)
    assert "problem_history" in shown(card)


def test_one_that_comes_back_soon_is_opened_again_and_says_what_came_back(
    services: Services, sweep: Sweep, clock: Clock, sent: Callable[[], int]
) -> None:
    sweep(("began", "overdue", OVERDUE))
    sweep(("over", "overdue", {}))
    sent()
    clock.at = NOW + timedelta(days=30)
    sweep(("began", "slower_payment", SLOWER))

    problem = only(services)
    assert (problem.state, problem.times_opened) == ("open", 2)
    assert sweep.fresh[0].kind == "reopened"
    back = [m for m in owed(services) if m.method == "broadcast"]
    assert len(back) == 1
    assert "is back: Lately pays 23 days late" in back[0].text


def test_one_that_comes_back_late_is_a_new_one(
    services: Services, sweep: Sweep, clock: Clock
) -> None:
    sweep(("began", "overdue", OVERDUE))
    sweep(("over", "overdue", {}))
    clock.at = NOW + timedelta(days=61)
    sweep(("began", "overdue", OVERDUE))
    assert [p.state for p in all_problems(services)] == ["solved", "open"]


def test_a_rule_that_is_tried_has_a_problem_of_its_own(
    services: Services, sweep: Sweep
) -> None:
    sweep(("began", "overdue", OVERDUE))
    sweep(("began", "own:a", {"overdue": 3.0}), cause="payment", shadow=True)
    sweep(("began", "own:b", {"overdue": 3.0}), cause="payment", shadow=True)
    assert [p.shadow for p in all_problems(services)] == [False, True, True]
    sweep(("over", "own:a", {}))
    assert [p.state for p in all_problems(services)] == ["open", "solved", "open"]


def test_what_turns_class_e_is_put_up_again(services: Services, sweep: Sweep) -> None:
    sweep(("began", "overdue", OVERDUE))
    sweep.risk_class = "E"
    sweep(("began", "limit_used", LIMIT), cause="limit")
    kinds = {(f.problem.cause, f.kind) for f in sweep.fresh}
    assert kinds == {("payment", "stronger"), ("limit", "opened")}


@pytest.fixture
def sent(services: Services, slack: FakeSlack, clock: Clock) -> Callable[[], int]:
    """Give a function that delivers all that is owed, and returns how much it was."""

    def send() -> int:
        number = 0
        while some := deliver(services, SlackPost("xoxb", slack.url, clock), by="test"):
            number += some
            clock.at += timedelta(seconds=2)
        return number

    return send
