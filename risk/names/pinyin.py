"""Chinese characters as toneless pinyin, one syllable a character; `ü` as `u`."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

_PHRASES = {
    "重庆": "虫庆",
    "厦门": "夏门",
    "银行": "银航",
    "分行": "分航",
    "支行": "支航",
    "商行": "商航",
    "音乐": "音月",
    "蚌埠": "泵布",
    "长治": "常治",
    "朝阳": "潮阳",
    "单县": "善县",
    "会计": "快计",
    "六安": "路安",
    "大厦": "大煞",
}
"""Where a character is read in another way: with one always read so in its place."""

_READINGS = {
    "长": "chang zhang",
    "都": "du dou",
    "模": "mo mu",
    "乐": "le yue",
    "调": "tiao diao",
    "行": "hang xing",
    "重": "zhong chong",
    "朝": "chao zhao",
    "曾": "zeng ceng",
    "单": "dan shan",
    "厦": "xia sha",
    "传": "chuan zhuan",
    "藏": "cang zang",
    "车": "che ju",
    "盛": "sheng cheng",
    "强": "qiang jiang",
    "泊": "bo po",
    "薄": "bo bao",
    "参": "can shen",
    "弹": "dan tan",
    "蔚": "wei yu",
    "石": "shi dan",
    "降": "jiang xiang",
    "解": "jie xie",
    "率": "lu shuai",
    "仇": "chou qiu",
    "区": "qu ou",
    "盖": "gai ge",
    "卡": "ka qia",
    "角": "jiao jue",
    "宿": "su xiu",
    "校": "xiao jiao",
    "系": "xi ji",
    "省": "sheng xing",
    "尉": "wei yu",
    "埔": "pu bu",
    "堡": "bao pu",
    "大": "da dai",
    "和": "he huo",
    "柏": "bai bo",
    "觉": "jue jiao",
    "露": "lu lou",
    "熟": "shu shou",
    "秘": "mi bi",
    "谷": "gu yu",
    "陆": "lu liu",
}
"""How companies' names use a character with several readings, the commonest first."""

_LONGEST = len("zhuang")
_MOST = 3
_TONE = re.compile(r"(?<=[a-z])[1-5](?!\d)")
_UMLAUT = re.compile(r"(?<=[ln])(?:v|yu)")
_PHRASE = re.compile("|".join(_PHRASES))
_SEVERAL = re.compile(f"[{''.join(_READINGS)}]")


def heard(text: str) -> str:
    """Return `text` with characters whose reading is what they have in that phrase."""
    return _PHRASE.sub(lambda found: _PHRASES[found[0]], text)


def syllables(text: str) -> tuple[str, ...]:
    """Return the pinyin of each Chinese character in `text`; others are left out."""
    return tuple(heard(text).translate(_table()).split())


def readings(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the syllables of `text`, and those with one character read otherwise."""
    first, as_heard = syllables(text), heard(text)
    if not _SEVERAL.search(as_heard):
        return (first,)
    found = [first]
    for place in list(_SEVERAL.finditer(as_heard))[:_MOST]:
        other = _READINGS[place[0]].split()[1]
        before, after = as_heard[: place.start()], as_heard[place.end() :]
        found.append((*syllables(before), other, *syllables(after)))
    return tuple(found)


def spelling(letters: str) -> str:
    """Return typed pinyin without tone numbers, `ü` in its many guises as `u`."""
    return _UMLAUT.sub("u", _TONE.sub("", letters))


def split(letters: str) -> tuple[str, ...]:
    """Return pinyin `letters` as syllables, as few as possible; () if they are none."""
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(letters) + 1):
        ways = [
            (*before, letters[start:end])
            for start in range(max(0, end - _LONGEST), end)
            if (before := best[start]) is not None and letters[start:end] in _all()
        ]
        best.append(min(ways, key=len, default=None))
    return best[-1] or ()


@cache
def _all() -> frozenset[str]:
    return frozenset(syllable.strip() for syllable in _table().values())


@cache
def _table() -> Mapping[int, str]:
    """Return each character's syllable and a space, for `str.translate`."""
    tones: Mapping[int, str] = _part_of("pypinyin", "pinyin_dict").pinyin_dict
    table = {code: _syllable(tone) + " " for code, tone in tones.items()}
    for character, several in _READINGS.items():
        table[ord(character)] = several.split()[0] + " "
    return table


def _part_of(package: str, name: str) -> ModuleType:
    """Return a module without the rest of its package.

    All of pypinyin is a second of work and 30 MB, nearly all of it phrases.
    """
    whole = find_spec(package)
    folder = Path((whole and whole.origin) or package).parent
    spec = spec_from_file_location(f"{package}_{name}", folder / f"{name}.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"{package} has no {name}")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _syllable(tones: str) -> str:
    letters = unicodedata.normalize("NFD", tones.partition(",")[0])
    return "".join(letter for letter in letters if letter.isascii())
