"""docs/sandbox.md is true: every verb is in it, and every example works."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from sandbox.client import Workspace
from sandbox.config import build_world, config_of
from sandbox.control import VERBS
from tests.sandbox.test_chat import BUTTON, modal

MANUAL = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text("utf-8")


def test_every_verb_is_in_the_manual_and_the_other_way_round() -> None:
    assert set(re.findall(r"POST /_sandbox/(\w+)", MANUAL)) == VERBS.keys()


def test_the_example_configuration_is_one(tmp_path: Path) -> None:
    [text] = re.findall(r"```toml\n(.*?)```", MANUAL, re.DOTALL)
    (tmp_path / "manifest.json").write_text("{}")
    world = build_world(config_of(tomllib.loads(text), tmp_path))
    assert world.users["U0ANN"].locale == "zh-CN"
    assert world.channel_named("general") is not None


def test_every_example_works(
    workspace: Workspace, bolt: App, connected: Callable[[], App], web: WebClient
) -> None:
    @bolt.command("/echo")
    def echo(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        ack()

    @bolt.event("app_home_opened")
    def opened(event: dict[str, Any], client: WebClient) -> None:
        view = {"type": "home", "blocks": [BUTTON]}
        client.views_publish(user_id=event["user"], view=view)

    bolt.options("c")(lambda ack: ack(options=[]))
    bolt.action("press")(lambda ack: ack())
    bolt.shortcut("thing")(lambda ack: ack())
    bolt.view("form")(lambda ack: ack(response_action="errors", errors={"amount": "-"}))
    bolt.view_closed("form")(lambda ack: ack())
    for event in ("message", "app_mention", "file_shared", "reaction_added"):
        bolt.event(event)(lambda: None)
    connected()
    sent = web.chat_postMessage(channel="C0GEN", text="b", blocks=[BUTTON])
    assert sent["ok"]
    own = workspace.user("ann", "general").types("hello")["ts"]
    workspace.user("ann").home("Press me")

    examples = re.findall(
        r"((?:`POST [^\n]*\n)+)```json\n(.*?)\n```", MANUAL, re.DOTALL
    )
    tried = []
    for heading, example in examples:
        body = json.loads(example.replace("{ts}", own))
        for verb in re.findall(r"POST /_sandbox/(\w+)", heading):
            assert workspace.do(verb, **_only(verb, body))["ok"]
            tried.append(verb)
    assert VERBS.keys() - set(tried) == {"assistant"}


def _only(verb: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the example without what belongs to its neighbours."""
    return {} if verb == "calm" else body
