"""The Web API and Socket Mode as Slack documents them, refusals and faults included."""

import json
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.client import Refusal, Workspace
from sandbox.server import Workspace as Space
from tests.sandbox.conftest import configured, manifest, serving
from tests.sandbox.test_chat import BUTTON, modal

Connect = Callable[[], App]


def refused(call: Callable[[], Any]) -> dict[str, Any]:
    """Return the body in which the Web API refuses a call."""
    with pytest.raises(SlackApiError) as caught:
        call()
    body: dict[str, Any] = caught.value.response.data
    return body


def until(true: Callable[[], object], seconds: float = 30) -> None:
    end = monotonic() + seconds
    while not true():
        assert monotonic() < end, "it never came"
        sleep(0.02)


# Refusals


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("xoxb-echo", "chat.nothing", "unknown_method"),
        ("xoxb-wrong", "auth.test", "invalid_auth"),
        ("xapp-echo", "auth.test", "not_allowed_token_type"),
        ("xoxb-echo", "apps.connections.open", "not_allowed_token_type"),
    ],
)
def test_who_may_call_what(space: Space, token: str, method: str, error: str) -> None:
    client = WebClient(token, base_url=f"{space.world.url}/api/")
    assert refused(lambda: client.api_call(method))["error"] == error


def test_no_token_is_not_authed(space: Space, http: httpx.Client) -> None:
    answer = http.post(f"{space.world.url}/api/auth.test")
    assert answer.json() == {"ok": False, "error": "not_authed"}


def test_scopes_come_from_the_manifest() -> None:
    bare = manifest()
    bare["oauth_config"]["scopes"]["bot"] = ["chat:write"]
    with serving(configured(manifest=bare)) as space:
        web = WebClient("xoxb-echo", base_url=f"{space.world.url}/api/")
        body = refused(lambda: web.users_info(user="U0ANN"))
    assert body["error"] == "missing_scope"
    assert (body["needed"], body["provided"]) == ("users:read", "chat:write")


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NONE", "channel_not_found"),
        ("C0ALONE", "not_in_channel"),
    ],
)
def test_where_a_bot_may_post(web: WebClient, channel: str, error: str) -> None:
    said = refused(lambda: web.chat_postMessage(channel=channel, text="x"))
    assert said["error"] == error


def test_an_archived_channel_takes_no_more(
    web: WebClient, workspace: Workspace
) -> None:
    workspace.do("archive", user="ann", channel="general")
    assert refused(lambda: web.chat_postMessage(channel="C0GEN", text="x"))[
        "error"
    ] == ("is_archived")


def test_blocks_slack_would_refuse_are_refused_with_the_path(web: WebClient) -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    body = refused(
        lambda: web.chat_postMessage(channel="C0GEN", text="x", blocks=[header])
    )
    assert body["error"] == "invalid_blocks"
    [said] = body["response_metadata"]["messages"]
    assert "json-pointer:/blocks/0/text" in said


def test_nobody_changes_anothers_message(web: WebClient, workspace: Workspace) -> None:
    said = workspace.user("ann", "general").types("mine")
    ts = said["ts"]
    assert refused(lambda: web.chat_update(channel="C0GEN", ts=ts, text="x"))[
        "error"
    ] == ("cant_update_message")
    assert refused(lambda: web.chat_delete(channel="C0GEN", ts=ts))["error"] == (
        "cant_delete_message"
    )


def test_a_reaction_twice_is_already_there(web: WebClient) -> None:
    ts = web.chat_postMessage(channel="C0GEN", text="x")["ts"]
    web.reactions_add(channel="C0GEN", timestamp=ts, name="eyes")
    again = refused(
        lambda: web.reactions_add(channel="C0GEN", timestamp=ts, name="eyes")
    )
    assert again["error"] == "already_reacted"


@pytest.mark.parametrize(
    ("content_type", "text", "error"),
    [
        ("application/json", "{", "invalid_json"),
        ("application/json", "[1]", "json_not_object"),
        ("text/html", "x", "invalid_post_type"),
    ],
)
def test_what_is_malformed_gets_slacks_error(
    space: Space, http: httpx.Client, content_type: str, text: str, error: str
) -> None:
    headers = {"Authorization": "Bearer xoxb-echo", "Content-Type": content_type}
    url = f"{space.world.url}/api/chat.postMessage"
    answer = http.post(url, content=text, headers=headers)
    assert answer.json()["error"] == error


# What is read back


