"""How like a typed name and a stored one are, and why."""

from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Indel, LCSseq, Levenshtein

from risk.names.fold import Folded
from risk.names.words import LEGAL, SHORT_FORM, SMALL, UMBRELLA


@dataclass(frozen=True, slots=True)
class Likeness:
    """A likeness of 0–1, and which way of comparing found it."""

    score: float
    way: str
    """exact, latin, order, acronym, chinese, sound, pinyin or short."""


NOTHING = Likeness(0.0, "none")
_MOST_WORDS = 8
_NEAR = 7
_SYLLABLE = 4.5
"""Letters of a long syllable: more letters than syllables explain lowers the share."""
_LISTED = "股份"
_SHORT_NAME = 6
"""Chinese characters up to which a query may be a company's short name."""


def likeness(query: Folded, name: Folded) -> Likeness:
    """Return how like they are; the best of the ways people type a name."""
    if query.text == name.text:
        return Likeness(1.0, "exact")
    ways = [NOTHING]
    if query.words and name.words:
        ways += _latin(query, name)
    if query.words and name.han and not query.han:
        ways += _pinyin(query, name)
    if query.han and name.han:
        ways += _chinese(query, name)
        if query.written:
            ways.append(_mixed(query, name))
    best = max(ways, key=lambda way: way.score)
    return Likeness(min(best.score, 0.999), best.way)


def _latin(query: Folded, name: Folded) -> list[Likeness]:
    core = max(
        fuzz.ratio(query.squashed, name.squashed),
        fuzz.ratio(query.squashed_written, name.squashed_written),
        100 * OSA.normalized_similarity(query.squashed_written, name.squashed_written),
    )
    every = fuzz.ratio(query.letters, name.letters)
    order = max(
        fuzz.token_sort_ratio(" ".join(query.core_words), " ".join(name.core_words)),
        fuzz.token_sort_ratio(query.text, name.text),
    )
    ways = [
        Likeness((0.9 * max(core, every) + 0.07 * core + 0.03 * every) / 100, "latin"),
        Likeness(0.98 * (0.97 * order + 0.03 * every) / 100, "order"),
    ]
    words, own = set(query.core_words), set(name.core_words)
    if words and words <= own:
        ways.append(Likeness(0.8 + 0.15 * len(words) / len(own), "order"))
    elif name.squashed.startswith(query.squashed) and len(query.squashed) > 2:  # noqa: PLR2004 - two letters begin too many names
        part = len(query.squashed) / len(name.squashed)
        ways.append(Likeness(0.7 + 0.2 * part, "latin"))
    if 1 < len(query.core_words) <= _MOST_WORDS:
        ways.append(Likeness(0.98 * _word_by_word(query, name), "order"))
    if len(query.words) == 1 and (use := name.initials.get(query.letters)):
        ways.append(Likeness(0.92 * use - 0.0005 * len(name.letters), "acronym"))
    return ways


def _word_by_word(query: Folded, name: Folded) -> float:
    """Return how like each word's nearest is, by length; words left over cost a little.

    “Group” and “Holding” left over cost least: people drop them.
    """
    names = [w for w in name.written if w not in LEGAL and w not in SMALL]
    if not 1 <= len(names) <= _MOST_WORDS:
        return 0.0
    gained, wanted, used = 0.0, 0, set()
    for word in query.written:
        if word in LEGAL or word in SMALL:
            continue
        near = [fuzz.ratio(word, other) / 100 for other in names]
        best = max(range(len(names)), key=near.__getitem__)
        used.add(best)
        gained += near[best] * len(word)
        wanted += len(word)
    left = [w for n, w in enumerate(names) if n not in used]
    spare = sum(0.3 if SHORT_FORM.get(w) in UMBRELLA else 1.0 for w in left)
    return gained / max(wanted, 1) * (1 - 0.35 * spare / (spare + len(used)))


def _heard(letters: str, sounds: tuple[str, ...]) -> float:
    """Return the share of syllables that stand in `letters`, in order and near by."""
    if not sounds:
        return 0.0
    at, found = 0, 0
    for sound in sounds:
        place = letters.find(sound, at, at + len(sound) + _NEAR)
        if place >= 0:
            at, found = place + len(sound), found + 1
    return found / max(len(sounds), len(letters) / _SYLLABLE)


def _pinyin(query: Folded, name: Folded) -> list[Likeness]:
    letters, spoken = query.pinyin, query.spoken
    ways: list[Likeness] = []
    for sounds in name.readings + name.own_readings:
        whole = "".join(sounds) + name.letters
        alike = max(
            fuzz.ratio(letters, whole) / 100,
            OSA.normalized_similarity(letters, whole),
        )
        by_syllable = (
            Levenshtein.normalized_similarity(spoken, sounds)
            if spoken
            else _heard(letters, sounds)
        )
        alike = 0.65 * alike + 0.35 * by_syllable
        ways.append(Likeness(0.97 * alike, "pinyin"))
        if len(letters) > 7 and letters in whole:  # noqa: PLR2004 - three syllables or so
            ways.append(Likeness(0.85 + 0.13 * len(letters) / len(whole), "pinyin"))
        if letters == "".join(s[0] for s in sounds):
            ways.append(Likeness(0.9 - 0.002 * len(name.han), "acronym"))
    return ways


def _mixed(query: Folded, name: Folded) -> Likeness:
    """Return how like they sound, where a query has some characters as pinyin."""
    sound = fuzz.ratio(query.spelled, name.spelled) / 100
    kept = LCSseq.similarity(query.han, name.han) / len(query.han)
    return Likeness(0.97 * (0.75 * sound + 0.25 * kept), "pinyin")


def _chinese(query: Folded, name: Folded) -> list[Likeness]:
    a, b = query.han_core, name.han_core
    mixed = 1.0
    if query.words or name.words:
        mixed = 0.7 + 0.3 * fuzz.ratio(query.letters, name.letters) / 100
    core = Indel.normalized_similarity(a, b)
    every = Indel.normalized_similarity(query.han, name.han)
    sound = Indel.normalized_similarity(query.sounds, name.sounds)
    own = Indel.normalized_similarity(query.han_own, name.han_own)
    ways = [
        Likeness(mixed * (0.96 * max(core, 0.99 * own) + 0.03 * every), "chinese"),
        Likeness(mixed * 0.97 * (0.7 * sound + 0.3 * core), "sound"),
    ]
    if len(a) > 2 and b.startswith(a):  # noqa: PLR2004 - two begin too many names
        ways.append(Likeness(mixed * (0.75 + 0.2 * len(a) / len(b)), "chinese"))
    if len(query.han) <= _SHORT_NAME:
        ways.append(Likeness(mixed * _short(query, name), "short"))
    return ways


def _short(query: Folded, name: Folded) -> float:
    """Return how well a company's short name, `query`, fits a full `name`.

    Short names keep characters of the full name in order, beginning with what is its
    own; their generic ending may be worded in another way.
    """
    brand, own = query.han_short, name.han_own
    kept = LCSseq.similarity(query.han, name.han) / len(query.han)
    brand_kept = LCSseq.similarity(brand, own) / len(brand)
    if own.startswith(brand) or name.han.startswith(brand):
        place = 1.0
    elif brand in own:
        place = 0.75
    else:
        place = 0.4 * (own[:1] == brand[:1])
    brevity = 1 / (1 + 0.05 * max(len(own) - len(query.han), 0))
    listed = 1.0 if _LISTED in name.han else 0.0
    return (
        0.35 * kept + 0.25 * brand_kept + 0.2 * place + 0.08 * brevity + 0.07 * listed
    )
