"""Policies in files: read, validated with errors that name the line, and compared."""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from risk.errors import N_, UserError
from risk.policy import DEFAULT_FILE, Policy
from storage.policy_faults import Fault, read_policy, syntax_fault


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


class PolicyInvalid(UserError):
    """The policy does not validate; the one in force stays."""

    message = N_("The policy cannot be used:\n%(faults)s")

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the list, and its words for the message."""
        super().__init__()
        self.list = tuple(faults)
        self.faults = "\n".join(map(str, faults))


@dataclass(eq=False)
class PolicyUnreadable(UserError):
    """The policy's file cannot be opened; no other takes its place."""

    file: str
    why: str
    message = N_(
        "The policy %(file)s cannot be read (%(why)s). Name a file that can;"
        " RISKDESK_POLICY left empty means the policy that ships."
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two policies at `key`; None is “not there”."""

    key: str
    before: Any
    after: Any


def load_policy(file: Path = DEFAULT_FILE) -> LoadedPolicy:
    """Return the policy in `file`; raise PolicyInvalid or PolicyUnreadable."""
    try:
        return parse_policy(file.read_bytes().decode())
    except UnicodeDecodeError as wrong:
        fault = Fault(1, file.name, "is not UTF-8 text", "Save the file as UTF-8.")
        raise PolicyInvalid([fault]) from wrong
    except OSError as wrong:
        raise PolicyUnreadable(str(file), wrong.strerror or "no file") from wrong


@lru_cache(maxsize=8)
def parse_policy(text: str) -> LoadedPolicy:
    """Return the policy that `text` (TOML) spells; raise PolicyInvalid."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise PolicyInvalid([syntax_fault(str(wrong))]) from wrong
    policy = read_policy(raw, text, _sound())
    if not isinstance(policy, Policy):
        raise PolicyInvalid(policy)
    return LoadedPolicy(policy, hashlib.sha256(text.encode()).hexdigest(), text)


@cache
def _sound() -> Mapping[str, Any]:
    return tomllib.loads(DEFAULT_FILE.read_text(encoding="utf-8"))


def policy_diff(before: str, after: str) -> list[Change]:
    """Return what differs between two policies given as TOML text, by key."""
    old, new = policy_values(before), policy_values(after)
    return [
        Change(key, old.get(key), new.get(key))
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    ]


def policy_values(text: str) -> dict[str, Any]:
    """Return every value of a policy given as TOML text, by its dotted key."""
    return _flat(tomllib.loads(text))


def _flat(table: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        name = f"{above}{key}"
        if isinstance(value, dict):
            flat |= _flat(value, f"{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            flat |= _flat({str(n): one for n, one in enumerate(value)}, f"{name}.")
        else:
            flat[name] = value
    return flat
