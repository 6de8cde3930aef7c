"""Pages, cursors, scopes and refusals of the other methods, family by family."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from sandbox.client import Workspace
from sandbox.server import Workspace as Space
from tests.sandbox.conftest import configured, manifest, serving
from tests.sandbox.test_protocol import refused

Json = dict[str, Any]
Calls = Callable[[WebClient], Any]


def test_lists_come_in_pages_each_thing_once(web: WebClient) -> None:
    for method, name in (
        ("users.list", "members"),
        ("conversations.list", "channels"),
        ("users.conversations", "channels"),
    ):
        seen: list[str] = []
        cursor, pages = "", 0
        while True:
            page = web.api_call(method, params={"limit": 2, "cursor": cursor})
            seen += [thing["id"] for thing in page[name]]
            pages += 1
            cursor = page["response_metadata"]["next_cursor"]
            if not cursor:
                break
        assert len(seen) == len(set(seen)), method
        assert pages == -(-len(seen) // 2), method
    members = web.conversations_members(channel="C0GEN", limit=1)
    assert len(members["members"]) == 1
    assert members["response_metadata"]["next_cursor"]
    wrong = refused(lambda: web.users_list(limit=0))
    assert wrong["error"] == "invalid_limit"


def test_a_thread_is_read_from_its_root_on(web: WebClient) -> None:
    root = web.chat_postMessage(channel="C0GEN", text="root")["ts"]
    for number in range(5):
        web.chat_postMessage(channel="C0GEN", text=f"r{number}", thread_ts=root)
    texts: list[str] = []
    for page in web.conversations_replies(channel="C0GEN", ts=root, limit=4):
        texts += [message["text"] for message in page["messages"]]
    assert texts == ["root", "r0", "r1", "r2", "r3", "r4"]
    [first] = web.conversations_history(channel="C0GEN")["messages"]
    assert first["reply_count"] == 5
    gone = refused(lambda: web.conversations_replies(channel="C0GEN", ts="1.000001"))
    assert gone["error"] == "thread_not_found"


def test_history_between_two_moments(web: WebClient) -> None:
    stamps = [
        str(web.chat_postMessage(channel="C0GEN", text=f"n{n}")["ts"]) for n in range(4)
    ]

    def texts(**about: Any) -> list[str]:
        found = web.conversations_history(channel="C0GEN", **about)["messages"]
        return [message["text"] for message in found]

    assert texts(oldest=stamps[1], latest=stamps[3]) == ["n2"]
    assert texts(oldest=stamps[1], latest=stamps[3], inclusive=True) == [
        "n3",
        "n2",
        "n1",
    ]


REFUSALS: list[tuple[str, Calls, str]] = [
    (
        "ephemeral to a stranger",
        lambda w: w.chat_postEphemeral(channel="C0GEN", user="U0GUY", text="x"),
        "user_not_in_channel",
    ),
    (
        "no text",
        lambda w: w.api_call("chat.postMessage", json={"channel": "C0GEN"}),
        "no_text",
    ),
    (
        "a long text",
        lambda w: w.chat_postMessage(channel="C0GEN", text="x" * 40_001),
        "msg_too_long",
    ),
    (
        "a thread that is not",
        lambda w: w.chat_postMessage(channel="C0GEN", text="x", thread_ts="1.000001"),
        "thread_not_found",
    ),
    (
        "a message that is not",
        lambda w: w.chat_update(channel="C0GEN", ts="1.000001", text="x"),
        "message_not_found",
    ),
    (
        "history elsewhere",
        lambda w: w.conversations_history(channel="C0ALONE"),
        "not_in_channel",
    ),
    ("nobody", lambda w: w.users_info(user="U0NONE"), "user_not_found"),
    (
        "no such address",
        lambda w: w.users_lookupByEmail(email="x@y.example"),
        "users_not_found",
    ),
    (
        "a reaction that is not",
        lambda w: w.reactions_remove(channel="C0GEN", timestamp="1.1", name="eyes"),
        "message_not_found",
    ),
    (
        "the past",
        lambda w: w.chat_scheduleMessage(channel="C0GEN", text="x", post_at=1),
        "time_in_past",
    ),
    (
        "far away",
        lambda w: w.chat_scheduleMessage(channel="C0GEN", text="x", post_at=9**11),
        "time_too_far",
    ),
    (
        "metadata without a type",
        lambda w: w.chat_postMessage(
            channel="C0GEN", text="x", metadata={"event_payload": {}}
        ),
        "invalid_metadata_format",
    ),
    (
        "a name that is taken",
        lambda w: w.conversations_create(name="general"),
        "name_taken",
    ),
    (
        "a file that is not",
        lambda w: w.files_info(file="F0"),
        "file_not_found",
    ),
    (
        "upload of nothing",
        lambda w: w.files_getUploadURLExternal(filename="a", length=0),
        "invalid_arguments",
    ),
]


@pytest.mark.parametrize(
    ("call", "error"), [r[1:] for r in REFUSALS], ids=[r[0] for r in REFUSALS]
)
def test_what_slack_refuses_is_refused_by_its_name(
    web: WebClient, call: Calls, error: str
) -> None:
    assert refused(lambda: call(web))["error"] == error


@pytest.mark.parametrize(
    ("method", "arguments", "needed"),
    [
        ("conversations.info", {"channel": "C0GEN"}, "channels:read"),
        ("conversations.history", {"channel": "C0GEN"}, "channels:history"),
        ("conversations.list", {"types": "private_channel"}, "groups:read"),
        ("reactions.add", {"channel": "C0GEN", "name": "x"}, "reactions:write"),
        ("files.info", {"file": "F0"}, "files:read"),
        ("users.lookupByEmail", {"email": "a@b"}, "users:read.email"),
        ("conversations.open", {"users": "U0ANN"}, "im:write"),
        ("chat.unfurl", {"channel": "C0GEN"}, "links:write"),
        ("team.info", {}, "team:read"),
    ],
)
def test_each_method_names_the_scope_it_lacks(
    method: str, arguments: Json, needed: str
) -> None:
    bare = manifest()
    bare["oauth_config"]["scopes"]["bot"] = ["chat:write"]
    with serving(configured(manifest=bare)) as space:
        web = WebClient("xoxb-echo", base_url=f"{space.world.url}/api/")
        body = refused(lambda: web.api_call(method, params=arguments))
    assert (body["error"], body["needed"]) == ("missing_scope", needed)


def test_scheduled_messages_are_listed_and_forgotten(
    web: WebClient, workspace: Workspace
) -> None:
    at = int(workspace.do("now")["time"]) + 60
    metadata = {"event_type": "later", "event_payload": {"id": 1}}
    ids = [
        str(
            web.chat_scheduleMessage(
                channel="C0GEN", text=f"s{n}", post_at=at + n, metadata=metadata
            )["scheduled_message_id"]
        )
        for n in range(3)
    ]
    web.chat_deleteScheduledMessage(channel="C0GEN", scheduled_message_id=ids[0])
    listed = web.chat_scheduledMessages_list(channel="C0GEN")["scheduled_messages"]
    assert [message["id"] for message in listed] == ids[1:]
    workspace.do("clock", seconds=100)
    ann = workspace.user("ann", "general")
    ann.sees("s2")
    ann.never_sees("s0")
    found = web.conversations_history(channel="C0GEN", include_all_metadata=True)
    assert {m["metadata"]["event_type"] for m in found["messages"]} == {"later"}
    assert web.chat_scheduledMessages_list()["scheduled_messages"] == []


def test_a_file_goes_up_in_two_steps_and_only_those_who_may_get_it(
    space: Space, http: httpx.Client, web: WebClient, workspace: Workspace
) -> None:
    step = web.files_getUploadURLExternal(filename="a.csv", length=4)
    early = refused(
        lambda: web.files_completeUploadExternal(files=[{"id": step["file_id"]}])
    )
    assert early["error"] == "file_update_failed"
    http.post(str(step["upload_url"]), content=b"a,b\n")
    done = web.files_completeUploadExternal(
        files=[{"id": step["file_id"], "title": "Figures"}],
        channel_id="C0GEN",
        initial_comment="here",
    )
    [file] = done["files"]
    assert (file["title"], file["size"]) == ("Figures", 4)
    again = refused(
        lambda: web.files_completeUploadExternal(files=[{"id": step["file_id"]}])
    )
    assert again["error"] == "file_not_found"
    url = file["url_private_download"]
    got = http.get(url, headers={"Authorization": "Bearer xoxb-echo"})
    assert got.content == b"a,b\n"
    assert http.get(url).status_code == 404
    wrong = {"Authorization": "Bearer xoxb-wrong"}
    assert http.get(url, headers=wrong).status_code == 404
    alone = workspace.user("ann", "alone").uploads("own.txt", "mine")
    assert refused(lambda: web.files_info(file=alone))["error"] == "file_not_found"
    workspace.user("ann", "general").sees("here")
    assert space.world.files[file["id"]].shares == {"C0GEN": [*_stamps(web)]}


def _stamps(web: WebClient) -> list[str]:
    found = web.conversations_history(channel="C0GEN")["messages"]
    return [message["ts"] for message in found if message.get("files")]


def test_blocks_too_deep_to_be_blocks_are_no_json(
    space: Space, http: httpx.Client
) -> None:
    deep: Any = {}
    for _ in range(400):
        deep = {"call": [deep]}
    blocks = [{"type": "call", "call_id": "x", "call": deep}]
    answer = http.post(
        f"{space.world.url}/api/chat.postMessage",
        headers={
            "Authorization": "Bearer xoxb-echo",
            "Content-Type": "application/json",
        },
        content=json.dumps({"channel": "C0GEN", "blocks": blocks}),
    )
    assert answer.json()["error"] == "invalid_json"
