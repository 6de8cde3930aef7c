"""A quick look at many candidates, so that only likely ones are compared in full."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from risk.names.fold import Folded, core_text, spell
from risk.names.keys import Family

HEAVY = 12
"""The first candidates, by index weight, are always compared."""

LIKELY = 20
"""As many more as this, the most like by letters, are compared too."""

_ACRONYM = 8
"""A word of up to so many letters may be an acronym, which is like by none."""


def shortlist(query: Folded, texts: Sequence[str], family: Family) -> list[int]:
    """Return the places in `texts`, heaviest first, of those worth comparing."""
    may_be_acronym = len(query.text) <= _ACRONYM and not query.han
    if len(texts) <= HEAVY + LIKELY or may_be_acronym:
        return list(range(len(texts)))
    if family is Family.LATIN:
        alike = _latin(query, texts)
    elif query.han and not query.written:
        alike = _chinese(query, texts)
    else:
        alike = _spelled(query, texts)
    alike[:HEAVY] = np.inf
    most = HEAVY + LIKELY
    return [int(place) for place in np.argpartition(-alike, most)[:most]]


Alike = NDArray[np.float32]


def _latin(query: Folded, texts: Sequence[str]) -> Alike:
    cores = [core_text(text) for text in texts]
    typed = core_text(query.text)
    joined = [core.replace(" ", "") for core in cores]
    whole = _ratios(fuzz.ratio, typed.replace(" ", ""), joined)
    best: Alike = np.maximum(whole, _ratios(fuzz.token_sort_ratio, typed, cores))
    return best


def _chinese(query: Folded, texts: Sequence[str]) -> Alike:
    return _ratios(fuzz.ratio, query.han_core, texts)


def _spelled(query: Folded, texts: Sequence[str]) -> Alike:
    sounds = [spell(text) for text in texts]
    typed = query.spelled
    whole = _ratios(fuzz.ratio, typed, sounds)
    parts = 0.95 * _ratios(fuzz.partial_ratio, typed, sounds)
    best: Alike = np.maximum(whole, parts)
    return best


def _ratios(scorer: Callable[..., float], typed: str, texts: Sequence[str]) -> Alike:
    ratios: Alike = cdist([typed], texts, scorer=scorer, dtype=np.float32)[0]
    return ratios
