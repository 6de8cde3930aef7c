"""Policies in files: read, validated with errors that name the line, and compared."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from risk.errors import N_, UserError
from risk.monitor.expression import TEXT_FACTS, read
from risk.monitor.expression.faults import ExpressionFault
from risk.monitor.facts import WATCH_FACTS
from risk.policy import DEFAULT_FILE, Policy
from risk.policy.signals import EXPRESSION

_POLICY = TypeAdapter(Policy)
_HEADER = re.compile(r"^\s*\[{1,2}([^\]]+)\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([\w\"-]+(?:\s*\.\s*[\w\"-]+)*)\s*=")


@dataclass(frozen=True, slots=True)
class LoadedPolicy:
    """A policy, the hash of the text it came from, and the text itself."""

    policy: Policy
    hash: str
    text: str

    @property
    def version(self) -> str:
        """Return what scores and receipts carry: the version and the hash's start."""
        return f"{self.policy.version}+{self.hash[:8]}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: the line (1 is first), the key, what is wrong and the remedy."""

    line: int
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        """Return it as one line of text."""
        return f"line {self.line}, {self.key}: {self.problem}. {self.remedy}"


class PolicyInvalid(UserError):
    """The policy does not validate; the one in force stays."""

    message = N_("The policy cannot be used:\n%(faults)s")

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the list, and its words for the message."""
        super().__init__()
        self.list = tuple(faults)
        self.faults = "\n".join(map(str, faults))


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two policies at `key`; None is “not there”."""

    key: str
    before: Any
    after: Any


def load_policy(file: Path = DEFAULT_FILE) -> LoadedPolicy:
    """Return the policy in `file`; raise PolicyInvalid, or OSError if unreadable."""
    try:
        return parse_policy(file.read_bytes().decode())
    except UnicodeDecodeError as wrong:
        fault = Fault(1, file.name, "is not UTF-8 text", "Save the file as UTF-8.")
        raise PolicyInvalid([fault]) from wrong


def parse_policy(text: str) -> LoadedPolicy:
    """Return the policy that `text` (TOML) spells; raise PolicyInvalid."""
    try:
        raw = tomllib.loads(text)
        policy = _POLICY.validate_python(raw)
    except tomllib.TOMLDecodeError as wrong:
        raise PolicyInvalid([_syntax_fault(str(wrong))]) from wrong
    except ValidationError as wrong:
        faults = [_fault(text, error) for error in wrong.errors(include_url=False)]
        raise PolicyInvalid(faults) from wrong
    if wrongs := list(_expression_faults(policy, text)):
        raise PolicyInvalid(wrongs)
    return LoadedPolicy(policy, hashlib.sha256(text.encode()).hexdigest(), text)


def policy_diff(before: str, after: str) -> list[Change]:
    """Return what differs between two policies given as TOML text, by key."""
    old, new = _flat(tomllib.loads(before)), _flat(tomllib.loads(after))
    return [
        Change(key, old.get(key), new.get(key))
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    ]


def _flat(table: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        name = f"{above}{key}"
        if isinstance(value, dict):
            flat |= _flat(value, f"{name}.")
        else:
            flat[name] = value
    return flat


def _expression_faults(policy: Policy, text: str) -> Iterator[Fault]:
    """Yield what is wrong with the expressions of rules."""
    most = policy.monitor.own_rules.most_characters
    for name, rule in policy.monitor.rules.items():
        if rule.signal != EXPRESSION:
            continue
        path = ("monitor", "rules", name, "expression")
        try:
            read(rule.expression, WATCH_FACTS, TEXT_FACTS, most)
        except ExpressionFault as wrong:
            words = str(wrong).rstrip(".")
            mend = "Mend the expression; docs/rules.md lists what it may name."
            yield Fault(_line_of(text, path), ".".join(path), words, mend)


def _syntax_fault(words: str) -> Fault:
    found = re.search(r"at line (\d+)", words)
    line = int(found[1]) if found else 1
    return Fault(
        line, "TOML", words.split(" (at", maxsplit=1)[0], "Mend the syntax there."
    )


def _fault(text: str, error: ErrorDetails) -> Fault:
    path = [str(part) for part in error["loc"] if part != "[key]"]
    return Fault(
        _line_of(text, path),
        ".".join(path) or "policy",
        error["msg"].removeprefix("Value error, "),
        _remedy(error),
    )


def _remedy(error: ErrorDetails) -> str:
    kind, key = error["type"], error["loc"][-1] if error["loc"] else "it"
    if kind in {"missing", "missing_argument"}:
        return f"Add `{key} = …`; the default policy shows how."
    if kind in {"unexpected_keyword_argument", "extra_forbidden"}:
        return f"Remove `{key}`, or correct its spelling."
    if kind == "value_error":
        return "Change the values named."
    return f"Replace {error['input']!r}; the default policy shows what fits."


def _line_of(text: str, path: Sequence[str]) -> int:
    """Return the line of `path`, or of the nearest table above it that has one."""
    lines = _lines(text)
    for length in range(len(path), 0, -1):
        wanted = tuple(p for p in path[:length] if not p.isdigit() or length == 1)
        if wanted in lines:
            return lines[wanted]
    return 1


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """Return the first line of each table and key of TOML text."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _names(header[1])
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_names(key[1])), number)
    return lines


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip('"') for part in dotted.split("."))
