"""Nonsense, in every argument of every method and verb: an error, never a crash."""

import json
from random import Random
from typing import Any

import pytest

from sandbox.api import METHODS
from sandbox.control import VERBS
from sandbox.plain_http import plain_client
from sandbox.server import Workspace as Space
from tests.sandbox.conftest import configured, serving

ARGUMENTS = (
    "attachments",
    "blocks",
    "bot",
    "channel",
    "channel_id",
    "channels",
    "count",
    "cursor",
    "email",
    "external_id",
    "file",
    "filename",
    "files",
    "hash",
    "initial_comment",
    "latest",
    "length",
    "limit",
    "loading_messages",
    "markdown_text",
    "metadata",
    "name",
    "oldest",
    "page",
    "post_at",
    "prompts",
    "purpose",
    "scheduled_message_id",
    "status",
    "team",
    "text",
    "thread_ts",
    "timestamp",
    "title",
    "topic",
    "trigger_id",
    "ts",
    "types",
    "unfurl_id",
    "unfurls",
    "user",
    "user_id",
    "users",
    "view",
    "view_id",
)
WORDS = (
    "after",
    "app",
    "base64",
    "callback_id",
    "chance",
    "channel",
    "contains",
    "fields",
    "home",
    "kind",
    "method",
    "name",
    "others",
    "seconds",
    "seed",
    "status",
    "text",
    "thread_ts",
    "times",
    "ts",
    "user",
    "value",
    "with",
    "ack_seconds",
)
JUNK: tuple[Any, ...] = (
    "C0GEN",
    "U0ANN",
    "general",
    "ann",
    "",
    "x" * 5_000,
    "\x00\ud83d <script>&",
    "[[[[",
    "{}",
    "[]",
    '[{"type": "section"}]',
    '{"type": "modal", "blocks": [null]}',
    "1700000000.000100",
    "-1",
    "1e999",
    "NaN",
    None,
    True,
    0,
    -5,
    10**30,
    1.5,
    [],
    [None],
    [["x"]],
    {},
    {"a": {"b": []}},
    {"type": "home", "blocks": {}},
)


def _some(chance: Random, names: tuple[str, ...]) -> dict[str, Any]:
    chosen = chance.sample(names, chance.randrange(1, len(names)))
    return {name: chance.choice(JUNK) for name in chosen}


@pytest.fixture
def everything() -> Any:
    """Give a workspace whose app may do everything."""
    said = configured()
    scopes = {scope for method in METHODS.values() for scope in method.scopes}
    kinds = ("channels", "groups", "im", "mpim")
    scopes |= {f"{kind}:{what}" for kind in kinds for what in ("read", "write")}
    scopes |= {f"{kind}:history" for kind in kinds} | {"channels:manage"}
    said["apps"][0]["manifest"]["oauth_config"]["scopes"]["bot"] = sorted(scopes)
    with serving(said) as space:
        yield space


def test_no_method_falls_over_nonsense(everything: Space) -> None:
    chance = Random(3)
    with plain_client(base_url=everything.world.url) as client:
        for name in [*METHODS, "api.test", "chat.nothing"]:
            token = (
                "xapp-echo"
                if METHODS.get(name, METHODS["auth.test"]).token == ("app")
                else "xoxb-echo"
            )
            headers = {"Authorization": f"Bearer {token}"}
            for _ in range(12):
                said = _some(chance, ARGUMENTS)
                form = {n: json.dumps(v) if v else "" for n, v in said.items()}
                kinds: tuple[dict[str, Any], ...] = (
                    {
                        "content": json.dumps(said),
                        "headers": headers | {"Content-Type": "application/json"},
                    },
                    {"data": form, "headers": headers},
                )
                for kind in kinds:
                    answer = client.post(f"/api/{name}", **kind)
                    assert answer.status_code in {200, 429}, (name, said)
                    body = answer.json()
                    assert body["ok"] or isinstance(body["error"], str), name


def test_no_verb_falls_over_nonsense(space: Space) -> None:
    chance = Random(4)
    with plain_client(base_url=space.world.url) as client:
        for verb in [*VERBS, "nothing"]:
            for _ in range(15):
                said = _some(chance, WORDS)
                said |= {"user": "ann", "channel": "general"} | (
                    {"seconds": 0.01} if verb == "wait" else {}
                )
                answer = client.post(f"/_sandbox/{verb}", content=json.dumps(said))
                assert answer.status_code in {200, 400}, (verb, said)
                assert answer.json()["ok"] is (answer.status_code == 200)
