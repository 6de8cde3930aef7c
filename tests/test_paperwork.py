"""What is written about the program says what the program is."""

import ast
import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from typer.main import get_command

from bot.main import COMMANDS as COMMAND_LINE
from bot.main import app
from bot.settings import Settings
from handlers.risk import SUBCOMMANDS
from handlers.subcommands import ALIASES, COMMANDS, NAME

ROOT = Path(__file__).parent.parent
MANIFEST = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
SCOPES = {
    "apps_connections_open": set(),
    "auth_test": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_scheduleMessage": {"chat:write"},
    "chat_unfurl": {"links:write"},
    "chat_update": {"chat:write"},
    "chat_delete": {"chat:write"},
    "chat_getPermalink": set(),
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_info": {"channels:read", "groups:read", "im:read"},
    "conversations_members": {"channels:read", "groups:read", "im:read"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "files_info": {"files:read"},
    "files_upload_v2": {"files:write"},
    "reactions_add": {"reactions:write"},
    "users_info": {"users:read", "users:read.email"},
    "users_lookupByEmail": {"users:read.email"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
    "assistant_threads_setStatus": {"assistant:write"},
    "assistant_threads_setSuggestedPrompts": {"assistant:write"},
    "assistant_threads_setTitle": {"assistant:write"},
}
"""What each Web API method needs, as Slack's reference says."""

METHOD = re.compile(
    r"^(api|apps|assistant|auth|bookmarks|chat|conversations|files|pins|reactions"
    r"|team|usergroups|users|views)_[a-z]\w+$"
)


@cache
def _calls() -> list[ast.Call]:
    return [
        node
        for layer in ("handlers", "bot")
        for file in sorted((ROOT / layer).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]


def _connected(verb: str) -> set[str]:
    """Return what listeners are connected to by `app.<verb>("…")`."""
    return {
        str(call.args[0].value)
        for call in _calls()
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and (call.func.value.id, call.func.attr) == ("app", verb)
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and (verb != "command" or str(call.args[0].value).startswith("/"))
    }


def test_the_manifest_asks_for_the_scopes_of_every_method_called() -> None:
    asked = set(MANIFEST["oauth_config"]["scopes"]["bot"])
    for call in _calls():
        if isinstance(call.func, ast.Attribute) and METHOD.match(call.func.attr):
            method = call.func.attr
            assert method in SCOPES, f"say which scopes {method} needs"
            assert SCOPES[method] <= asked, method


def test_the_manifest_names_every_command() -> None:
    named = {c["command"] for c in MANIFEST["features"]["slash_commands"]}
    assert named == _connected("command")


def test_the_manifest_names_every_shortcut() -> None:
    shortcuts = MANIFEST["features"].get("shortcuts", ())
    named = {shortcut["callback_id"] for shortcut in shortcuts}
    used = (
        _connected("shortcut")
        | _connected("global_shortcut")
        | _connected("message_shortcut")
    )
    assert named == used


def test_the_manifest_names_every_event() -> None:
    named = {
        event.partition(".")[0]
        for event in MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    }
    assert _connected("event") <= named


def test_env_example_lists_every_setting_and_its_meaning() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    listed = {name.partition("=")[0]: about for about, name in pairwise(lines)}
    for name, field in Settings.model_fields.items():
        assert listed[name.upper()] == f"# {field.description}"


def test_the_manual_names_every_setting() -> None:
    manual = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`{name.upper()}`" in manual, name


def test_the_manual_names_every_command_of_the_terminal() -> None:
    manual = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    waiting = [("riskdesk", get_command(app))]
    while waiting:
        name, command = waiting.pop()
        below = getattr(command, "commands", {})
        waiting += [(f"{name} {word}", one) for word, one in below.items()]
        assert below or f"`{name}" in manual, name


def test_the_manual_names_every_subcommand_of_slack() -> None:
    manual = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert COMMANDS.keys() - {NAME} == SUBCOMMANDS.keys()
    assert set(ALIASES.values()) <= COMMANDS.keys()
    for command in COMMANDS.values():
        assert command.usage.replace("|", "\\|") in manual, command.usage
    for alias in ALIASES.keys() - {"?"}:
        assert f"`{alias}`" in manual, alias


def test_the_lock_pins_with_hashes_and_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", lock)
    pins = re.findall(r"^[a-z0-9][\w.-]*(?:\[[\w,-]+\])?==", lock, re.MULTILINE)
    followed = re.findall(
        r"^[a-z0-9][^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE
    )
    assert len(pins) == len(followed) > 0


def test_each_command_is_listed_by_the_first_line_of_its_own_help() -> None:
    commands = getattr(get_command(app), "commands", {})
    listed = {name: place.help for name, place in COMMAND_LINE.items()}
    own = {
        name: (c.help or "").strip().partition("\n")[0] for name, c in commands.items()
    }
    assert own == listed
