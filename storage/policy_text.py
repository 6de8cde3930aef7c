"""Rewrites values in a policy's text, so that its comments and order stay."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from risk.errors import N_, UserError
from risk.policy import Policy
from storage.policy_file import LoadedPolicy, PolicyInvalid, parse_policy

Value = str | float | Sequence[Sequence[float]]
Path = tuple[str, ...]

_HEADER = re.compile(r"^\s*\[([^\[\]]+)\]\s*(?:#.*)?$")
_KEY = re.compile(r"^(\s*)([\w-]+)(\s*=\s*)(.*)$")


@dataclass(eq=False)
class CannotRewrite(UserError):
    """The policy's file is laid out in a way we cannot edit."""

    message = N_(
        "The candidate cannot be written: the policy's file is laid out in a way that "
        "cannot be edited. Write each measure as a table of its own with `points` and "
        "`curve`, as the default policy does."
    )


def with_score_of(base: LoadedPolicy, candidate: Policy) -> LoadedPolicy:
    """Return `base` with the version and score of `candidate`, as text that says it.

    Raises:
        CannotRewrite: the text cannot be edited so that it spells the candidate.

    """
    text = rewritten(base.text, dict(_differences(base.policy, candidate)))
    try:
        made = parse_policy(text)
    except PolicyInvalid as error:
        raise CannotRewrite from error
    if made.policy != candidate:
        raise CannotRewrite
    return made


def rewritten(text: str, values: Mapping[Path, Value]) -> str:
    """Return TOML text in which the keys at these paths have these values.

    A key that its table lacks is put below the table's header.
    """
    lines, left = text.splitlines(), dict(values)
    out: list[str] = []
    heads: dict[Path, int] = {(): 0}
    table: Path = ()
    at = 0
    while at < len(lines):
        line = lines[at]
        if header := _HEADER.match(line):
            table = tuple(part.strip().strip('"') for part in header[1].split("."))
            out.append(line)
            heads[table] = len(out)
        elif (key := _KEY.match(line)) and (*table, key[2]) in left:
            end = _end_of(lines, at)
            comment = _comment(key[4]) if end == at else ""
            said = _spelt(left.pop((*table, key[2])))
            out.append(f"{key[1]}{key[2]}{key[3]}{said}{comment}")
            at = end
        else:
            out.append(line)
        at += 1
    for path, value in left.items():
        place = heads.get(path[:-1])
        if place is None:
            raise CannotRewrite
        out.insert(place, f"{path[-1]} = {_spelt(value)}")
        heads = {t: n + (n >= place) for t, n in heads.items()}
    return "\n".join(out) + "\n"


def _differences(base: Policy, candidate: Policy) -> Sequence[tuple[Path, Value]]:
    """Return what of the version and the score is new, by its path in the file."""
    old, new = base.score, candidate.score
    found: list[tuple[Path, Value]] = [(("version",), candidate.version)]
    for name in ("missing", "least_coverage", "odds_intercept", "odds_slope"):
        value = getattr(new, name)
        if value is not None and value != getattr(old, name):
            found.append((("score", name), value))
    found += [
        (("score", "classes", letter), limit)
        for letter, limit in new.classes.items()
        if limit != old.classes[letter]
    ]
    for key, factor in new.factors.items():
        for name, measure in factor.measures.items():
            path = ("score", "factors", key, "measures", name)
            before = old.factors[key].measures[name]
            if measure.points != before.points:
                found.append(((*path, "points"), measure.points))
            if measure.curve != before.curve:
                found.append(((*path, "curve"), measure.curve))
    return found


def _spelt(value: Value) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float):
        return repr(value)
    points = (f"[{', '.join(repr(x) for x in point)}]" for point in value)
    return f"[{', '.join(points)}]"


def _end_of(lines: Sequence[str], at: int) -> int:
    """Return the line on which the value that begins on line `at` ends."""
    depth = 0
    for number in range(at, len(lines)):
        bare = _bare(lines[number])
        depth += bare.count("[") - bare.count("]")
        if depth <= 0:
            return number
    return len(lines) - 1


def _bare(line: str) -> str:
    """Return a line without its strings and its comment."""
    return re.sub(r'"(?:\\.|[^"\\])*"|\'[^\']*\'', "", line).partition("#")[0]


def _comment(value: str) -> str:
    """Return the comment that follows a value, with the space before it."""
    masked = re.sub(
        r'"(?:\\.|[^"\\])*"|\'[^\']*\'', lambda found: "x" * len(found[0]), value
    )
    start = masked.find("#")
    if start < 0:
        return ""
    blank = len(masked[:start]) - len(masked[:start].rstrip())
    return value[start - blank :]
