"""What the parts of the policy share: the classes, curves, and how they refuse."""

from collections.abc import Collection, Mapping
from itertools import pairwise
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


def ascending(curve: Curve) -> None:
    """Refuse a curve without points, with figures that do not rise, or beyond 0–1."""
    require(bool(curve), "a curve needs at least one [figure, worth] point")
    require(
        all(a[0] < b[0] for a, b in pairwise(curve)),
        "the figures of a curve must rise from point to point",
    )
    require(all(0 <= y <= 1 for _, y in curve), "a curve's worth lies from 0 to 1")


def each_class(table: Collection[str], name: str) -> None:
    """Refuse a table by class that leaves one out."""
    missing = [c for c in CLASSES if c not in table]
    require(not missing, f"{name} must name every class; add {', '.join(missing)}")
