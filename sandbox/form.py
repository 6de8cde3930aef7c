"""What Slack's client itself refuses to submit in a form."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.model import Json
from sandbox.state import VALUE_FIELD

REQUIRED = "Please complete this required field."
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://[^\s/]+\S*")


def mistakes(blocks: list[Json], values: Json) -> dict[str, str]:
    """Return what is wrong with the inputs, by block id; empty where all is well."""
    found = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        state = values.get(block["block_id"], {}).get(element["action_id"], {})
        wrong = _wrong(block, element, state)
        if wrong:
            found[block["block_id"]] = wrong
    return found


def _wrong(block: Json, element: Json, state: Json) -> str:
    kind = element.get("type", "")
    value: Any = state.get(VALUE_FIELD[kind][0]) if kind in VALUE_FIELD else True
    if value in (None, "", []):
        return "" if block.get("optional") else REQUIRED
    if kind == "number_input":
        return _wrong_number(element, value)
    if kind == "plain_text_input":
        return _wrong_length(element, value)
    if kind == "email_text_input" and not _MAIL.fullmatch(value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not _URL.fullmatch(value):
        return "Please enter a valid URL."
    return ""


def _wrong_length(element: Json, value: str) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please use at least {least} characters."
    if len(value) > most:
        return f"Please use at most {most} characters."
    return ""


def _wrong_number(element: Json, value: str) -> str:
    try:
        number = Decimal(value)
        least = Decimal(str(element.get("min_value", "-Infinity")))
        most = Decimal(str(element.get("max_value", "Infinity")))
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite():
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "Please enter a whole number."
    if number < least:
        return f"Please enter a number of at least {least}."
    if number > most:
        return f"Please enter a number of at most {most}."
    return ""
