"""What the parts of the policy share: the classes, curves, and how they refuse."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from itertools import pairwise
from math import isfinite
from typing import Any

CLASSES = "ABCDE"

STRICT: Mapping[str, Any] = {"extra": "forbid"}
"""To the loader: a word the policy does not know is a mistake, not a wish."""

Curve = tuple[tuple[float, float], ...]
"""(figure, worth) points, figures rising; straight between them, flat beyond."""


def require(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Raise ValueError saying `otherwise` unless `holds`."""
    if not holds:
        raise ValueError(otherwise)


def require_all(*rules: tuple[bool, str]) -> None:
    """Raise ValueError saying, a line each, what does not hold of `rules`."""
    broken = [otherwise for holds, otherwise in rules if not holds]
    if broken:
        raise ValueError("\n".join(broken))


def none_negative(part: Any) -> Iterator[tuple[bool, str]]:
    """Yield a rule for each number of a part of the policy: finite, 0 or more."""
    for field in fields(part):
        numbers = list(_numbers(getattr(part, field.name)))
        if numbers:
            fine = all(isfinite(n) and n >= 0 for n in numbers)
            yield fine, f"{field.name} must be 0 or more"


def _numbers(value: Any) -> Iterator[float | Decimal]:
    if isinstance(value, int | float | Decimal):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _numbers(one)
    elif isinstance(value, tuple):
        for one in value:
            yield from _numbers(one)


def ascending(curve: Curve) -> None:
    """Refuse a curve without points, with figures that do not rise, or beyond 0–1."""
    require_all(
        (bool(curve), "curve needs at least one [figure, worth] point"),
        (
            all(a[0] < b[0] for a, b in pairwise(curve)),
            "curve must have figures that rise from point to point",
        ),
        (all(isfinite(x) for x, _ in curve), "curve must have finite figures"),
        (
            all(0 <= y <= 1 for _, y in curve),
            "curve must have a worth from 0 to 1 at each point",
        ),
    )


def each_class(table: Collection[str], name: str) -> tuple[bool, str]:
    """Return the rule that a table by class leaves none out."""
    missing = [c for c in CLASSES if c not in table]
    return not missing, f"{name} must name every class; add {', '.join(missing)}"
