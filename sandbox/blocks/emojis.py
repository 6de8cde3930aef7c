"""Emoji by Slack's names for them."""

import re
from functools import cache

import emoji

_TONES = {f"skin-tone-{n}": chr(0x1F3F9 + n) for n in range(2, 7)}
"""Slack counts skin tones from 2 to 6, Unicode from U+1F3FB on."""
_OURS = {"simple_smile": "🙂", "thumbsup_all": "👍"}
NAMED = re.compile(r"(?<![A-Za-z0-9]):([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):")
"""An emoji's name as it is typed."""
_CODE = re.compile(r"[0-9a-f]{2,5}(-[0-9a-f]{2,5})*", re.IGNORECASE)
_REGIONAL_A = 0x1F1E6


@cache
def by_name(name: str) -> str:
    """Return the emoji that Slack calls `name` (no colons), or "" if unknown.

    The name may end in a skin tone: `wave::skin-tone-3`.
    """
    bare, _, tone = name.partition("::")
    found = _OURS.get(bare, "") or _listed(bare)
    for prefix in ("large_", "flag-"):
        rest = bare.removeprefix(prefix)
        if not found and rest != bare:
            found = _flag(rest) if prefix == "flag-" else _listed(rest)
    return found + _TONES.get(tone, "") if found else ""


def by_code(code: str) -> str:
    """Return the emoji of Unicode's numbers, as `1f1e9-1f1ea`, or "" if it is none."""
    if not _CODE.fullmatch(code):
        return ""
    sign = "".join(chr(int(part, 16)) for part in code.split("-"))
    return sign if emoji.is_emoji(sign) else ""


def named(text: str) -> str:
    """Return the text with the emoji that it names; unknown names stay."""
    return NAMED.sub(lambda m: by_name(m.group(1)) or m.group(), text)


def _listed(name: str) -> str:
    return _signs().get(f":{name}:", "")


@cache
def _signs() -> dict[str, str]:
    """Return the emoji by their names with colons, aliases before the full names.

    `emojize` looks through all of them for each name.
    """
    most = emoji.STATUS["fully_qualified"]
    whole = {s: f for s, f in emoji.EMOJI_DATA.items() if f["status"] <= most}
    named: dict[str, str] = {}
    for sign, facts in whole.items():
        for alias in facts.get("alias", ()):
            named.setdefault(alias, sign)
    for sign, facts in whole.items():
        named.setdefault(facts["en"], sign)
    return named


def _flag(country: str) -> str:
    if len(country) != 2 or not (country.isascii() and country.isalpha()):
        return ""
    return "".join(chr(_REGIONAL_A + ord(c) - ord("a")) for c in country.lower())


@cache
def all_names() -> tuple[tuple[str, str], ...]:
    """Return (name, emoji) of all that have a short name, sorted by name."""
    named = {
        alias.strip(":"): sign
        for sign, facts in emoji.EMOJI_DATA.items()
        if facts["status"] == emoji.STATUS["fully_qualified"]
        for alias in (facts.get("alias") or [facts["en"]])
    }
    return tuple(sorted(named.items()))


def search(typed: str, most: int = 40) -> list[tuple[str, str]]:
    """Return up to `most` (name, emoji) whose name holds what was typed."""
    sought = typed.strip(":").casefold().replace(" ", "_")
    found = [pair for pair in all_names() if sought in pair[0]]
    found.sort(key=lambda pair: (not pair[0].startswith(sought), len(pair[0])))
    return found[:most]
