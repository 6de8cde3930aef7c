"""What is wrong with a policy's text: each fault by its line, with its remedy."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import starmap
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from risk.facts import FACTS
from risk.policy import Policy
from storage.policy_expressions import expression_faults

_POLICY = TypeAdapter(Policy)
_HEADER = re.compile(r"^\s*(\[{1,2})([^\]]+)\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([\w\"-]+(?:\s*\.\s*[\w\"-]+)*)\s*=")
_LONGEST = 60

Path = tuple[str, ...]
Raw = Mapping[str, Any]


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


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A fault before its line is known."""

    path: Path
    problem: str
    remedy: str


def read_policy(raw: Raw, text: str, sound: Raw) -> Policy | list[Fault]:
    """Return the policy that `raw` (from `text`) spells, or all that is wrong with it.

    `sound` is a policy without faults: its values stand in for wrong ones while what
    surrounds them is looked at.
    """
    wrong = [*_unknown_facts(raw), *starmap(_Wrong, expression_faults(raw))]
    try:
        policy = _POLICY.validate_python(raw)
    except ValidationError as error:
        told = error.errors(include_url=False)
        wrong += [one for each in told for one in _wrong(each)]
        wrong += _beyond(raw, told, sound, {w.problem for w in wrong})
    else:
        if not wrong:
            return policy
    lines = _lines(text)
    faults = [_fault(lines, one) for one in wrong]
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.line, fault.key))


def syntax_fault(words: str) -> Fault:
    """Return the fault that the TOML parser describes in `words`."""
    found = re.search(r"at line (\d+)", words)
    return Fault(
        int(found[1]) if found else 1,
        "TOML",
        words.split(" (at", maxsplit=1)[0],
        "Mend the syntax there.",
    )


def _beyond(
    raw: Raw, told: Sequence[ErrorDetails], sound: Raw, known: set[str]
) -> Iterator[_Wrong]:
    """Yield what else is wrong, once the faults `told` are mended.

    A table is looked at as a whole only when all within it can be read. What its
    values are together (sums, orders) is not told: other values will take their place.
    """
    mended = deepcopy(dict(raw))
    for error in told:
        _mend(mended, error["loc"], sound)
    try:
        _POLICY.validate_python(mended)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            for one in _wrong(each):
                named = one.path[-1] == one.problem.partition(" ")[0]
                if named and one.problem not in known:
                    yield one


def _mend(raw: Any, loc: Sequence[int | str], sound: Any) -> None:
    """Put the sound value in the place of a wrong one; take away what is none's."""
    for step in loc[:-1]:
        try:
            raw = raw[step]
            sound = sound[step] if sound is not None else None
        except (KeyError, IndexError, TypeError):
            sound = None
        if not isinstance(raw, dict | list):
            return
    last = loc[-1] if loc else None
    try:
        raw[last] = sound[last]
    except (KeyError, IndexError, TypeError):
        if isinstance(raw, dict):
            raw.pop(last, None)


def _wrong(error: ErrorDetails) -> Iterator[_Wrong]:
    """Yield what a validation error says, a rule each; named keys become the path."""
    path = tuple(str(part) for part in error["loc"] if part != "[key]")
    for rule in error["msg"].removeprefix("Value error, ").split("\n"):
        said = rule.partition(" ")[0]
        inside = error["type"] == "value_error" and _has(error["input"], said)
        yield _Wrong((*path, said) if inside else path, rule, _remedy(error))


def _has(given: Any, name: str) -> bool:
    """Return whether the table that was given (as is, or as arguments) has a key."""
    given = getattr(given, "kwargs", given)
    return isinstance(given, Mapping) and name in given


def _remedy(error: ErrorDetails) -> str:
    kind, key = error["type"], error["loc"][-1] if error["loc"] else "it"
    if kind in {"missing", "missing_argument"}:
        return f"Add `{key} = …`; the default policy shows how."
    if kind in {"unexpected_keyword_argument", "extra_forbidden"}:
        return f"Remove `{key}`, or correct its spelling."
    if kind == "value_error":
        return "Change the values named."
    given = repr(error["input"])
    shown = given if len(given) <= _LONGEST else f"{given[: _LONGEST - 1]}…"
    return f"Replace {shown}; the default policy shows what fits."


def _unknown_facts(raw: Raw) -> Iterator[_Wrong]:
    """Yield what rests on a fact that nobody knows, and so would never count."""
    for path, name in _facts_named(raw):
        if name not in FACTS:
            near = get_close_matches(str(name), FACTS, 1)
            meant = f"Did you mean `{near[0]}`?" if near else "docs/policy.md has all."
            yield _Wrong(path, f"`{name}` is no fact the desk knows", meant)


def _facts_named(raw: Raw) -> Iterator[tuple[Path, object]]:
    score = _table(raw, "score")
    for name, factor in _tables(score, "factors"):
        for role in ("age", "experiences"):
            if role in factor:
                yield ("score", "factors", name, role), factor[role]
        for measure in _table(factor, "measures"):
            yield ("score", "factors", name, "measures", measure), measure
    for measure in _table(score, "deductions"):
        yield ("score", "deductions", measure), measure
    for kind in ("caps", "floors"):
        for name, bound in _tables(score, kind):
            if "fact" in bound:
                yield ("score", kind, name, "fact"), bound["fact"]


def _table(raw: Any, name: str) -> Mapping[str, Any]:
    found = raw.get(name)
    return found if isinstance(found, Mapping) else {}


def _tables(raw: Any, name: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    return [(k, v) for k, v in _table(raw, name).items() if isinstance(v, Mapping)]


def _fault(lines: Mapping[Path, int], wrong: _Wrong) -> Fault:
    """Return a fault with the line of its key, or of the nearest table above it."""
    above = (wrong.path[:length] for length in range(len(wrong.path), 0, -1))
    line = next((lines[path] for path in above if path in lines), 1)
    return Fault(line, ".".join(wrong.path) or "policy", wrong.problem, wrong.remedy)


def _lines(text: str) -> dict[Path, int]:
    """Return the first line of each table and key of TOML text."""
    lines: dict[Path, int] = {}
    seen: Counter[Path] = Counter()
    table: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _names(header[2])
            if header[1] == "[[":
                seen[table] += 1
                lines.setdefault(table, number)
                table = (*table, str(seen[table] - 1))
            for length in range(len(table), 0, -1):
                lines.setdefault(table[:length], number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_names(key[1])), number)
    return lines


def _names(dotted: str) -> Path:
    return tuple(part.strip().strip('"') for part in dotted.split("."))