def test_pages_follow_cursors_to_the_end(web: WebClient) -> None:
    for number in range(7):
        web.chat_postMessage(channel="C0GEN", text=f"n{number}")
    texts, more = [], []
    for page in web.conversations_history(channel="C0GEN", limit=3):
        texts += [message["text"] for message in page["messages"]]
        more.append(bool(page["has_more"]))
    assert texts == [f"n{n}" for n in reversed(range(7))]
    assert more == [True, True, False]
    wrong = refused(lambda: web.conversations_history(channel="C0GEN", cursor="no"))
    assert wrong["error"] == "invalid_cursor"


def test_metadata_comes_back_only_when_asked_for(web: WebClient) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"id": "k1"}}
    web.chat_postMessage(channel="C0GEN", text="x", metadata=metadata)
    [bare] = web.conversations_history(channel="C0GEN")["messages"]
    [full] = web.conversations_history(channel="C0GEN", include_all_metadata=True)[
        "messages"
    ]
    assert "metadata" not in bare
    assert full["metadata"] == metadata


def test_people_and_channels_say_what_a_bot_must_know(web: WebClient) -> None:
    bob = web.users_info(user="U0BOB", include_locale=True)["user"]
    assert (bob["locale"], bob["tz"]) == ("zh-CN", "Asia/Shanghai")
    assert "locale" not in web.users_info(user="U0BOB")["user"]
    assert web.users_info(user="U0GUY")["user"]["is_restricted"] is True
    shared = web.conversations_info(channel="C0SHARE")["channel"]
    assert shared["is_ext_shared"] is True
    assert shared["is_member"] is True


def test_a_scheduled_message_waits_for_the_clock(
    web: WebClient, workspace: Workspace
) -> None:
    at = int(workspace.do("now")["time"]) + 3600
    web.chat_scheduleMessage(channel="C0GEN", text="later", post_at=at)
    ann = workspace.user("ann", "general")
    ann.never_sees("later")
    workspace.do("clock", seconds=3601)
    ann.sees("later")


# Trigger ids, response URLs, acks


def test_a_trigger_opens_one_view_within_three_seconds(
    workspace: Workspace, bolt: App, connected: Connect, web: WebClient
) -> None:
    triggers: list[str] = []

    @bolt.command("/echo")
    def echo(ack: Ack, body: dict[str, Any]) -> None:
        triggers.append(body["trigger_id"])
        ack()

    connected()
    ann = workspace.user("ann", "general")
    ann.types("/echo")
    web.views_open(trigger_id=triggers[0], view=modal())
    again = refused(lambda: web.views_open(trigger_id=triggers[0], view=modal()))
    assert again["error"] == "exchanged_trigger_id"
    ann.types("/echo")
    workspace.do("clock", seconds=4)
    late = refused(lambda: web.views_open(trigger_id=triggers[1], view=modal()))
    assert late["error"] == "expired_trigger_id"


def test_a_response_url_works_five_times_within_half_an_hour(
    workspace: Workspace, bolt: App, connected: Connect
) -> None:
    answers: list[int] = []
    responds: list[Respond] = []

    @bolt.command("/echo")
    def echo(ack: Ack, respond: Respond) -> None:
        ack()
        responds.append(respond)

    connected()
    ann = workspace.user("ann", "general")
    ann.types("/echo")
    answers += [responds[0](text=f"r{n}").status_code for n in range(6)]
    assert answers == [200] * 5 + [404]
    assert ann.sees("r4").is_private, "ephemeral by default"
    ann.types("/echo")
    workspace.do("clock", seconds=31 * 60)
    assert responds[1](text="too late").status_code == 404


def test_what_is_not_acked_within_time_is_a_visible_error(
    workspace: Workspace, bolt: App, connected: Connect
) -> None:
    @bolt.command("/echo")
    def echo(ack: Ack) -> None:
        sleep(0.6)
        ack("too late")

    connected()
    workspace.do("rules", ack_seconds=0.2)
    ann = workspace.user("ann", "general")
    number = workspace.do("now")["number"]
    outcome = ann.types("/echo")
    assert outcome["error"] == "operation_timeout"
    told = workspace.do("wait", kind="error", user="ann", after=number)
    assert 'failed with the error "operation_timeout"' in told["data"]["text"]


# Events and sockets


def test_an_event_is_sent_again_with_the_same_id_until_it_is_acked(
    workspace: Workspace, bolt: App, connected: Connect
) -> None:
    heard: list[str] = []

    @bolt.event("app_mention")
    def mention(body: dict[str, Any]) -> None:
        heard.append(body["event_id"])

    connected()
    workspace.fault("drop_event", method="app_mention")
    workspace.user("ann", "general").types("hi @echo")
    workspace.do("clock", seconds=2)
    until(lambda: heard)

    workspace.fault("duplicate_event", method="app_mention")
    workspace.user("ann", "general").types("hi again @echo")
    until(lambda: len(heard) == 3)
    assert heard[1] == heard[2] != heard[0]


