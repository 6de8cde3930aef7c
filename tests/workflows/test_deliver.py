"""Each message reaches Slack once as readers see it, whatever goes wrong on the way."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlmodel import select

from bot.slack import SlackPost
from storage import outbox
from storage.tables import OutboxMessage
from tests.conftest import Clock
from tests.fake_slack import FakeSlack
from workflows.deliver import GIVE_UP_AFTER, deliver, recover
from workflows.services import Services

WORDS = [{"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}]
CHART = {"type": "data_visualization", "title": "t", "chart": {"type": "pie"}}


@pytest.fixture
def post(services: Services, slack: FakeSlack) -> SlackPost:
    return SlackPost("xoxb-test", slack.url, services.now)


def owe(services: Services, key: str, channel: str = "C1", **more: Any) -> None:
    said: dict[str, Any] = {"text": key, "blocks": WORDS} | more
    with services.database.write() as session:
        outbox.put(session, key=key, channel=channel, at=services.now(), **said)


def row(services: Services, key: str) -> OutboxMessage:
    with services.database.read() as session:
        return session.exec(select(OutboxMessage).where(OutboxMessage.key == key)).one()


def once(
    method: str, answer: dict[str, Any] | None
) -> Callable[[str, dict[str, Any]], Any]:
    """Return a fault that meets the first call of `method` only."""
    left = [answer]
    return lambda name, _: left.pop() if name == method and left else True


def taken_then_cut(slack: FakeSlack) -> Callable[[str, dict[str, Any]], Any]:
    """Return a fault: Slack takes the first post, and the line goes dead."""
    left = [1]

    def fault(name: str, body: dict[str, Any]) -> Any:
        if name != "chat.postMessage" or not left:
            return True
        left.pop()
        slack.effect(name, body)
        return None

    return fault


def test_a_message_is_posted_with_its_key_and_its_timestamp_kept(
    services: Services, slack: FakeSlack, post: SlackPost
) -> None:
    owe(services, "a")

    assert deliver(services, post, by="w") == 1
    assert deliver(services, post, by="w") == 0
    assert slack.posts[0]["metadata"]["event_payload"] == {"key": "a"}
    kept = row(services, "a")
    assert (kept.state, kept.slack_ts) == ("sent", slack.posts[0]["ts"])


def test_a_post_whose_answer_is_lost_is_looked_up_not_sent_again(
    services: Services, slack: FakeSlack, post: SlackPost, clock: Clock
) -> None:
    slack.faults.append(taken_then_cut(slack))
    owe(services, "a")

    assert deliver(services, post, by="w") == 0
    clock.at += timedelta(seconds=5)
    assert deliver(services, post, by="w") == 1
    assert len(slack.posts) == 1
    assert row(services, "a").slack_ts == slack.posts[0]["ts"]


def test_a_reply_in_a_thread_is_looked_up_in_the_thread(
    services: Services, slack: FakeSlack, post: SlackPost, clock: Clock
) -> None:
    slack.faults.append(taken_then_cut(slack))
    owe(services, "a", thread_ts="17.1")
    deliver(services, post, by="w")
    clock.at += timedelta(seconds=5)

    assert deliver(services, post, by="w") == 1
    assert len(slack.posts) == 1
    assert slack.called("conversations.replies")[0]["ts"] == "17.1"


@pytest.mark.parametrize("stands", [True, False])
def test_a_worker_that_died_in_mid_call_is_made_up_for(
    services: Services,
    slack: FakeSlack,
    post: SlackPost,
    clock: Clock,
    stands: bool,
) -> None:
    owe(services, "a")
    with services.database.write() as session:
        dead = outbox.claim(session, at=clock.at, by="dead")
    assert dead
    if stands:
        post.send(dead, None)

    assert recover(services) == 0, "it may be at work yet"
    clock.at += timedelta(minutes=3)
    assert recover(services) == 1
    assert deliver(services, post, by="w") == 1
    assert len(slack.posts) == 1


def test_429_is_waited_out_in_its_channel_alone(
    services: Services, slack: FakeSlack, post: SlackPost, clock: Clock
) -> None:
    limit = {"status": 429, "headers": {"Retry-After": "30"}, "ok": False}
    slack.faults.append(once("chat.postMessage", limit | {"error": "ratelimited"}))
    owe(services, "a")
    owe(services, "b")
    owe(services, "c", channel="C2")

    assert deliver(services, post, by="w") == 1
    clock.at += timedelta(seconds=29)
    assert deliver(services, post, by="w") == 0
    clock.at += timedelta(seconds=1)
    assert deliver(services, post, by="w") == 1
    assert [p["text"] for p in slack.posts] == ["c", "b"]
    assert slack.called("conversations.history") == [], "nothing was in doubt"


@pytest.mark.parametrize("status", [500, 503])
def test_a_fault_of_slacks_is_tried_again_ever_later(
    services: Services,
    slack: FakeSlack,
    post: SlackPost,
    clock: Clock,
    status: int,
) -> None:
    slack.faults.append(
        lambda name, _: {"status": status} if name == "chat.postMessage" else True
    )
    owe(services, "a")
    waits = []
    for _ in range(4):
        deliver(services, post, by="w")
        kept = row(services, "a")
        waits.append((kept.not_before - clock.at).total_seconds())
        clock.at = kept.not_before

    assert waits == [2, 4, 8, 16]
    slack.faults.clear()
    assert deliver(services, post, by="w") == 1
    assert row(services, "a").attempts == 5


def test_what_fails_for_a_day_is_given_up_with_its_reason(
    services: Services, slack: FakeSlack, post: SlackPost, clock: Clock
) -> None:
    slack.faults.append(lambda *_: {"ok": False, "error": "invalid_auth"})
    owe(services, "a")
    deliver(services, post, by="w")
    assert row(services, "a").state == "pending"

    clock.at += GIVE_UP_AFTER + timedelta(minutes=1)
    deliver(services, post, by="w")
    kept = row(services, "a")
    assert (kept.state, kept.error) == ("failed", "gave_up: invalid_auth")


def test_what_slack_refuses_fails_with_slacks_name_for_it_and_its_thread_too(
    services: Services, slack: FakeSlack, post: SlackPost, clock: Clock
) -> None:
    slack.faults.append(
        once("chat.postMessage", {"ok": False, "error": "msg_too_long"})
    )
    owe(services, "a")
    owe(services, "a/2", thread_key="a")

    deliver(services, post, by="w")
    clock.at += timedelta(seconds=1)
    deliver(services, post, by="w")
    assert row(services, "a").error == "msg_too_long"
    assert row(services, "a/2").error == "parent_failed"
    assert slack.posts == []


def test_a_thread_follows_its_first_message_in_order(
    services: Services, slack: FakeSlack, post: SlackPost, clock: Clock
) -> None:
    owe(services, "a/1", thread_key="a")
    owe(services, "a/2", thread_key="a")
    owe(services, "a")
    slack.faults.append(
        lambda _, body: (
            {"status": 500}
            if body.get("text") == "a/1" and len(slack.calls) < 4
            else True
        )
    )

    for _ in range(20):
        deliver(services, post, by="w")
        clock.at += timedelta(seconds=1)
    assert [p["text"] for p in slack.posts] == ["a", "a/1", "a/2"]
    assert {p.get("thread_ts") for p in slack.posts[1:]} == {slack.posts[0]["ts"]}


def test_a_channel_gets_a_message_a_second(
    services: Services, slack: FakeSlack, post: SlackPost, clock: Clock
) -> None:
    for number in range(3):
        owe(services, f"a{number}")

    counts = []
    for _ in range(6):
        counts.append(deliver(services, post, by="w"))
        clock.at += timedelta(seconds=0.5)
    assert counts == [1, 0, 1, 0, 1, 0]


def test_a_workspace_that_knows_no_charts_gets_the_words_and_is_remembered(
    services: Services, slack: FakeSlack, post: SlackPost, clock: Clock
) -> None:
    slack.faults.append(
        lambda _, body: (
            {"ok": False, "error": "invalid_blocks"}
            if "data_visualization" in json.dumps(body)
            else True
        )
    )
    for key in ("a", "b"):
        owe(services, key, blocks=[*WORDS, CHART])
        deliver(services, post, by="w")
        clock.at += timedelta(seconds=1)

    assert [p["blocks"] for p in slack.posts] == [WORDS, WORDS]
    assert len(slack.called("chat.postMessage")) == 3, "the second needed no trial"


def test_blocks_that_slack_refuses_anyway_are_a_failure(
    services: Services, slack: FakeSlack, post: SlackPost
) -> None:
    slack.faults.append(lambda *_: {"ok": False, "error": "invalid_blocks"})
    owe(services, "a", blocks=[*WORDS, CHART])

    deliver(services, post, by="w")
    assert row(services, "a").error == "invalid_blocks"


def test_private_answers_and_updates_use_their_own_methods(
    services: Services, slack: FakeSlack, post: SlackPost, clock: Clock
) -> None:
    owe(services, "card")
    owe(services, "card/v2", method="update", thread_key="card")
    owe(services, "psst", channel="C2", method="ephemeral", user="U1")
    for _ in range(3):
        deliver(services, post, by="w")
        clock.at += timedelta(seconds=1)

    [update] = slack.called("chat.update")
    assert (update["ts"], update["text"]) == (slack.posts[0]["ts"], "card/v2")
    [private] = slack.called("chat.postEphemeral")
    assert private["user"] == "U1"


def test_a_server_without_a_history_is_sent_to_again_and_logged_once(
    services: Services,
    slack: FakeSlack,
    post: SlackPost,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    slack.faults += [
        once("chat.postMessage", {"status": 500}),
        lambda name, _: (
            {"ok": False, "error": "unknown_method"}
            if name == "conversations.history"
            else True
        ),
    ]
    owe(services, "a")
    deliver(services, post, by="w")
    clock.at += timedelta(seconds=5)

    assert deliver(services, post, by="w") == 1
    assert [r.message for r in caplog.records].count("slack.no_lookup") == 1


def test_replicas_never_send_a_message_twice_nor_a_channel_too_fast(
    services: Services, slack: FakeSlack, post: SlackPost
) -> None:
    for number in range(20):
        owe(services, f"k{number}", channel=f"C{number % 10}")

    with ThreadPoolExecutor(4) as workers:
        counts = list(
            workers.map(lambda n: deliver(services, post, by=f"w{n}"), range(4))
        )

    assert sum(counts) == 10, "the clock stands: one a channel"
    assert len({p["channel"] for p in slack.posts}) == 10


def test_the_sdks_own_retry_would_post_twice(slack: FakeSlack) -> None:
    """Why `SlackPost` turns retries off: this is slack_sdk's default."""
    slack.faults.append(taken_then_cut(slack))
    WebClient("xoxb-test", slack.url).chat_postMessage(channel="C1", text="hi")
    assert len(slack.posts) == 2
