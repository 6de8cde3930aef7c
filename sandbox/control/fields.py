"""A request's fields, each as what it must be; refused by name where it is not."""

from math import isfinite, nan
from typing import Any

from sandbox.model import Json
from sandbox.refusal import Refused

NUMBER = int | float


def text(body: Json, name: str) -> str:
    """Return a text that is not empty."""
    value: Any = body.get(name)
    if not isinstance(value, str) or not value:
        raise Refused("invalid_arguments", f"{name} is missing, or is no text")
    return value


def number(body: Json, name: str, default: float) -> float:
    """Return a finite number, given as one or as text."""
    value: Any = body.get(name)
    if value is None or value == "":
        return default
    found = float(str(value)) if isinstance(value, NUMBER | str) else nan
    if not isfinite(found):
        raise Refused("invalid_arguments", f"{name} is no number: {value!r}")
    return found


def typed(body: Json, kinds: Json) -> Json:
    """Return `body` if each of its values is of its kind."""
    for name, value in body.items():
        kind = kinds[name]
        fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if not fits or (isinstance(value, NUMBER) and not isfinite(value)):
            raise Refused("invalid_arguments", f"{name} cannot be {value!r}")
    return body
