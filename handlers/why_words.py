"""Reads “why did Acme's score change since 1 June?”: whose, and since when."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_WHY = re.compile(
    r"^\s*(?:and\s+)?(?:why|how\s+come)\b"
    r"|^\s*(?:为什么|为何|怎么会|what\s+(?:changed|moved)\b)"
    r"|(?:为什么|为何).*(?:变|降|升|跌|涨|是\s*[A-E]|级)",
    re.IGNORECASE,
)
_MONTHS = {
    name: place
    for place, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATES = (
    re.compile(r"(?P<y>20\d\d)[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})"),
    re.compile(r"(?:(?P<y>20\d\d)年)?(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})[日号])?"),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m>{_NAME})\b(?:\s+(?P<y>20\d\d))?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<m>{_NAME})\b(?:\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b)?"
        r"(?:,?\s+(?P<y>20\d\d))?",
        re.IGNORECASE,
    ),
)
_AGO = (
    (re.compile(r"\blast\s+week\b|上周|上星期", re.IGNORECASE), 7),
    (re.compile(r"\blast\s+month\b|上个?月", re.IGNORECASE), 30),
    (re.compile(r"\blast\s+quarter\b|上个?季度", re.IGNORECASE), 90),
    (re.compile(r"\blast\s+year\b|去年", re.IGNORECASE), 365),
    (re.compile(r"\byesterday\b|昨天", re.IGNORECASE), 1),
)
_FILLER = re.compile(
    r"^\s*(?:and\s+)?(?:why|how\s+come|what\s+(?:changed|moved))\b"
    r"|\b(?:is|are|was|has|have|did|does|do|the|its|their|score|class|rating|points?"
    r"|chang(?:e|ed|es)|mov(?:e|ed)|f[ae]ll(?:en)?|falls|dropp?(?:ed)?|drops|rose|rise|risen"
    r"|went|go(?:ne)?|down|up|worse|better|since|so|for|at|in|of|an?|only|now)\b"
    r"|\b[A-E]\b(?=[\s?？]*$)|为什么|为何|怎么会|评分|评级|等级|分数|变化|变了|变|下降|上升|降低"
    r"|提高|降了|升了|降到|升到|降|升|了|自从|自|从|以来|以后|起|的|是|呢|吗",
    re.IGNORECASE,
)
_THEY = re.compile(
    r"^(?:they|them|it|this|that|he|she|他们|它们|它|对方|该客户)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class WhyWords:
    """Whose score is asked about (empty: whoever was looked at), and since when."""

    customer: str
    since: date | None


def read_why(text: str, today: date) -> WhyWords | None:
    """Return what `text` asks about a score; None if it asks something else."""
    if not _WHY.search(text):
        return None
    rest, since = _since(text, today)
    words = _FILLER.sub(" ", re.sub(r"['’]s\b", " ", rest))
    name = re.sub(r"[\s,;:?!，。；：？！]+", " ", words).strip(" .-")
    return WhyWords("" if _THEY.match(name) else name, since)


def _since(text: str, today: date) -> tuple[str, date | None]:
    """Return `text` without the day it names, and that day: the last such one."""
    for pattern in _DATES:
        if found := pattern.search(text):
            day = _day(found, today)
            if day is not None:
                return f"{text[: found.start()]} {text[found.end() :]}", day
    for pattern, days in _AGO:
        if found := pattern.search(text):
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            return rest, today - timedelta(days=days)
    return text, None


def _day(found: re.Match[str], today: date) -> date | None:
    named = found["m"].casefold()
    month = _MONTHS.get(named) or int(named)
    day, year = int(found["d"] or 1), int(found["y"] or today.year)
    try:
        meant = date(year, month, day)
        if found["y"] is None and meant > today:
            meant = meant.replace(year=year - 1)
    except ValueError:
        return None
    return meant
