"""What to say of a file of which no sheet is recognised."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.files.headings import Guess
from risk.errors import N_, UserError

_SHOWN = 500
_BUCKET = r"[<>]?\s*\d{1,3}\s*([-–~至]\s*\d{1,3}|\+|and over|以上|以内)?"
_AGE = re.compile(
    rf"current|not due|未到期|older|over \d+( days)?|"
    rf"{_BUCKET}\s*(days?|months?|天|日|个月)?( past due)?",
    re.IGNORECASE,
)
_AGES = 3
"""A sheet that has this many columns for ages sums up by age."""


@dataclass(eq=False)
class NotRecognised(UserError):
    """No sheet of the file has headings we know."""

    name: str
    headings: str
    message = N_(
        "It is not clear what “%(name)s” holds. Its headings are: %(headings)s. "
        "Say what they mean with --map, for example --map “Doc=number”."
    )


@dataclass(eq=False)
class NearlyRecognised(UserError):
    """A sheet that looks like a kind of ours, but lacks a column it needs."""

    name: str
    kind: str
    missing: str
    headings: str
    message = N_(
        "“%(name)s” looks like %(kind)s, but no column is clearly: %(missing)s. Its "
        "headings are: %(headings)s. Rename a heading, or say what it means with "
        "--map, for example --map “Doc=number”."
    )


@dataclass(eq=False)
class AgeingSummary(UserError):
    """A sheet of what customers owe by age, without the invoices behind the sums."""

    name: str
    message = N_(
        "“%(name)s” holds sums by age, not the invoices behind them. Export the single "
        "invoices (often called “ageing detail” or “open items”) and import those."
    )


@dataclass(eq=False)
class NothingInside(UserError):
    """A file without rows."""

    name: str
    message = N_("“%(name)s” holds no rows.")


def not_recognised(name: str, sheet: tuple[Guess, Sequence[str]] | None) -> UserError:
    """Return what to say: what the sheet nearly is, and what it lacks for that."""
    if sheet is None:
        return NothingInside(name)
    guess, headings = sheet
    told = ", ".join(heading for heading in headings if heading)[:_SHOWN]
    if sum(bool(_AGE.fullmatch(heading)) for heading in headings) >= _AGES:
        return AgeingSummary(name)
    if not guess.kind:
        return NotRecognised(name, told)
    return NearlyRecognised(name, guess.kind, ", ".join(guess.missing), told)
