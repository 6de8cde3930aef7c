"""Characters that are written in more ways than one, and mean the same in a name."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_LETTERS = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ħ": "h",
}
"""Letters that no decomposition leads back to the ones people type."""


@cache
def plain() -> Mapping[int, str]:
    """Return what `str.translate` needs: traditional characters to simplified ones.

    From OpenCC's TSCharacters (Apache-2.0), those that Big5 and GB 2312 have.
    """
    source = files("risk.names").joinpath("traditional.csv")
    with source.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    table = {ord(row["traditional"]): row["simplified"] for row in rows}
    return table | {ord(letter): typed for letter, typed in _LETTERS.items()}
