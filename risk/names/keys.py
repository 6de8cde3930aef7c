"""The keys by which a name is found: pieces that survive the ways people mistype.

Names are taken many at a time, as arrays: an index of a million is made of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from risk.names.fold import Folded

BUCKETS = 1 << 20
"""Keys are numbered below this. Two may share a number: strays, which ranking drops."""

ACRONYM_LONGEST = 16

_PINYIN_GRAM = 4
_END = "\n"
_MIX = np.uint32(0x9E3779B1)
_SHIFT, _BITS = np.uint32(15), np.uint32(32 - 20)


class Family(IntEnum):
    """Keys of Latin names and of Chinese ones are weighed apart."""

    LATIN = 0
    HAN = 1


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of key, and what one is worth in a query."""

    seed: int
    weight: float
    family: Family


_WORD = _Kind(1, 2.0, Family.LATIN)
_TRIGRAM = _Kind(2, 1.0, Family.LATIN)
_ACRONYM = _Kind(3, 2.5, Family.LATIN)
_PAIR = _Kind(4, 1.2, Family.HAN)
_BEGINNING = _Kind(5, 1.6, Family.HAN)
_SOUNDS = _Kind(6, 0.8, Family.HAN)
_PINYIN = _Kind(7, 0.8, Family.HAN)
_INITIALS = _Kind(8, 2.5, Family.HAN)

Keys = NDArray[np.uint32]
Owners = NDArray[np.uint32]
Part = tuple[int, str]
"""Whose it is, by place, and a text."""


@dataclass(frozen=True, slots=True)
class QueryKeys:
    """What to look a typed name up under; three columns."""

    keys: Keys
    weights: NDArray[np.float64]
    families: NDArray[np.int64]


def name_keys(names: Sequence[Folded]) -> tuple[Keys, Owners]:
    """Return what stored names are indexed under: keys, and whose each is, by place.

    Words, letter trigrams over misplaced spaces, Chinese bigrams, how a name's own part
    begins, pairs of syllables (homophones), pinyin letters, acronyms.
    """
    found = list(_of_names(names))
    return (
        np.concatenate([keys for _, keys, _ in found]),
        np.concatenate([owners for _, _, owners in found]),
    )


def query_keys(query: Folded) -> QueryKeys:
    """Return what to look `query` up under; Latin letters may be pinyin."""
    found = list(_of_query(query))
    keys = np.concatenate([keys for _, keys, _ in found])
    sizes = [len(keys) for _, keys, _ in found]
    unique, first = np.unique(keys, return_index=True)
    return QueryKeys(
        unique,
        np.repeat([kind.weight for kind, _, _ in found], sizes)[first],
        np.repeat([int(kind.family) for kind, _, _ in found], sizes)[first],
    )


_Found = tuple[_Kind, Keys, Owners]


def _of_names(names: Sequence[Folded]) -> Iterator[_Found]:
    yield from _shared(names)
    latin = [(n, name) for n, name in enumerate(names) if name.written]
    han = [(n, name) for n, name in enumerate(names) if name.han]
    yield _whole(
        _ACRONYM, _acronyms((n, i) for n, name in latin for i in name.initials)
    )
    initials = (
        (n, "".join([sound[0] for sound in sounds]))
        for n, name in han
        for sounds in name.readings + name.own_readings
    )
    yield _whole(_INITIALS, _acronyms(initials))
    otherwise = [
        (n, "".join(sounds).ljust(_PINYIN_GRAM))
        for n, name in han
        for sounds in name.readings[1:]
    ]
    yield _grams(_PINYIN, otherwise, _PINYIN_GRAM)
    spelled = [(n, name.spelled.ljust(_PINYIN_GRAM)) for n, name in han]
    yield _grams(_PINYIN, spelled, _PINYIN_GRAM)


def _of_query(query: Folded) -> Iterator[_Found]:
    yield from _shared([query])
    if query.written:
        acronyms = list(_acronyms([(0, query.letters)]))
        yield _whole(_ACRONYM, acronyms)
        yield _whole(_INITIALS, acronyms)
        yield _grams(_PINYIN, [(0, query.spelled.ljust(_PINYIN_GRAM))], _PINYIN_GRAM)


def _shared(names: Sequence[Folded]) -> Iterator[_Found]:
    """Yield the kinds that names and queries have in common."""
    latin = [(n, name) for n, name in enumerate(names) if name.written]
    words = [(n, w) for n, name in latin for w in name.core_words if len(w) > 1]
    yield _whole(_WORD, words)
    squashed = [
        (n, f"^{text}$")
        for n, name in latin
        for text in {name.squashed, name.squashed_written}
    ]
    yield _grams(_TRIGRAM, squashed, 3)
    han = [(n, name) for n, name in enumerate(names) if name.han]
    cores = [(n, name.han_core.ljust(2)) for n, name in han]
    yield _grams(_PAIR, cores, 2)
    yield _grams(_PAIR, cores, 2, apart=2)
    for size in (2, 3, 4):
        begins = [
            (n, part[:size])
            for n, name in han
            for part in (name.han_core, name.han_own)
        ]
        yield _grams(_BEGINNING, begins, size)
    pairs = [
        (n, first + second)
        for n, name in han
        for sounds in name.readings
        for first, second in pairwise(sounds)
    ]
    yield _whole(_SOUNDS, pairs)


def _acronyms(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if 1 < len(part[1]) <= ACRONYM_LONGEST]


def _whole(kind: _Kind, parts: Sequence[Part]) -> _Found:
    """Return a key a text."""
    codes = np.array([crc32(text.encode()) for _, text in parts], np.uint32)
    owners = np.array([owner for owner, _ in parts], np.uint32)
    return kind, _bucket(kind, [codes]), owners


def _grams(kind: _Kind, parts: Sequence[Part], size: int, apart: int = 1) -> _Found:
    """Return the keys of `size` characters, each `apart` from the one before."""
    text = _END.join([text for _, text in parts])
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    ends = codes == ord(_END)
    span = (size - 1) * apart
    if len(codes) <= span:
        return kind, np.empty(0, np.uint32), np.empty(0, np.uint32)
    places = np.cumsum(ends)[: len(codes) - span]
    within = places == np.cumsum(ends)[span:]
    within &= ~ends[: len(codes) - span]
    columns = [
        codes[n * apart : len(codes) - span + n * apart][within] for n in range(size)
    ]
    owners = np.array([owner for owner, _ in parts], np.uint32)[places[within]]
    return kind, _bucket(kind, columns), owners


def _bucket(kind: _Kind, columns: Sequence[Keys]) -> Keys:
    mixed = np.full(len(columns[0]), kind.seed * 0x85EBCA6B & 0xFFFFFFFF, np.uint32)
    for column in columns:
        mixed = (mixed ^ column) * _MIX
        mixed ^= mixed >> _SHIFT
    return mixed >> _BITS
