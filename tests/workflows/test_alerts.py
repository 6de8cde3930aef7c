"""Problems interrupt where they are to be heard of, within a budget, at open hours."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot.slack import SlackPost
from storage.tables import (
    AlertChannel,
    OutboxMessage,
    OwnRule,
    Problem,
    ProblemCard,
    ProblemEntry,
    User,
    Watch,
)
from tests.conftest import Clock
from tests.fake_slack import FakeSlack
from tests.rows import in_order
from tests.workflows.ledger import customer, schedule
from tests.workflows.problems import (
    cards,
    hears,
    posted,
    problem,
    put,
    tell,
    tell_again,
)
from workflows.alerts.tending import spend_what_is_left, tend_alerts
from workflows.deliver import deliver
from workflows.digest import owe_digests
from workflows.services import Services

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NIGHT = {"quiet_from": "19:00", "quiet_to": "08:00"}


def ours(_: str) -> str:
    return "ours"


def outsiders(_: str) -> str:
    return "outsiders"


def person(services: Services, slack_id: str, **about: Any) -> None:
    given: dict[str, Any] = {"name": slack_id, "seen_at": services.now()} | about
    with services.database.write() as session:
        session.add(User(slack_id=slack_id, **given))


def test_the_most_valuable_of_a_batch_come_through_and_the_rest_is_kept(
    services: Services,
) -> None:
    hears(services, budget=2)
    low, best, good = tell(services, 10, 900, 500)

    assert cards(services) == {
        best: ("posted", "value"),
        good: ("posted", "value"),
        low: ("held", "budget"),
    }
    assert sorted(posted(services)) == sorted([best, good])


def test_what_is_worth_little_does_not_interrupt_on_a_monday(
    services: Services, clock: Clock
) -> None:
    hears(services, budget=1)
    tell(services, 500, 400, 300, 200)  # four in 28 days, so 200 is the price
    clock.at += 8 * DAY

    low, high = tell(services, 150), tell(services, 250)
    assert cards(services)[low[0]] == ("held", "worth_less")
    assert cards(services)[high[0]] == ("posted", "value")


def test_class_e_comes_through_whatever_the_budget_says(services: Services) -> None:
    hears(services, budget=0, **NIGHT)
    [one] = tell(services, 1, risk_class="E")
    [other] = tell(services, 9)
    assert cards(services)[one] == ("posted", "class_e")
    assert cards(services)[other][0] == "held"


def test_a_flood_of_class_e_ends_after_a_hundred_a_day(
    services: Services, clock: Clock
) -> None:
    hears(services, budget=0)
    made = tell(services, *range(90, 0, -1), risk_class="E")
    made += tell(services, *range(500, 470, -1), risk_class="E")
    states = cards(services)
    assert [states[n][0] for n in made] == ["posted"] * 100 + ["held"] * 20
    clock.at += DAY
    [late] = tell(services, 1, risk_class="E")
    assert cards(services)[late] == ("posted", "class_e")


def test_class_e_comes_through_at_night_too(services: Services, clock: Clock) -> None:
    clock.at = datetime(2026, 3, 4, 23, tzinfo=UTC)
    hears(services, **NIGHT)
    [grave, other] = tell(services, 5), tell(services, 9)
    tell_again(services, grave[0], risk_class="E")
    assert cards(services) == {
        grave[0]: ("posted", "class_e"),
        other[0]: ("waiting", "quiet"),
    }


def test_what_became_worth_more_is_posted_later(
    services: Services, clock: Clock
) -> None:
    hears(services, budget=1)
    first, second = tell(services, 100, 50)
    assert posted(services) == [first]
    clock.at += 8 * DAY
    tell_again(services, second, value=Decimal(40))  # it fell: nothing to tell
    assert cards(services)[second][0] == "held"
    tell_again(services, second, value=Decimal(60))
    assert posted(services) == [first, second]
    tell_again(services, second, value=Decimal(600))
    assert posted(services) == [first, second], "once"


def test_what_turned_class_e_is_posted_later(services: Services) -> None:
    hears(services, budget=1)
    _, second = tell(services, 100, 50)
    tell_again(services, second, risk_class="E")
    assert cards(services)[second] == ("posted", "class_e")


def test_what_comes_back_is_shown_again_if_it_is_worth_it(
    services: Services, clock: Clock
) -> None:
    hears(services, budget=1, **NIGHT)
    [one] = tell(services, 100)
    clock.at += 8 * DAY + 12 * HOUR  # at night
    with services.database.write() as session:
        session.add(ProblemEntry(problem_id=one, at=clock.at, kind="reopened", data={}))
    tell_again(services, one, kind="reopened", times_opened=2)
    with services.database.read() as session:
        [_, again] = in_order(session, OutboxMessage)
    assert again.method == "broadcast"
    assert again.not_before == datetime(2026, 3, 13, 8, tzinfo=UTC)

    other = tell(services, 5, risk_class="E")
    tell_again(services, one, kind="reopened", times_opened=3)
    with services.database.read() as session:
        owed = in_order(session, OutboxMessage)
    assert len(owed) == 3, "the week is used up: its card is edited, no more"
    assert cards(services)[other[0]][0] == cards(services)[one][0] == "posted"


def test_a_week_later_there_is_room_for_what_was_held_back(
    services: Services, clock: Clock
) -> None:
    hears(services, budget=1)
    first, second, third, fourth = tell(services, 100, 80, 70, 60)
    with services.database.write() as session:
        for number, about in ((second, "acknowledged_by"), (third, "assignee")):
            found = session.get(Problem, number)
            assert found is not None
            setattr(found, about, "U7")
            session.add(found)
    clock.at += 7 * DAY - timedelta(seconds=1)
    tend_alerts(services, ours)
    assert spend_what_is_left(services) == 0
    clock.at += timedelta(seconds=1)
    assert spend_what_is_left(services) == 1
    assert posted(services) == [first, fourth], "on the others somebody acts"
    assert spend_what_is_left(services) == 0


def test_what_came_at_night_comes_in_the_morning_the_most_valuable_first(
    services: Services, clock: Clock
) -> None:
    clock.at = datetime(2026, 3, 4, 22, tzinfo=UTC)  # 23:00 in Berlin
    hears(services, budget=2, timezone="Europe/Berlin", **NIGHT)
    low, middle = tell(services, 1, 50)
    clock.at += HOUR
    [over] = tell(services, 500)
    [best] = tell(services, 100)
    with services.database.write() as session:
        found = session.get(Problem, over)
        assert found is not None
        found.state = "solved"
        session.add(found)
    clock.at = datetime(2026, 3, 5, 6, 59, 59, tzinfo=UTC)
    tend_alerts(services, ours)
    assert posted(services) == []
    clock.at += timedelta(seconds=1)
    tend_alerts(services, ours)

    assert cards(services) == {
        best: ("posted", "value"),
        middle: ("posted", "value"),
        low: ("held", "budget"),
        over: ("held", "over"),
    }
    assert tend_alerts(services, ours) == 0


def test_a_chinese_make_up_saturday_is_no_quiet_day(
    services: Services, clock: Clock
) -> None:
    about: dict[str, Any] = NIGHT | {"timezone": "Asia/Shanghai"}
    hears(services, "C1", holidays="CN", **about)
    hears(services, "C2", holidays="weekend", **about)
    clock.at = datetime(2026, 2, 14, 4, tzinfo=UTC)  # before the Spring Festival
    [one] = tell(services, 5)
    assert cards(services, "C1")[one] == ("posted", "value")
    assert cards(services, "C2")[one] == ("waiting", "quiet")
    clock.at = datetime(2026, 2, 18, 4, tzinfo=UTC)  # a Wednesday of the festival
    [two] = tell(services, 5)
    assert cards(services, "C1")[two] == ("waiting", "quiet")
    assert cards(services, "C2")[two] == ("posted", "value")


@pytest.mark.parametrize(
    ("scope", "heard"),
    [
        ({}, {"ann", "bob", "industry"}),
        ({"owners": ["UANN"]}, {"ann"}),
        ({"regions": ["north"]}, {"ann"}),
        ({"classes": ["D"]}, {"bob", "industry"}),
        ({"causes": ["limit", "concentration"]}, {"bob", "industry"}),
        ({"minimum": "2000"}, {"bob", "industry"}),
    ],
)
def test_a_place_hears_of_what_it_chose(
    services: Services, scope: dict[str, Any], heard: set[str]
) -> None:
    person(services, "UANN", name="Ann Smith", email="ann@x.test")
    hears(services, scope=scope)
    with services.database.write() as session:
        at = services.now()
        ann = customer(session, "1", at, owner="ANN@x.test", region="North")
        bob = customer(session, "2", at, owner="bob", region="South")
        made = {
            "ann": problem(session, at, 100, ann),
            "bob": problem(session, at, 200, bob, cause="limit", risk_class="D"),
            "industry": problem(
                session,
                at,
                0,
                subject="industry:textiles",
                cause="concentration",
                risk_class=None,
            ),
        }
        put(services, session, list(made.values()))
        named = {one.id: name for name, one in made.items()}
    assert {named[number] for number in cards(services)} == heard


def test_threads_and_people_are_places_too(services: Services) -> None:
    hears(services, "C1/1700000000.000100")
    hears(services, "UANN")
    tell(services, 5)
    with services.database.read() as session:
        owed = in_order(session, OutboxMessage)
    assert {(one.channel, one.thread_ts) for one in owed} == {
        ("C1", "1700000000.000100"),
        ("UANN", None),
    }


@pytest.mark.parametrize("state", ["paused", "off", "broken"])
def test_a_place_that_is_not_on_hears_nothing(services: Services, state: str) -> None:
    hears(services, state=state)
    tell(services, 5)
    assert cards(services) == {}


def test_a_rule_that_may_not_interrupt_leaves_it_to_the_digest(
    services: Services,
) -> None:
    hears(services)
    [one] = tell(services, 5, interrupts=False)
    assert cards(services)[one] == ("held", "digest_only")


def test_what_is_snoozed_is_held_until_it_is_woken(
    services: Services, clock: Clock
) -> None:
    hears(services)
    [one] = tell(services, 5, snoozed_until=clock.at + DAY)
    assert cards(services)[one] == ("held", "snoozed")
    clock.at += DAY
    tell_again(services, one, kind="woken", snoozed_until=None)
    assert posted(services) == [one]


def test_nothing_is_posted_before_somebody_looked_at_who_reads_there(
    services: Services,
) -> None:
    hears(services, readers_checked_at=None)
    [one, grave] = [*tell(services, 5), *tell(services, 5, risk_class="E")]
    assert set(cards(services).values()) == {("waiting", "readers")}
    tend_alerts(services, lambda _: "unsure")
    assert posted(services) == []
    tend_alerts(services, ours)
    assert set(posted(services)) == {one, grave}


def test_a_place_that_outsiders_read_is_stopped_and_its_maker_told_once(
    services: Services,
) -> None:
    hears(services, "C1/1700000000.000100", readers_checked_at=None)
    tell(services, 5)
    tend_alerts(services, outsiders)
    tend_alerts(services, outsiders)

    with services.database.read() as session:
        [word] = session.exec(select(OutboxMessage)).all()
        [kept] = session.exec(select(AlertChannel)).all()
    assert (kept.state, kept.trouble) == ("broken", "outsiders")
    assert word.channel == "U1"
    assert "Guests or people of another company" in str(word.blocks)


def test_readers_are_looked_at_before_the_last_look_is_too_old(
    services: Services, clock: Clock
) -> None:
    hears(services, readers_checked_at=clock.at)
    asked: list[str] = []

    def readers_of(channel: str) -> str:
        asked.append(channel)
        return "ours"

    for _ in range(24):
        tend_alerts(services, readers_of)
        [one] = tell(services, 500, risk_class="E")
        assert cards(services)[one][0] == "posted"
        clock.at += HOUR
    assert len(asked) == 4


def test_two_sweeps_at_once_do_not_spend_more_than_there_is(
    services: Services,
) -> None:
    hears(services, budget=5)
    with services.database.write() as session:
        made = [problem(session, services.now(), n) for n in range(24)]
        ids = [one.id for one in made]

    def sweep(n: int) -> None:
        with services.database.write() as session:
            found = [session.get_one(Problem, i) for i in ids[n * 6 : n * 6 + 6]]
            put(services, session, found)

    with ThreadPoolExecutor(4) as replicas:
        list(replicas.map(sweep, range(4)))
    states = [state for state, _ in cards(services).values()]
    assert (len(states), states.count("posted")) == (24, 5)


def test_two_replicas_open_a_place_once(services: Services, clock: Clock) -> None:
    clock.at = datetime(2026, 3, 4, 23, tzinfo=UTC)
    hears(services, budget=5, **NIGHT)
    tell(services, *range(10))
    clock.at = datetime(2026, 3, 5, 8, tzinfo=UTC)
    with ThreadPoolExecutor(3) as replicas:
        list(replicas.map(lambda _: tend_alerts(services, ours), range(3)))
    assert len(posted(services)) == 5


def watch(services: Services, slack_id: str, whose: int, *causes: str) -> None:
    with services.database.write() as session:
        session.add(
            Watch(
                slack_id=slack_id,
                customer_id=whose,
                causes=list(causes),
                created_at=services.now(),
            )
        )


def test_who_watches_a_customer_hears_of_it_when_their_day_begins(
    services: Services, clock: Clock
) -> None:
    person(services, "UANN", timezone="America/New_York")
    person(services, "UBOB", guest=True)
    person(services, "UCY", timezone="UTC")
    with services.database.write() as session:
        whose = customer(session, "1", services.now())
    watch(services, "UANN", whose)
    watch(services, "UBOB", whose)
    watch(services, "UCY", whose, "limit")
    [one] = tell(services, 5, whose=whose)

    assert cards(services, "UANN")[one] == ("posted", "watched")
    assert cards(services, "UBOB") == cards(services, "UCY") == {}
    with services.database.read() as session:
        [owed] = session.exec(select(OutboxMessage)).all()
    assert owed.channel == "UANN"
    assert owed.not_before == datetime(2026, 3, 4, 13, tzinfo=UTC)
    tell_again(services, one, value=Decimal(50))
    with services.database.read() as session:
        assert len(session.exec(select(OutboxMessage)).all()) == 1


def test_who_watches_and_has_alerts_of_their_own_hears_once(
    services: Services,
) -> None:
    person(services, "UANN")
    hears(services, "UANN", budget=0)
    with services.database.write() as session:
        whose = customer(session, "1", services.now())
    watch(services, "UANN", whose)
    [one] = tell(services, 5, whose=whose)
    tell_again(services, one, value=Decimal(50))
    assert cards(services, "UANN") == {one: ("posted", "watched")}
    assert len(posted(services, "UANN")) == 1


def test_a_rule_being_tried_is_heard_of_in_its_test_channel_alone(
    services: Services,
) -> None:
    hears(services)
    at = services.now()
    with services.database.write() as session:
        session.add(
            OwnRule(
                name="big",
                title="Big",
                expression="true",
                state="shadow",
                test_channel="CTEST",
                author="U7",
                created_at=at,
                changed_at=at,
                changed_by="U7",
            )
        )
        made = problem(session, at, 5, shadow=True, cause="own", rule="own:big")
        put(services, session, [made])
    assert cards(services) == {}
    assert list(cards(services, "CTEST").values()) == [("waiting", "readers")]
    tend_alerts(services, ours)
    assert list(cards(services, "CTEST").values()) == [("posted", "shadow")]


def test_a_channel_that_slack_has_lost_hears_no_more(
    services: Services, slack: FakeSlack
) -> None:
    hears(services)
    hears(services, "C1/1700000000.000100")
    hears(services, "C2")
    tell(services, 5)
    with services.database.write() as session:
        for message in in_order(session, OutboxMessage):
            if message.channel == "C2":
                session.delete(message)
    slack.faults.append(
        lambda name, call: (
            {"ok": False, "error": "is_archived"}
            if (name, call.get("channel")) == ("chat.postMessage", "C1")
            else True
        )
    )
    deliver(services, SlackPost("xoxb-test", slack.url, services.now), by="test")

    with services.database.read() as session:
        states = {
            one.place: (one.state, one.trouble)
            for one in session.exec(select(AlertChannel))
        }
        words = [
            one
            for one in in_order(session, OutboxMessage)
            if one.key.startswith("alerts-stopped:")
        ]
    assert states == {
        "C1": ("broken", "is_archived"),
        "C1/1700000000.000100": ("broken", "is_archived"),
        "C2": ("on", None),
    }
    assert len(words) == 2
    assert "was archived" in str(words[0].blocks)


@pytest.mark.parametrize("seed", range(3))
def test_over_weeks_everything_is_posted_or_told_of_once_and_no_week_is_overspent(
    services: Services, clock: Clock, seed: int
) -> None:
    random = Random(seed)
    hears(services, budget=3, holidays="weekend", timezone="Europe/Berlin", **NIGHT)
    schedule(services, timezone="Europe/Berlin")
    came = []
    for step in range(7 * 7):
        clock.at += timedelta(hours=random.choice([2, 5, 9]))
        count = random.choice([0, 0, 1, 1, 4]) if step < 7 * 5 else 0
        values = [int(random.lognormvariate(7, 1.5)) for _ in range(count)]
        came += tell(services, *values)
        tend_alerts(services, ours)
        spend_what_is_left(services)
        owe_digests(services, ours)

    with services.database.read() as session:
        kept = session.exec(select(ProblemCard)).all()
    assert sorted(one.problem_id for one in kept) == sorted(came)
    for one in kept:
        assert (one.state == "posted") != (one.told_at is not None)
    times = sorted(one.decided_at for one in kept if one.state == "posted")
    assert times
    for moment in times:
        week = [t for t in times if moment - 7 * DAY < t <= moment]
        assert len(week) <= 3
        local = moment.astimezone(ZoneInfo("Europe/Berlin"))
        assert local.isoweekday() <= 5
        assert 8 <= local.hour < 19