def test_a_dropped_socket_gets_what_it_missed_on_the_next(
    workspace: Workspace, bolt: App, connected: Connect
) -> None:
    heard: list[str] = []
    bolt.event("app_mention")(lambda event: heard.append(event["text"]))
    connected()
    workspace.do("disconnect", politely=True)
    workspace.user("ann", "general").types("hi @echo")
    until(lambda: heard)  # the SDK connects anew by itself


def test_signed_http_carries_commands_events_and_retries(
    by_http: tuple[Space, App, list[tuple[dict[str, str], str]]],
) -> None:
    space, app, seen = by_http
    heard: list[str] = []
    app.command("/echo")(lambda ack, body: ack(f"by http: {body['text']}"))
    app.event("app_mention")(lambda event: heard.append(event["text"]))
    workspace = Workspace(space.world.url)
    ann = workspace.user("ann", "general")

    assert ann.types("/echo hi")["ok"]
    ann.sees("by http: hi")
    assert seen[0][0]["x-slack-signature"].startswith("v0=")

    ann.types("boom @echo")
    workspace.do("clock", seconds=2)
    until(lambda: heard)
    mentions = [s for s in seen if "boom" in s[1] and '"app_mention"' in s[1]]
    tries = [headers for headers, _ in mentions]
    assert tries[1]["x-slack-retry-num"] == "1"
    assert tries[1]["x-slack-retry-reason"] == "http_error"
    assert len({json.loads(body)["event_id"] for _, body in mentions}) == 1
    workspace.close()


# Faults


def test_a_429_says_how_long_to_wait(workspace: Workspace, web: WebClient) -> None:
    workspace.fault("rate_limit", method="chat.postMessage", seconds=7)
    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel="C0GEN", text="x")
    response = caught.value.response
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "7"
    web.chat_postMessage(channel="C0GEN", text="x")


def test_one_message_a_second_is_a_switch(workspace: Workspace, web: WebClient) -> None:
    workspace.do("rules", one_message_a_second=True)
    web.chat_postMessage(channel="C0GEN", text="x")
    limited = refused(lambda: web.chat_postMessage(channel="C0GEN", text="y"))
    assert limited["error"] == "ratelimited"
    workspace.do("clock", seconds=1)
    web.chat_postMessage(channel="C0GEN", text="z")


@pytest.mark.parametrize(
    ("kind", "stands"),
    [
        ("error_before", False),
        ("error_after", True),
        ("cut_before", False),
        ("cut_after", True),
    ],
)
def test_a_call_fails_before_or_after_its_effect(
    space: Space, workspace: Workspace, kind: str, *, stands: bool
) -> None:
    web = WebClient("xoxb-echo", base_url=f"{space.world.url}/api/", retry_handlers=[])
    workspace.fault(kind, method="chat.postMessage")
    with pytest.raises((SlackApiError, OSError)):
        web.chat_postMessage(channel="C0GEN", text="did it stand?")
    seen = [m.words for m in workspace.user("ann", "general").messages()]
    assert ("did it stand?" in seen) is stands


def test_chance_with_a_seed_is_the_same_again(
    workspace: Workspace, web: WebClient
) -> None:
    def run() -> list[bool]:
        workspace.do("seed", seed=5)
        workspace.fault("error_before", method="auth.test", times=None, chance=0.5)
        went = []
        for _ in range(12):
            try:
                web.auth_test()
                went.append(True)
            except SlackApiError:
                went.append(False)
        workspace.do("calm")
        return went

    first = run()
    assert {True, False} == set(first)
    assert run() == first


def test_reset_brings_the_first_state_back(
    workspace: Workspace, web: WebClient
) -> None:
    web.chat_postMessage(channel="C0GEN", text="x", blocks=[BUTTON])
    workspace.do("clock", seconds=500)
    workspace.do("reset")
    assert workspace.user("ann", "general").messages() == []
    web.auth_test()


def test_nonsense_to_the_control_api_is_answered_plainly(workspace: Workspace) -> None:
    nonsense: list[tuple[str, dict[str, Any]]] = [
        ("nothing", {}),
        ("say", {}),
        ("say", {"user": "nobody", "channel": "general", "text": "x"}),
        ("click", {"user": "ann", "channel": "general", "name": "x"}),
        ("fault", {"kind": "earthquake"}),
        ("clock", {"seconds": -1}),
        ("wait", {"seconds": 0.01, "contains": "never"}),
    ]
    for verb, body in nonsense:
        with pytest.raises(Refusal):
            workspace.do(verb, **body)
