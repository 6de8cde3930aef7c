"""An unmodified Bolt app in the workspace: commands, events, modals, Home, files."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, Respond, Say
from slack_sdk import WebClient

from sandbox.client import Workspace

Connect = Callable[[], App]

BUTTON = {
    "type": "actions",
    "block_id": "b",
    "elements": [
        {
            "type": "button",
            "action_id": "press",
            "text": {"type": "plain_text", "text": "Press me"},
            "value": "7",
        }
    ],
}


def modal(**more: Any) -> dict[str, Any]:
    """Return a modal with one field."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "A form"},
        "submit": {"type": "plain_text", "text": "Send"},
        "notify_on_close": True,
        "blocks": [
            {
                "type": "input",
                "block_id": "amount",
                "label": {"type": "plain_text", "text": "Amount"},
                "element": {
                    "type": "number_input",
                    "action_id": "n",
                    "is_decimal_allowed": False,
                },
            },
            {
                "type": "input",
                "block_id": "city",
                "optional": True,
                "label": {"type": "plain_text", "text": "City"},
                "element": {
                    "type": "external_select",
                    "action_id": "c",
                    "min_query_length": 2,
                },
            },
        ],
        **more,
    }


def test_a_command_is_answered_in_the_ack_for_its_user_alone(
    workspace: Workspace, bolt: App, connected: Connect
) -> None:
    asked: list[dict[str, Any]] = []

    def echo(ack: Ack, body: dict[str, Any]) -> None:
        asked.append(body)
        ack(f"you said {body['text']}")

    bolt.command("/echo")(echo)
    connected()
    ann = workspace.user("ann", "general")

    outcome = ann.types("/echo hi @bob <b> & co")

    assert outcome["ok"]
    assert asked[0]["text"] == "hi <@U0BOB|bob> &lt;b&gt; &amp; co"
    assert asked[0]["user_id"] == "U0ANN"
    assert asked[0]["channel_name"] == "general"
    seen = ann.sees("you said")
    assert seen.is_private
    workspace.user("bob", "general").never_sees("you said")


def test_a_message_and_a_mention_reach_the_app_which_replies_in_the_thread(
    workspace: Workspace, bolt: App, connected: Connect
) -> None:
    @bolt.event("app_mention")
    def mentioned(event: dict[str, Any], say: Say) -> None:
        say(text=f"hello <@{event['user']}>", thread_ts=event["ts"])

    connected()
    ann = workspace.user("ann", "general")
    ann.types("hey @echo")

    root = ann.sees("hey <@")
    ann.sees("hello <@U0ANN>")
    assert [m.words.splitlines()[0] for m in root.thread()][1] == "hello <@U0ANN>"


def test_a_direct_message_is_answered(
    workspace: Workspace, bolt: App, connected: Connect
) -> None:
    @bolt.event("message")
    def message(event: dict[str, Any], say: Say) -> None:
        say(f"{event['channel_type']}: {event['text']}")

    connected()
    ann = workspace.user("ann").to("Echo")
    ann.types("is Acme ok?")
    ann.sees("im: is Acme ok?")


