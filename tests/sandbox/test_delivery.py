"""What reaches an app, by hand: sockets that break, URLs that fail, events again."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from websockets.sync.client import ClientConnection, connect

from sandbox.client import Workspace
from sandbox.server import Workspace as Space
from tests.sandbox.conftest import configured, manifest, serving
from tests.sandbox.test_protocol import refused, until

Json = dict[str, Any]
Seen = list[tuple[dict[str, str], str]]


@pytest.fixture
def sockets(space: Space) -> Iterator[Callable[[], ClientConnection]]:
    """Give what opens a bare socket for the app, past its hello."""
    opened = count(1)
    stack = ExitStack()
    client = WebClient("xapp-echo", base_url=f"{space.world.url}/api/")

    def connect_one() -> ClientConnection:
        url = client.apps_connections_open(app_token="xapp-echo")["url"]
        socket = stack.enter_context(connect(str(url), proxy=None))
        hello = heard(socket)
        assert hello["type"] == "hello"
        assert hello["num_connections"] == next(opened)
        return socket

    with stack:
        yield connect_one


def heard(socket: ClientConnection) -> Json:
    found: Json = json.loads(socket.recv(timeout=10))
    return found


def ack(socket: ClientConnection, envelope: Json, **payload: Any) -> None:
    body: Json = {"envelope_id": envelope["envelope_id"]}
    socket.send(json.dumps(body | ({"payload": payload} if payload else {})))


def silent(socket: ClientConnection, got: list[str] | None = None) -> bool:
    """Return whether nothing comes; what does is acked, its event's id kept."""
    try:
        envelope = json.loads(socket.recv(timeout=0.5))
    except TimeoutError:
        return True
    ack(socket, envelope)
    if got is not None:
        got.append(envelope["payload"]["event_id"])
    return False


def test_each_envelope_goes_to_one_of_the_connections(
    workspace: Workspace, sockets: Callable[[], ClientConnection]
) -> None:
    pair = [sockets(), sockets()]
    for number in range(4):
        workspace.user("ann", "general").types(f"hi @echo {number}")
    got: list[list[str]] = [[], []]
    for place, socket in enumerate(pair):
        while not silent(socket, got[place]):
            pass
    assert len(set(got[0] + got[1])) == len(got[0] + got[1]) == 8
    assert all(got), "both share the work"


def test_what_was_not_acked_comes_again_over_the_next_socket(
    workspace: Workspace, sockets: Callable[[], ClientConnection]
) -> None:
    pair = [sockets(), sockets()]
    workspace.user("ann").to("Echo").types("hello")
    carrier, lost = first_of(pair)
    pair[carrier].close()
    other = pair[1 - carrier]
    again = heard(other)
    assert again["envelope_id"] == lost["envelope_id"]
    assert again["payload"]["event_id"] == lost["payload"]["event_id"]
    assert again["type"] == "events_api"
    assert again["accepts_response_payload"] is False
    ack(other, again)
    assert silent(other)


def first_of(pair: list[ClientConnection]) -> tuple[int, Json]:
    """Return which of two sockets got the envelope, and the envelope."""
    for place in (0, 1, 0, 1):
        try:
            return place, json.loads(pair[place].recv(timeout=1))
        except TimeoutError:
            continue
    raise AssertionError("neither socket got it")


def test_a_socket_is_asked_to_go_before_it_is_closed(
    workspace: Workspace, sockets: Callable[[], ClientConnection]
) -> None:
    old, new = sockets(), sockets()
    workspace.do("disconnect", politely=True)
    for socket in (old, new):
        told = heard(socket)
        assert told["type"] == "disconnect"
        assert told["reason"] in {"warning", "refresh_requested"}


def test_an_ack_may_answer_where_slack_lets_it(
    workspace: Workspace, sockets: Callable[[], ClientConnection]
) -> None:
    socket = sockets()
    ann = workspace.user("ann", "general")
    number = workspace.do("now")["number"]
    answers: list[Json] = []

    def answer() -> None:
        envelope = heard(socket)
        answers.append(envelope)
        ack(socket, envelope, text="from the ack", response_type="in_channel")

    thread = threading.Thread(target=answer)
    thread.start()
    assert ann.types("/echo hi")["ok"]
    thread.join()
    assert answers[0]["type"] == "slash_commands"
    assert answers[0]["accepts_response_payload"] is True
    assert not ann.sees("from the ack").is_private
    workspace.do("wait", kind="message", after=number, contains="from the ack")


def test_a_ticket_opens_one_socket(space: Space) -> None:
    client = WebClient("xapp-echo", base_url=f"{space.world.url}/api/")
    url = str(client.apps_connections_open(app_token="xapp-echo")["url"])
    with connect(url, proxy=None) as socket:
        assert heard(socket)["type"] == "hello"
        with connect(url, proxy=None) as again, pytest.raises(Exception, match="1008"):
            again.recv(timeout=5)


def test_ten_sockets_and_no_more(
    space: Space, sockets: Callable[[], ClientConnection]
) -> None:
    for _ in range(10):
        sockets()
    client = WebClient("xapp-echo", base_url=f"{space.world.url}/api/")
    url = str(client.apps_connections_open(app_token="xapp-echo")["url"])
    with connect(url, proxy=None) as eleventh:
        assert heard(eleventh)["reason"] == "too_many_websockets"


# By HTTP


