"""JSON from outside: read as Slack reads it, with no half characters in its texts."""

import json
from typing import Any

DEEPEST = 100
"""Objects and lists in each other; a block of Slack's needs a dozen."""


def read_json(text: str) -> Any:
    """Return what `text` says.

    Raises:
        ValueError: it is not JSON, or nested too deeply.

    """
    try:
        said = json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if text.count("[") + text.count("{") > DEEPEST and _depth(said) > DEEPEST:
        raise ValueError("nested too deeply")
    return _whole(said) if "\\ud" in text.lower() else said


def _depth(said: Any) -> int:
    """Return how many objects and lists stand in each other."""
    depth, level = 0, [said]
    while level:
        inner = [each for each in level if isinstance(each, dict | list)]
        level = [
            each
            for thing in inner
            for each in (thing.values() if isinstance(thing, dict) else thing)
        ]
        depth += bool(inner)
    return depth


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _whole(said: Any) -> Any:
    """Return `said` with each half of a surrogate pair replaced by �."""
    if isinstance(said, str):
        return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(said, list):
        return [_whole(each) for each in said]
    if isinstance(said, dict):
        return {_whole(name): _whole(each) for name, each in said.items()}
    return said