def test_a_button_of_a_message_tells_the_app_and_the_answer_replaces_it(
    workspace: Workspace, bolt: App, connected: Connect, web: WebClient
) -> None:
    bodies: list[dict[str, Any]] = []

    @bolt.action("press")
    def press(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        bodies.append(body)
        respond(text="pressed", replace_original=True)

    connected()
    web.chat_postMessage(channel="C0GEN", text="a button", blocks=[BUTTON])
    ann = workspace.user("ann", "general")

    ann.sees("a button").clicks("Press me")

    ann.sees("pressed")
    ann.never_sees("Press me")
    [body] = bodies
    assert body["actions"][0]["value"] == "7"
    assert body["container"]["type"] == "message"
    assert body["message"]["text"] == "a button"
    assert body["channel"] == {"id": "C0GEN", "name": "general"}


def test_a_modal_is_opened_filled_in_searched_and_submitted(
    workspace: Workspace, bolt: App, connected: Connect
) -> None:
    sent: list[dict[str, Any]] = []

    @bolt.command("/echo")
    def echo(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        ack()

    @bolt.options("c")
    def cities(ack: Ack, payload: dict[str, Any]) -> None:
        name = payload["value"].title()
        text = {"type": "plain_text", "text": name}
        ack(options=[{"text": text, "value": name}])

    @bolt.view("form")
    def submitted(ack: Ack, view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        sent.append(values)
        if values["amount"]["n"]["value"] == "1":
            ack(response_action="errors", errors={"amount": "Too little"})
        else:
            ack()

    connected()
    ann = workspace.user("ann", "general")
    ann.types("/echo form")
    ann.modal("Amount")

    assert "required" in ann.submits()["errors"]["amount"]
    assert "whole number" in ann.submits(amount="1.5")["errors"]["amount"]
    assert ann.submits(Amount="1")["errors"] == {"amount": "Too little"}
    assert ann.do("type", name="City", value="b")["outcome"]["body"] == {"options": []}
    offered = ann.do("type", name="City", value="be")["outcome"]["body"]["options"]
    assert ann.submits(Amount="12", City={"selected_option": offered[0]})["ok"]

    last = sent[-1]
    assert last["amount"]["n"] == {"type": "number_input", "value": "12"}
    assert last["city"]["c"]["type"] == "external_select"
    assert last["city"]["c"]["selected_option"]["value"] == "Be"
    assert ann.do("modals")["views"] == []


def test_modals_stack_update_conflict_and_close(
    workspace: Workspace, bolt: App, connected: Connect
) -> None:
    closed: list[dict[str, Any]] = []
    conflicts: list[str] = []

    @bolt.command("/echo")
    def echo(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        first = client.views_open(trigger_id=body["trigger_id"], view=modal())["view"]
        client.views_update(view_id=first["id"], hash=first["hash"], view=modal())
        try:
            client.views_update(view_id=first["id"], hash=first["hash"], view=modal())
        except Exception as error:  # noqa: BLE001 - whatever the SDK raises is looked at
            conflicts.append(str(error))
        ack()

    @bolt.view("form")
    def submitted(ack: Ack) -> None:
        ack(response_action="push", view=modal(callback_id="second"))

    bolt.view("second")(lambda ack: ack(response_action="clear"))

    @bolt.view_closed("form")
    def form_closed(ack: Ack, body: dict[str, Any]) -> None:
        closed.append(body)
        ack()

    connected()
    ann = workspace.user("ann", "general")
    ann.types("/echo")
    ann.modal("Amount")
    assert "hash_conflict" in conflicts[0]

    ann.submits(Amount="3")
    first, second = ann.do("modals")["views"]
    assert second["previous_view_id"] == first["id"] == second["root_view_id"]
    ann.submits(Amount="4")
    assert ann.do("modals")["views"] == []

    ann.types("/echo")
    ann.modal("Amount")
    ann.closes(everything=True)
    assert closed[0]["is_cleared"] is True


def test_a_home_is_published_and_its_button_tells_the_view(
    workspace: Workspace, bolt: App, connected: Connect
) -> None:
    bodies: list[dict[str, Any]] = []

    @bolt.event("app_home_opened")
    def opened(event: dict[str, Any], client: WebClient) -> None:
        client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [BUTTON]}
        )

    @bolt.action("press")
    def press(ack: Ack, body: dict[str, Any]) -> None:
        bodies.append(body)
        ack()

    connected()
    ann = workspace.user("ann")
    view = ann.home("Press me")
    ann.clicks("Press me", home=True)

    [body] = bodies
    assert body["container"] == {"type": "view", "view_id": view["id"]}
    assert body["view"]["type"] == "home"
    assert "channel" not in body


def test_shortcuts_reactions_and_files(
    workspace: Workspace, bolt: App, connected: Connect, web: WebClient
) -> None:
    heard: list[str] = []

    @bolt.shortcut("note")
    def note(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        heard.append(body["message"]["text"])

    @bolt.shortcut("thing")
    def thing(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        heard.append(body["type"])

    bolt.event("reaction_added")(lambda event: heard.append(event["reaction"]))
    bolt.event("file_shared")(lambda event: heard.append(event["file_id"]))
    bolt.event("message")(lambda: None)
    connected()
    ann = workspace.user("ann", "general")
    ann.types("note this")
    message = ann.sees("note this")
    ann.do("shortcut", callback_id="note", ts=message.ts)
    workspace.do("shortcut", user="ann", callback_id="thing")
    ann.do("react", ts=message.ts, name=":eyes:")
    file = ann.uploads("报表 <b>.csv", "a;b\n1;2\n", "figures")

    ann.sees("figures")
    for _ in range(100):
        if len(heard) == 4:
            break
        workspace.do("now")
    assert set(heard) == {"note this", "shortcut", "eyes", file}
    info = web.files_info(file=file)["file"]
    assert info["name"] == "报表 <b>.csv"
    assert info["size"] == 8


def test_an_app_uploads_a_file_in_two_steps(
    workspace: Workspace, web: WebClient
) -> None:
    web.files_upload_v2(
        channel="C0GEN", content="x,y", filename="t.csv", initial_comment="here"
    )
    seen = workspace.user("bob", "general").sees("here")
    assert seen.message["files"][0]["name"] == "t.csv"