def test_a_url_is_verified_once_before_its_first_event(
    by_http: tuple[Space, App, Seen],
) -> None:
    space, app, seen = by_http
    texts: list[str] = []
    app.event("message")(lambda event: texts.append(event["text"]))
    app.event("app_mention")(lambda: None)
    workspace = Workspace(space.world.url)
    ann = workspace.user("ann", "general")
    ann.types("one @echo")
    until(lambda: texts)
    ann.types("two")
    until(lambda: len(texts) == 2)
    kinds = [json.loads(body)["type"] for _, body in seen]
    assert set(kinds) == {"url_verification", "event_callback"}
    assert kinds[0] == "url_verification"
    assert all("x-slack-signature" in headers for headers, _ in seen)
    ann.types("three")
    until(lambda: len(texts) == 3)
    assert kinds.count("url_verification") <= 2, "asked by the first events only"
    workspace.close()


@pytest.mark.parametrize(("word", "tries"), [("doom", 4), ("never", 1)])
def test_an_event_is_sent_again_three_times_unless_the_app_says_no(
    by_http: tuple[Space, App, Seen], word: str, tries: int
) -> None:
    space, _, seen = by_http
    workspace = Workspace(space.world.url)
    workspace.user("ann").to("Echo").types(word)

    def sent() -> list[tuple[dict[str, str], str]]:
        return [(headers, body) for headers, body in seen if word in body]

    def came(number: int, seconds: int) -> bool:
        # moved at every look: the next try is dated by when the last was answered,
        # which may be after the app was seen to get it
        workspace.do("clock", seconds=seconds)
        return len(sent()) >= min(number, tries)

    for number, seconds in enumerate((0, 2, 61, 301, 1_000), start=1):
        until(partial(came, number, seconds))
    assert len(sent()) == tries
    numbers = [headers.get("x-slack-retry-num") for headers, _ in sent()]
    assert numbers == [None, "1", "2", "3"][:tries]
    assert len({json.loads(body)["event_id"] for _, body in sent()}) == 1
    workspace.close()


# Events


def test_a_link_is_shared_and_unfurled(workspace: Workspace) -> None:
    known = manifest()
    known["features"]["unfurl_domains"] = ["crm.example"]
    known["oauth_config"]["scopes"]["bot"] += ["links:read", "links:write"]
    known["settings"]["event_subscriptions"]["bot_events"] += ["link_shared"]
    with serving(configured(manifest=known)) as space:
        own = Workspace(space.world.url)
        own.do("rules", ack_seconds=0.1)  # nobody listens
        web = WebClient("xoxb-echo", base_url=f"{space.world.url}/api/")
        url = "https://a.crm.example/c/1?x=2"
        said = own.user("ann", "general").types(f"see {url} and https://other.example")
        own.do("wait", kind="traffic", contains="link_shared", seconds=5)
        [event] = [
            entry["request"]["event"]
            for entry in own.do("traffic")["entries"]
            if entry["name"] == "link_shared"
        ]
        assert event["links"] == [{"url": url, "domain": "crm.example"}]
        card = {"blocks": [{"type": "section", "text": mrkdwn("*Acme*")}]}
        place = {"channel": event["channel"], "ts": event["message_ts"]}
        web.chat_unfurl(**place, unfurls={url: card})
        [shown] = own.user("ann", "general").messages()
        assert shown.message["attachments"][0]["from_url"] == url
        assert "*Acme*" in shown.words
        wrong = {url: {"blocks": [{"type": "section"}]}}
        body = refused(lambda: web.chat_unfurl(**place, unfurls=wrong))
        assert body["error"] == "invalid_blocks"
        assert said["ts"] == event["message_ts"]
        own.close()


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def test_comings_goings_reactions_edits_and_deletions_are_events(
    workspace: Workspace,
) -> None:
    known = manifest()
    known["settings"]["event_subscriptions"]["bot_events"] += [
        "member_joined_channel",
        "member_left_channel",
        "reaction_removed",
        "channel_archive",
    ]
    with serving(configured(manifest=known)) as space:
        own = Workspace(space.world.url)
        own.do("rules", ack_seconds=0.1)  # nobody listens
        ann = own.user("ann", "general")
        ts = ann.types("one")["ts"]
        ann.do("react", ts=ts, name="eyes")
        ann.do("react", ts=ts, name="eyes", remove=True)
        ann.do("edit", ts=ts, text="two")
        ann.do("delete", ts=ts)
        own.do("invite", user="ann", channel="general", others=["guy"])
        own.do("join", user="guy", channel="general", leave=True)
        own.do("archive", user="ann", channel="general")
        until(lambda: "channel_archive" in _events(own))
        events = _events(own)
        assert events["reaction_added"]["item"]["ts"] == ts
        assert events["reaction_removed"]["reaction"] == "eyes"
        changed = events["message:message_changed"]
        assert changed["message"]["text"] == "two"
        assert changed["previous_message"]["text"] == "one"
        assert events["message:message_deleted"]["deleted_ts"] == ts
        joined = events["member_joined_channel"]
        assert (joined["user"], joined["inviter"]) == ("U0GUY", "U0ANN")
        assert events["member_left_channel"]["channel_type"] == "C"
        own.close()


def _events(workspace: Workspace) -> dict[str, Json]:
    """Return what the app was told, by type and subtype."""
    told = [
        entry["request"]["event"]
        for entry in workspace.do("traffic")["entries"]
        if entry["request"].get("type") == "event_callback"
    ]
    return {
        ":".join(filter(None, (event["type"], event.get("subtype")))): event
        for event in told
    }
