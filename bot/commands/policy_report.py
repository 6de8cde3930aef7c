"""What changes from one policy to another, in words for the terminal."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from bot.plain import printable
from risk.policy import Bound
from risk.policy.effect import BoundEffect, ClassEffect, Effect, MeasureEffect
from storage.policy_file import Change
from workflows.shadow import Shadow

SHOWN = 20
"""Customers named in the terminal; --json has them all."""


def as_words(value: Any) -> str:
    """Return a value as the policy's file spells it."""
    return json.dumps(value, ensure_ascii=False, default=str)


def change_words(change: Change) -> str:
    """Return a changed key, with its value before and after."""
    if change.before is None:
        return f"+ {change.key} = {as_words(change.after)}"
    if change.after is None:
        return f"- {change.key} (was {as_words(change.before)})"
    return f"  {change.key}: {as_words(change.before)} → {as_words(change.after)}"


def effect_words(effects: Sequence[Effect]) -> Iterator[str]:
    """Yield what the changes do to points, a line each."""
    if not effects:
        yield "\nNo score changes its points."
        return
    yield "\nWhat it does to points:"
    for effect in effects:
        yield f"  {_effect(effect)}"


def mover_words(found: Shadow) -> Iterator[str]:
    """Yield who would change class, the largest moves first."""
    yield f"\nOf {found.scored:,} customers {found.moved:,} would change class."
    for move in found.moves[:SHOWN]:
        why = ", ".join(f"{r.measure} {r.points:+d}" for r in move.why)
        name = printable(f"{move.name} ({move.number})")
        yield f"  {name}: {move.before or '–'} → {move.after or '–'}" + (
            f" ({why})" if why else ""
        )
    if found.moved > SHOWN:
        yield f"  … and {found.moved - SHOWN:,} more; --json names them."


def _effect(effect: Effect) -> str:
    match effect:
        case ClassEffect(letter, before, after):
            way = "harder" if after > before else "easier"
            gap = abs(after - before)
            return f"class {letter} begins at {after}, {gap} points {way} to reach"
        case MeasureEffect(name, (None, most), _, _):
            return f"{name} is new: {_most(most)}"
        case MeasureEffect(name, (most, None), _, _):
            return f"{name} no longer counts: it was {_most(most)}"
        case MeasureEffect(name, (old, new), figure, (before, after)):
            moved = f"at {figure:g}: {before} → {after} points"
            edge = "" if old == new else f"{_most(old)} → {_most(new)}; "
            return f"{name}: {edge}most {moved}"
        case BoundEffect(name, kind, before, after):
            return f"{kind} {name}: {_bound(kind, before)} → {_bound(kind, after)}"
    raise TypeError(f"no words for {effect!r}")


def _most(points: int | None) -> str:
    points = points or 0
    return f"at most {points}" if points >= 0 else f"up to {points}"


def _bound(kind: str, bound: Bound | None) -> str:
    if bound is None:
        return "none"
    end = "best" if kind == "cap" else "worst"
    return f"at {end} {bound.risk_class} from {bound.fact} {bound.at_least:g} on"
