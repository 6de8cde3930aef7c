"""docs/policy.md says every key of the default policy, with its value, and no other."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

from risk.facts import FACTS
from risk.policy import DEFAULT_FILE, Policy
from storage.policy_file import policy_values

MANUAL = Path(__file__).parent.parent / "docs/policy.md"
SECTION = re.compile(r"^### (?:`\[{1,2}([\w.]+)\]{1,2}`|Top)$")


def documented(manual: str) -> dict[str, Any]:
    """Return dotted key → value, as the manual's tables tell them.

    In a table of keys the second cell is the value. In another, a row is a table of
    the policy, and each column headed by a key in backticks holds that key's value.
    """
    told: dict[str, Any] = {}
    section, columns = "", list[str]()
    for line in manual.splitlines():
        if line.startswith("#"):
            found = SECTION.match(line)
            section, columns = (found[1] or "") if found else "?", []
        elif line.startswith("| ") and section != "?":
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            if not columns:
                columns = cells
                continue
            if set(line) <= set("|-"):
                continue
            told |= row(section, columns, cells)
    return told


def row(section: str, columns: list[str], cells: list[str]) -> dict[str, Any]:
    name = f"{section}.{cells[0].strip('`')}".strip(".")
    assert len(cells) == len(columns), cells
    assert cells[-1], f"say what {name} means"
    if columns[0] == "key":
        return value(name, cells[1])
    told: dict[str, Any] = {}
    for column, cell in zip(columns[1:-1], cells[1:-1], strict=True):
        if cell:
            told |= value(f"{name}.{column.strip('`')}", cell)
    return told


def value(name: str, cell: str) -> dict[str, Any]:
    read = tomllib.loads(f"v = {cell.strip('`')}")["v"]
    if isinstance(read, dict):
        return {f"{name}.{key}": one for key, one in read.items()}
    return {name: read}


def test_the_manual_says_every_key_of_the_policy_with_its_value() -> None:
    policy = policy_values(DEFAULT_FILE.read_text(encoding="utf-8"))
    assert documented(MANUAL.read_text(encoding="utf-8")) == policy


def test_a_key_that_the_manual_leaves_out_is_seen() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    for key in ("cool_down_days", "overdue_days", "sp", "1", "DE"):
        less = re.sub(rf"^\| `{key}` \|.*\n", "", manual, flags=re.MULTILINE)
        assert documented(less) != documented(manual), key


def test_the_manual_names_every_fact_that_a_policy_may_rest_on() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    assert [fact for fact in FACTS if f"`{fact}`" not in manual] == []


def kept_under(part: Any) -> Iterator[str]:
    """Yield the name of each key that a policy may have, wherever it stands."""
    if is_dataclass(part):
        for name, kind in get_type_hints(part).items():
            yield from [name] if name in {f.name for f in fields(part)} else []
            yield from kept_under(kind)
    for inner in get_args(part):
        yield from kept_under(inner)


def test_the_manual_names_every_key_that_the_default_leaves_out() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    tables = {"score", "zscore", "scales", "limit", "check", "approval", "industries"}
    tables |= {"factors", "deductions", "caps", "floors", "measures", "costs", "steps"}
    tables |= {"monitor", "rules", "value", "alerts", "own_rules", "scoreboard"}
    tables |= {"promises", "notes", "kinds"}
    names = set(kept_under(Policy)) - tables - {"country_classes", "event_severity"}
    assert {"odds_slope", "stale_after_days", "terms_day"} <= names
    assert {n for n in names if f"`{n}`" not in manual} == {"classes"}
    assert "`[score.classes]`" in manual
