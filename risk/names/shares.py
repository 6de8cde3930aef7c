"""A listed company as people call it: by its share, with what the exchange adds.

A share in trouble is named `ST` or `*ST` and the rest, one on its last day before a
dividend `XD`; one with weighted votes or without profit yet ends in `-W` or `-U`.
"""

import re
import unicodedata

from risk.names.fold import HAN, Folded, fold

_BEFORE = re.compile(rf"^\s*(?:S?\*?ST|XD|XR|DR)\s*(?=[{HAN}])", re.IGNORECASE)
_AFTER = re.compile(rf"(?<=[{HAN}])\s*-\s*(?:[UWSBR]|UW|SW|WD)\s*$", re.IGNORECASE)


def forms(typed: str) -> tuple[Folded, ...]:
    """Return what may be meant: `typed` folded; first without an exchange's marks."""
    said = unicodedata.normalize("NFKC", typed)
    bare = _AFTER.sub("", _BEFORE.sub("", said))
    return (fold(typed),) if bare == said else (fold(bare), fold(typed))
