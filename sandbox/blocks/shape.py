"""What shape a JSON value must have, said as small rules that join into larger ones.

A rule looks at a value and its place and yields Slack's words for what is wrong:
`[ERROR] must be less than 76 characters [json-pointer:/blocks/0/text/text]`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from math import isfinite
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]
"""Yields what is wrong with a value that stands at a JSON pointer."""


def wrong(words: str, at: str) -> str:
    """Return Slack's message that `words` is wrong at the JSON pointer `at`."""
    return f"[ERROR] {words} [json-pointer:{at}]"


def string(most: int | None = None, *, least: int = 1) -> Rule:
    """Return the rule for a text of `least` to `most` characters."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield wrong("must provide a string", at)
        elif len(value) < least:
            yield wrong(f"must be more than {least - 1} characters", at)
        elif most is not None and len(value) > most:
            yield wrong(f"must be less than {most + 1} characters", at)

    return check


def matching(pattern: str, words: str) -> Rule:
    """Return the rule for a text that the whole of `pattern` matches."""
    compiled = re.compile(pattern)

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            yield wrong(words, at)

    return check


def number(
    least: float | None = None, most: float | None = None, *, whole: bool = False
) -> Rule:
    """Return the rule for a finite number from `least` to `most`."""

    def check(value: Any, at: str) -> Iterator[str]:
        kinds = int if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            yield wrong(f"must provide {'an integer' if whole else 'a number'}", at)
        elif not isfinite(value):
            yield wrong("must be a finite number", at)
        elif least is not None and value < least:
            yield wrong(f"must be greater than or equal to {least}", at)
        elif most is not None and value > most:
            yield wrong(f"must be less than or equal to {most}", at)

    return check


def boolean(value: Any, at: str) -> Iterator[str]:
    """Yield what is wrong with a value that must be true or false."""
    if not isinstance(value, bool):
        yield wrong("must provide a boolean", at)


def anything(value: Any, at: str) -> Iterator[str]:  # noqa: ARG001 - a rule's form
    """Yield nothing: any value will do."""
    return iter(())


def one_of(*values: str) -> Rule:
    """Return the rule for one of these words."""

    def check(value: Any, at: str) -> Iterator[str]:
        if value not in values:
            listed = ", ".join(values)
            yield wrong(f"must be a valid enum value: one of {listed}", at)

    return check


def array(item: Rule, least: int = 0, most: int | None = None) -> Rule:
    """Return the rule for a list of `least` to `most` items, each as `item`."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield wrong("must be an array", at)
            return
        if len(value) < least:
            yield wrong(f"no fewer than {least} items allowed", at)
        if most is not None and len(value) > most:
            yield wrong(f"no more than {most} items allowed", at)
        for place, each in enumerate(value[:most]):
            yield from item(each, f"{at}/{place}")

    return check


def record(
    required: Mapping[str, Rule],
    optional: Mapping[str, Rule] | None = None,
    also: Rule = anything,
) -> Rule:
    """Return the rule for an object with these fields and no others.

    `also` looks at the whole, once each field is right by itself; a field that is
    null is as one that is not there.
    """
    known = {**required, **(optional or {})}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield wrong("must provide an object", at)
            return
        found = [*_missing(value, required, at), *_unknown(value, known, at)]
        for name, rule in known.items():
            if name in value and value[name] is not None:
                found += rule(value[name], f"{at}/{name}")
        said = {name: each for name, each in value.items() if each is not None}
        yield from found or also(said, at)

    return check


def by_type(kinds: Mapping[str, Rule]) -> Rule:
    """Return the rule that the object's `type` names."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield wrong("must provide an object", at)
        elif "type" not in value:
            yield wrong("missing required field: type", at)
        elif not isinstance(value["type"], str) or value["type"] not in kinds:
            yield wrong(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            yield from kinds[value["type"]](value, at)

    return check


def _missing(value: dict[str, Any], wanted: Collection[str], at: str) -> Iterator[str]:
    for name in wanted:
        if value.get(name) is None:
            yield wrong(f"missing required field: {name}", at)


def _unknown(value: dict[str, Any], known: Collection[str], at: str) -> Iterator[str]:
    for name in value:
        if name not in known:
            yield wrong(f"invalid additional property: {name}", at)
