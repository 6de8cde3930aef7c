"""The delivery thread: woken at once, stopped without losing what is in hand."""

import threading
import time
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.delivery import Delivery
from bot.fetch import Fetcher
from bot.readers import Readers
from bot.schedule import build_schedule
from bot.slack import SlackPost
from storage import outbox
from templates.messages.base import Failure
from tests.conftest import Clock
from tests.fake_slack import FakeSlack
from tests.workflows.ledger import schedule, the_schedule
from workflows.deliver import deliver
from workflows.digest import owe_digests
from workflows.owe import owe_reply
from workflows.services import Services


@pytest.fixture
def wake() -> threading.Event:
    return threading.Event()


@pytest.fixture
def woken(services: Services, wake: threading.Event) -> Services:
    return replace(services, wake_delivery=wake.set)


def begin(services: Services, slack: FakeSlack, wake: threading.Event) -> Delivery:
    post = SlackPost("xoxb-test", slack.url, services.now)
    delivery = Delivery(services, post, wake)
    delivery.start()
    return delivery


def wait_for(condition: Any) -> None:
    until = time.monotonic() + 5
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    assert condition()


def test_an_answer_leaves_at_once_when_it_is_owed(
    woken: Services, slack: FakeSlack, wake: threading.Event
) -> None:
    delivery = begin(woken, slack, wake)
    began = time.monotonic()
    owe_reply(woken, Failure("x"), event_id="E", language="en", channel="D1")
    wait_for(lambda: slack.posts)

    assert time.monotonic() - began < 0.9, "it did not wait for the next poll"
    assert delivery.alive
    assert delivery.stop(5)


def test_stopping_finishes_what_is_in_hand_and_leaves_the_rest(
    woken: Services, slack: FakeSlack, wake: threading.Event
) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def slow(method: str, _: dict[str, Any]) -> bool:
        reached.set()
        return go_on.wait(5) or method != ""

    slack.faults.append(slow)
    for channel in ("C1", "C2"):
        event = f"E{channel}"
        owe_reply(woken, Failure("x"), event_id=event, language="en", channel=channel)
    delivery = begin(woken, slack, wake)
    assert reached.wait(5)
    stopped = threading.Thread(target=delivery.stop)
    stopped.start()
    go_on.set()
    stopped.join(5)

    assert not delivery.alive
    assert len(slack.posts) == 1
    with woken.database.write() as session:
        left = outbox.claim(session, at=woken.now(), by="next")
    assert left
    assert (left.channel, left.attempts) == ("C2", 1)


def test_a_fault_of_ours_stops_no_other_delivery(
    woken: Services,
    slack: FakeSlack,
    wake: threading.Event,
    caplog: pytest.LogCaptureFixture,
) -> None:
    owe_reply(woken, Failure("x"), event_id="E1", language="en", channel="C1")
    with woken.database.write() as session:
        broken: Any = [{"no": "type"}]
        outbox.put(
            session, key="bad", channel="C0", text="x", blocks=broken, at=woken.now()
        )
    delivery = begin(woken, slack, wake)
    wait_for(lambda: "delivery.failed" in caplog.text)
    owe_reply(woken, Failure("x"), event_id="E2", language="en", channel="C2")
    wait_for(lambda: len(slack.posts) == 2)

    assert delivery.stop(5)


def test_the_schedule_owes_digests_until_it_is_shut_down(
    services: Services, slack: FakeSlack
) -> None:
    fetch = Fetcher(WebClient(base_url=slack.url))
    scheduler = build_schedule(services, lambda _: "ours", fetch)
    jobs = {job.id: job for job in scheduler.get_jobs()}
    assert set(jobs) == {
        "owe_digests",
        "import_dropped",
        "sweep_touched",
        "sweep_due",
        "tend_alerts",
        "wake_snoozed",
        "spend_what_is_left",
        "judge_due",
        "preview_rules",
        "make_scores",
        "make_backtests",
        "remind_waiting",
        "watch_released",
        "recover",
        "forget_events",
        "drop_old_states",
    }
    schedule(services)
    jobs["owe_digests"].func(*jobs["owe_digests"].args)
    assert owe_digests(services, lambda _: "ours") == 0, "it is owed already"


@pytest.mark.parametrize(
    ("channel", "member", "readers"),
    [
        ({}, {}, "ours"),
        ({"is_archived": True}, {}, "is_archived"),
        ({"is_member": False}, {}, "not_in_channel"),
        ({"is_ext_shared": True}, {}, "outsiders"),
        ({}, {"is_restricted": True}, "outsiders"),
        ({}, {"is_ultra_restricted": True}, "outsiders"),
        ({}, {"is_stranger": True}, "outsiders"),
    ],
)
def test_who_reads_a_channel_is_what_slack_says(
    services: Services,
    slack: FakeSlack,
    channel: dict[str, Any],
    member: dict[str, Any],
    readers: str,
) -> None:
    slack.channels["C1"] = channel
    slack.users["U2"] = member

    assert Readers(services, WebClient("x", slack.url))("C1") == readers


@pytest.mark.parametrize(
    ("method", "error", "readers"),
    [
        ("conversations.info", "channel_not_found", "channel_not_found"),
        ("conversations.info", "unknown_method", "ours"),
        ("conversations.members", "unknown_method", "ours"),
        ("conversations.members", "fatal_error", "unsure"),
        ("users.info", "user_not_found", "unsure"),
    ],
)
def test_what_slack_cannot_say_is_not_taken_for_safe(
    services: Services, slack: FakeSlack, method: str, error: str, readers: str
) -> None:
    slack.users["U2"] = {}
    slack.faults.append(
        lambda name, _: {"ok": False, "error": error} if name == method else True
    )

    assert Readers(services, WebClient("x", slack.url))("C1") == readers


def test_a_channel_that_was_left_stops_its_digest_and_tells_its_creator_once(
    services: Services, slack: FakeSlack, clock: Clock
) -> None:
    slack.faults.append(
        lambda name, body: (
            {"ok": False, "error": "not_in_channel"}
            if name == "chat.postMessage" and body["channel"] == "C1"
            else True
        )
    )
    schedule(services)
    post = SlackPost("xoxb-test", slack.url, services.now)

    for _ in range(3):
        owe_digests(services, lambda _: "ours")
        deliver(services, post, by="w")
        clock.at = clock.at.replace(day=clock.at.day + 1)

    assert the_schedule(services).state == "broken"
    [told] = slack.posts
    assert told["channel"] == "U1"
    assert "/invite" in str(told["blocks"])
