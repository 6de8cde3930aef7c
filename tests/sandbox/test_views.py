"""Modals and Homes as Slack documents them: stacks, hashes, limits, what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from sandbox.client import Refusal, Workspace
from tests.sandbox.gallery import FIELDS, asking, plain
from tests.sandbox.gallery import modal as view
from tests.sandbox.test_protocol import refused

Json = dict[str, Any]
Connect = Callable[[], App]
TEXT = {"type": "section", "text": plain("words")}


@pytest.fixture
def trigger(workspace: Workspace, bolt: App, connected: Connect) -> Callable[[], str]:
    """Give what returns a fresh trigger id of Ann's."""
    heard: list[str] = []

    @bolt.command("/echo")
    def echo(ack: Ack, body: Json) -> None:
        heard.append(body["trigger_id"])
        ack()

    connected()

    def ask() -> str:
        workspace.user("ann", "general").types("/echo")
        return heard[-1]

    return ask


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"type": "modal", "blocks": []}, "/view"),
        (view(TEXT, title=plain("x" * 25)), "/view/title/text"),
        (view(TEXT, private_metadata="x" * 3001), "/view/private_metadata"),
        (view(*[TEXT] * 101), "/view/blocks"),
        (view(asking("a", FIELDS["multiline"]), submit=None), "/view"),
        (view({"type": "nothing"}), "/view/blocks/0/type"),
        (view(TEXT | {"block_id": "a"}, TEXT | {"block_id": "a"}), "/view/blocks/1"),
    ],
)
def test_a_view_slack_would_refuse_is_refused_with_its_place(
    web: WebClient, trigger: Callable[[], str], body: Json, pointer: str
) -> None:
    said = refused(lambda: web.views_open(trigger_id=trigger(), view=body))
    assert said["error"] == "invalid_arguments"
    [*_, last] = said["response_metadata"]["messages"]
    assert f"[json-pointer:{pointer}" in last


def test_a_refused_view_leaves_its_trigger_good(
    web: WebClient, trigger: Callable[[], str]
) -> None:
    one = trigger()
    refused(lambda: web.views_open(trigger_id=one, view={"type": "modal"}))
    web.views_open(trigger_id=one, view=view(TEXT))
    again = refused(lambda: web.views_open(trigger_id="1.2.3", view=view(TEXT)))
    assert again["error"] == "invalid_trigger_id"


def test_an_update_keeps_the_id_and_what_was_typed_and_minds_the_hash(
    web: WebClient, workspace: Workspace, trigger: Callable[[], str]
) -> None:
    field = asking("multiline", FIELDS["multiline"])
    opened = web.views_open(trigger_id=trigger(), view=view(field))["view"]
    ann = workspace.user("ann", "general")
    ann.fills(b_multiline="typed")
    stale = opened["hash"]
    new = view(field, TEXT, external_id="mine")
    first = web.views_update(view_id=opened["id"], hash=stale, view=new)["view"]
    assert first["id"] == opened["id"]
    assert first["state"]["values"]["b_multiline"]["a_multiline"]["value"] == "typed"
    late = refused(
        lambda: web.views_update(view_id=opened["id"], hash=stale, view=view(TEXT))
    )
    assert late["error"] == "hash_conflict"
    by_name = web.views_update(external_id="mine", view=view(TEXT))["view"]
    assert by_name["id"] == opened["id"]
    gone = refused(lambda: web.views_update(view_id="V0", view=view(TEXT)))
    assert gone["error"] == "not_found"


def test_an_external_id_is_unique_and_two_people_have_two_stacks(
    web: WebClient, workspace: Workspace, bolt: App, connected: Connect
) -> None:
    said: list[Json] = []

    @bolt.command("/echo")
    def echo(ack: Ack, body: Json, client: WebClient) -> None:
        named = view(TEXT, external_id=f"for-{body['text']}")
        ack()
        said.append(client.views_open(trigger_id=body["trigger_id"], view=named).data)  # type: ignore[arg-type] # a body

    connected()
    ann, bob = workspace.user("ann", "general"), workspace.user("bob", "general")
    ann.types("/echo ann")
    bob.types("/echo bob")
    assert ann.modal()["external_id"] == "for-ann"
    assert bob.modal()["external_id"] == "for-bob"
    ann.closes()
    assert ann.do("modals")["views"] == []
    assert bob.modal()["id"] == said[1]["view"]["id"]
    with pytest.raises(Refusal, match="view_not_found"):
        ann.closes()


def test_what_an_app_answers_to_a_submission_happens(
    workspace: Workspace, bolt: App, trigger: Callable[[], str], web: WebClient
) -> None:
    answers: list[Json] = [
        {"response_action": "errors", "errors": {"b_multiline": "No."}},
        {"response_action": "errors", "errors": {"elsewhere": "No."}},
        {"response_action": "update", "view": view(TEXT, title=plain("Second"))},
        {"response_action": "push", "view": view(TEXT, title=plain("Third"))},
        {"response_action": "push", "view": {"type": "modal"}},
        {"response_action": "clear"},
    ]

    @bolt.view("form")
    def submitted(ack: Ack) -> None:
        ack(**answers.pop(0))

    field = asking("multiline", FIELDS["multiline"])
    first = web.views_open(trigger_id=trigger(), view=view(field))["view"]
    ann = workspace.user("ann", "general")
    wrong = ann.submits(b_multiline="x")
    assert (wrong["ok"], wrong["errors"]) == (False, {"b_multiline": "No."})
    assert not ann.submits(b_multiline="x")["ok"], "no such field"
    assert ann.submits(b_multiline="x")["ok"]
    second = ann.modal("Second")
    assert (second["id"], second["root_view_id"]) == (first["id"], first["id"])
    assert ann.submits()["ok"]
    third = ann.modal("Third")
    assert third["previous_view_id"] == first["id"]
    assert not ann.submits()["ok"], "a view Slack would refuse"
    assert ann.modal()["id"] == third["id"]
    assert ann.submits()["ok"]
    assert ann.do("modals")["views"] == []


def test_a_home_keeps_its_id_and_minds_its_hash(web: WebClient) -> None:
    home = {"type": "home", "blocks": [TEXT]}
    one = web.views_publish(user_id="U0ANN", view=home)["view"]
    two = web.views_publish(user_id="U0ANN", hash=one["hash"], view=home)["view"]
    assert two["id"] == one["id"]
    late = refused(
        lambda: web.views_publish(user_id="U0ANN", hash=one["hash"], view=home)
    )
    assert late["error"] == "hash_conflict"
    other = refused(lambda: web.views_publish(user_id="U0ANN", view=view(TEXT)))
    assert other["error"] == "invalid_arguments"
    nobody = refused(lambda: web.views_publish(user_id="U0NONE", view=home))
    assert nobody["error"] == "user_not_found"
