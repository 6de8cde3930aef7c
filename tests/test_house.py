"""The rules of the house: who may import whom, and that all we say can be said."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
from jinja2 import meta, nodes
from slack_bolt import App
from slack_bolt.kwargs_injection.args import Args

import templates.messages
from templates.blocks import Blocks
from templates.engine import FOLDER, catalogue, environment
from templates.messages.base import Message

ROOT = Path(__file__).parent.parent

MAY_IMPORT = {
    "risk": set(),
    "storage": {"risk"},
    "templates": {"risk"},
    "workflows": {"risk", "storage", "templates"},
    "handlers": {"workflows", "templates", "risk"},
    "connectors": {"risk", "storage", "workflows"},
    "bot": {
        "risk",
        "storage",
        "templates",
        "workflows",
        "handlers",
        "connectors",
    },
    "sandbox": set(),
}
KNOWS_THE_SANDBOX = {"bot/commands/sandbox.py", "bot/commands/demo.py"}
THIRD_PARTY_OF_RISK = {"numpy"}
SLACK = {"slack_sdk", "slack_bolt"}
SPEAK_SLACK = {"handlers", "bot"}
OURS_INJECTED = {"services", "actor", "reply", "readers", "who_is"}


def _files(*layers: str) -> Iterator[Path]:
    for layer in layers:
        yield from sorted((ROOT / layer).rglob("*.py"))


@cache
def _nodes(file: Path) -> list[ast.AST]:
    """Return all that `file` is made of; several rules look at each."""
    return list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


@cache
def _modules(file: Path) -> set[str]:
    """Return the names of all modules that `file` imports."""
    names = set()
    for node in _nodes(file):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_each_layer_imports_only_what_it_may(layer: str) -> None:
    for file in _files(layer):
        ours = {m.partition(".")[0] for m in _modules(file)} & set(MAY_IMPORT)
        allowed = MAY_IMPORT[layer] | {layer}
        if _name(file) in KNOWS_THE_SANDBOX:
            allowed |= {"sandbox"}
        assert ours <= allowed, _name(file)


def test_workflows_take_only_messages_from_templates() -> None:
    for file in _files("workflows"):
        taken = {m for m in _modules(file) if m.startswith("templates")}
        assert all(m.startswith("templates.messages") for m in taken), _name(file)


def test_what_is_known_of_risk_needs_only_numpy() -> None:
    for file in _files("risk"):
        allowed = THIRD_PARTY_OF_RISK | {"risk"}
        if _name(file).startswith("risk/names/"):
            allowed |= {"rapidfuzz", "pypinyin"}
        packages = {m.partition(".")[0] for m in _modules(file)}
        foreign = {p for p in packages if not _is_standard(p)}
        assert foreign <= allowed, _name(file)


def _is_standard(package: str) -> bool:
    spec = importlib.util.find_spec(package)
    origin = (spec.origin if spec else None) or ""
    return "site-packages" not in origin and not origin.startswith(str(ROOT))


@pytest.mark.parametrize(
    ("packages", "layers", "exceptions"),
    [
        (SLACK, SPEAK_SLACK, {"templates/blocks.py", "templates/elements.py"}),
        ({"jinja2"}, {"templates"}, set()),
        ({"alembic", "psycopg"}, {"storage"}, set()),
    ],
    ids=["slack", "jinja", "sql"],
)
def test_each_library_stays_in_its_layer(
    packages: set[str], layers: set[str], exceptions: set[str]
) -> None:
    for layer in MAY_IMPORT.keys() - layers - {"sandbox"}:
        for file in _files(layer):
            used = {m.partition(".")[0] for m in _modules(file)} & packages
            assert not used or _name(file) in exceptions, (_name(file), used)


@pytest.mark.parametrize("layer", sorted(MAY_IMPORT.keys() - {"storage"}))
def test_questions_are_asked_in_storage_only(layer: str) -> None:
    for file in _files(layer):
        modules = {m.partition(".")[0] for m in _modules(file)}
        assert "sqlalchemy" not in modules, _name(file)
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"from sqlmodel import .*\b(select|text|col)\b", text)


def _messages() -> list[type[Message]]:
    package = templates.messages
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    found, waiting = [], [Message]
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        found += [message for message in below if "template" in vars(message)]
    return [m for m in found if m.__module__.startswith("templates.")]


@pytest.mark.parametrize("message", _messages(), ids=lambda m: m.__name__)
def test_a_template_uses_only_the_fields_of_its_message(message: type[Message]) -> None:
    jinja = environment("en")
    source = (FOLDER / "slack" / message.template).read_text(encoding="utf-8")
    tree = jinja.parse(source)
    own = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    used = meta.find_undeclared_variables(tree) - own
    given = {field.name for field in fields(message)} | set(Blocks().vocabulary())
    assert used <= given | set(jinja.globals), used - given


def _template_sentences() -> Iterator[tuple[str, str]]:
    jinja = environment("en")
    for file in sorted((FOLDER / "slack").glob("*.j2")):
        source = file.read_text(encoding="utf-8")
        for _, _, said in jinja.extract_translations(source):  # type: ignore[attr-defined]
            forms = said if isinstance(said, tuple) else (said,)
            first = next((form for form in forms if isinstance(form, str)), None)
            if first is not None:  # a sentence from a variable is marked elsewhere
                yield file.name, first


def _marked_sentences() -> Iterator[tuple[str, str]]:
    for file in _files("risk", "storage", "workflows", "handlers", "connectors", "bot"):
        for node in _nodes(file):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "N_"
            ):
                assert isinstance(node.args[0], ast.Constant), _name(file)
                yield _name(file), str(node.args[0].value)


def _places(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", text))


def test_every_sentence_has_its_chinese_with_the_same_places() -> None:
    words = catalogue("zh-CN")
    assert words is not None
    wrong = []
    for where, english in [*_template_sentences(), *_marked_sentences()]:
        known = words.get(english)
        said = known.string if known else ""
        forms = said if isinstance(said, tuple | list) else (said,)
        if not all(form and _places(form) <= _places(english) for form in forms):
            wrong.append(f"{where}: {english}")
    assert not wrong, "\n".join(wrong)


def test_every_parameter_of_a_listener_is_injected(app: App) -> None:
    known = set(inspect.signature(Args.__init__).parameters) | OURS_INJECTED
    for listener in app._listeners:
        function = listener.ack_function
        asked = set(inspect.signature(function).parameters)
        assert asked <= known, (function.__qualname__, asked - known)


def test_every_button_of_a_template_has_its_listener() -> None:
    heard = {
        node.value
        for file in _files("handlers")
        for node in _nodes(file)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    jinja = environment("en")
    for file in sorted((FOLDER / "slack").glob("*.j2")):
        tree = jinja.parse(file.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "button":
                named = [k.value for k in call.kwargs if k.key == "action"]
                for action in [*call.args[1:2], *named]:
                    if isinstance(action, nodes.Const):
                        assert action.value in heard, (file.name, action.value)
