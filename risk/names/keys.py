"""The keys by which a name is found: pieces that survive the ways people mistype."""

from itertools import pairwise
from zlib import crc32

from risk.names.fold import Folded

LATIN_GRAM, PINYIN_GRAM = 3, 4
ACRONYM_LONGEST = 16


def name_keys(name: Folded) -> set[str]:
    """Return what a stored name is indexed under.

    `w` words, `t` letter trigrams over misplaced spaces, `b` Chinese bigrams, `o` how
    the name's own part begins, `s` pairs of syllables (homophones), `q` pinyin letters,
    `a` acronyms.
    """
    keys: set[str] = set()
    if name.words:
        keys.update(f"w{word}" for word in name.core_words if len(word) > 1)
        keys.update(_grams("t", f"^{name.squashed}$", LATIN_GRAM))
        keys.update(_grams("t", f"^{name.squashed_written}$", LATIN_GRAM))
        keys.update(f"a{i}" for i in name.initials if 1 < len(i) <= ACRONYM_LONGEST)
    if name.han:
        keys.update(_han_keys(name))
        keys.update(_grams("q", "".join(name.sounds) + name.letters, PINYIN_GRAM))
        for sounds in (name.sounds, name.own_sounds):
            initials = "".join(s[0] for s in sounds)
            if 1 < len(initials) <= ACRONYM_LONGEST:
                keys.add(f"a{initials}")
    return keys


def query_keys(query: Folded) -> set[str]:
    """Return what to look a typed name up under; Latin letters may be pinyin."""
    keys: set[str] = set()
    if query.words:
        keys.update(f"w{word}" for word in query.core_words if len(word) > 1)
        keys.update(_grams("t", f"^{query.squashed}$", LATIN_GRAM))
        keys.update(_grams("t", f"^{query.squashed_written}$", LATIN_GRAM))
        keys.update(_grams("q", query.letters, PINYIN_GRAM))
        if len(query.words) == 1 and 1 < len(query.words[0]) <= ACRONYM_LONGEST:
            keys.add(f"a{query.words[0]}")
    if query.han:
        keys.update(_han_keys(query))
    return keys


def hashed(key: str) -> int:
    """Return `key` as the 32-bit number it is stored under.

    Two keys may share a number; that adds a stray candidate, which ranking drops.
    """
    return crc32(key.encode())


def _han_keys(name: Folded) -> set[str]:
    core, sounds = name.han_core, name.sounds
    keys = {f"b{core[n : n + 2]}" for n in range(len(core) - 1)}
    keys |= {f"b{core[n]}{core[n + 2]}" for n in range(len(core) - 2)}
    keys |= {f"s{a}'{b}" for a, b in pairwise(sounds)}
    keys |= {f"o{part[:n]}" for part in (core, name.han_own) for n in (2, 3, 4)}
    if len(core) == 1:
        keys.add(f"b{core}")
    return keys


def _grams(kind: str, text: str, size: int) -> set[str]:
    if len(text) <= size:
        return {f"{kind}{text}"}
    return {f"{kind}{text[n : n + size]}" for n in range(len(text) - size + 1)}
