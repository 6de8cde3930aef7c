"""How changes are said, in English and Chinese: patterns, and what each becomes.

In a pattern `{name}` stands for a part; a change is said by any of its patterns. The
first that fit take their words away, so the more special stand before the general.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from handlers.order_amounts import AMOUNT, currency_of, value_of
from handlers.whatif_vocabulary import COUNTS, EVENTS, FIGURES, SCALES, UNITS
from risk.whatif import Cover, Later, Limit, OnTime, Pay, Ship, Wait
from risk.whatif_told import Accounts, Change, Event, Rated

Match = re.Match[str]


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


_N = rf"(?P<n>\d{{1,4}}|{_any(COUNTS)})"
_PARTS = {
    "n": _N,
    "days": rf"{_N}\s*-?\s*(?:more\s+)?"
    r"(?P<unit>days?|weeks?|months?|天|日|周|星期|个月)",
    "money": rf"(?P<money>{re.sub(r'[?]P<(?!sep>)[a-z]+>', '?:', AMOUNT.pattern)})",
    "share": r"(?P<share>\d{1,4}(?:\.\d+)?)\s*[%％]",
    "figure": rf"(?P<figure>{_any(FIGURES)})",
    "pays": r"\b(?:pays?|paid|paying|settles?|clears?)\s*(?:off\b)?\s*",
    "their": r"(?:(?:the|their|its|all|of|our)\s+)*",
    "open": r"(?:(?:open|overdue|unpaid)\s+)?",
    "bills": r"(?:invoices?|bills?|items?|ones?)\b",
    "付": r"(?:付清|结清|还清|付掉|支付|付款|偿还|付|还)了?",
    "们": r"(?:他们的?|它的?|其)?",
    "票": r"(?:张|笔|份|个)?(?:未付的?|未结的?)?(?:发票|账单|货款|款项|款)",
    "down": r"\s*(?:falls?|drops?|declines?|shrinks?|decreases?|goes\s+down|is\s+down"
    r"|loses?|下降|减少|下跌|下滑|降低|缩水|跌)\s*(?:by|了|约)?\s*",
    "up": r"\s*(?:rises?|grows?|increases?|climbs?|goes\s+up|is\s+up|gains?"
    r"|上升|增长|增加|上涨|提高|涨)\s*(?:by|了|约)?\s*",
    "scale": rf"(?P<scale>{_any(SCALES)})",
    "becomes": r"\s*(?:rating|score|评级|评分)?\s*(?:is|of|falls\s+to|drops\s+to|rises"
    r"\s+to|goes\s+to|becomes|降到|升到|降至|升至|变为|下调至|上调至|为|是)?\s*",
    "grade": r"(?P<value>(?<![a-z])[a-d]{1,3}[1-3]?(?:[+-]|(?![a-z0-9]))|\d{1,4})",
}


@dataclass(frozen=True, slots=True)
class Saying:
    """A change, and the patterns by which people say it."""

    patterns: tuple[re.Pattern[str], ...]
    read: Callable[[Match], Change | None]


def _saying(read: Callable[[Match], Change | None], *patterns: str) -> Saying:
    filled = (re.sub(r"\{(\w+)\}", lambda m: _PARTS[m[1]], p) for p in patterns)
    return Saying(tuple(re.compile(p, re.IGNORECASE) for p in filled), read)


def _count(found: Match) -> int:
    words = (found["n"] or "1").casefold()
    return max(COUNTS.get(words) or int(words), 1)


def _days(found: Match) -> int:
    return _count(found) * UNITS.get(found["unit"].casefold()[0], 1)


def _moves(found: Match, share: float) -> Accounts:
    return Accounts(FIGURES[" ".join(found["figure"].casefold().split())], share)


def _by_share(found: Match) -> float:
    return float(found["share"]) / 100


def _rated(found: Match) -> Rated:
    said = found.groupdict().get("scale") or ""
    return Rated(SCALES.get(said.casefold(), ""), found["value"])


def _event(found: Match) -> Event:
    said = found[0].casefold()
    return Event(next(kind for word, kind in EVENTS.items() if word in said))


def _of_money(
    make: Callable[[Decimal, str | None], Change],
) -> Callable[[Match], Change | None]:
    def read(found: Match) -> Change | None:
        amount = AMOUNT.search(found["money"])
        return make(value_of(amount), currency_of(amount)) if amount else None

    return read


def _pays(amount: Decimal, currency: str | None) -> Pay:
    return Pay("amount", amount=amount, currency=currency)


SAYINGS: tuple[Saying, ...] = (
    _saying(
        lambda m: OnTime(_count(m)),
        r"{pays}{their}next\s+(?:{n}\s+)?{bills}\s*"
        r"(?:on\s+time|in\s+time|when\s+due|punctually)",
        r"(?:接下来|今后|以后|后面|未来)的?{n}{票}?(?:都|均)?(?:按时|准时|按期|如期){付}",
    ),
    _saying(
        lambda m: Later(_days(m)),
        r"{pays}(?:all\s+)?{days}\s*(?:later|late)\b(?:\s+than\s+\w+)?",
        r"(?:推迟|拖延|晚|迟){days}{付}?",
        r"(?:付款|支付)(?:推迟|拖延|晚|迟)了?{days}",
    ),
    _saying(
        lambda m: Later(-_days(m)),
        r"{pays}(?:all\s+)?{days}\s*(?:earlier|early|sooner)\b(?:\s+than\s+\w+)?",
        r"(?:提前|早){days}{付}?",
    ),
    _saying(
        lambda m: Wait(_days(m)),
        r"{pays}(?:nothing|no\s+\w+)\s+(?:for|in)\s+{days}",
        r"(?:nothing|no\s+payment|no\s+money)\s+(?:is\s+paid|comes(?:\s+in)?)\s+"
        r"(?:for|in)\s+{days}",
        r"\b(?:does|do)\s*n[o'’]?t\s+pay(?:\s+anything)?\s+(?:for|in)\s+{days}",
        r"{days}之?内?都?(?:不|没有?|未){付}",
    ),
    _saying(
        lambda m: Pay("oldest", _count(m)),
        r"{pays}{their}(?:{n}\s+)?(?:of\s+)?{their}(?:oldest|earliest)\s+{open}{bills}",
        r"{pays}{their}(?:oldest|earliest)\s+(?:{n}\s+)?{open}{bills}",
        r"{pays}{their}{n}\s+(?:oldest|earliest)\b",
        r"{pays}{their}{n}\s+{open}{bills}",
        r"{付}{们}(?:最早|最旧|最老|最久)的?{n}?{票}?",
        r"{付}{们}{n}{票}",
    ),
    _saying(
        lambda _: Pay("overdue"),
        r"{pays}(?:everything|all|what)\s+(?:that\s+)?is\s+overdue",
        r"{pays}everything\s+overdue",
        r"{pays}{their}overdue(?:\s+{bills})?",
        r"{付}{们}(?:所有|全部)?的?逾期的?{票}?",
    ),
    _saying(
        lambda _: Pay("all"),
        r"{pays}(?:everything|it\s+all|in\s+full|all\b\s*{their}{open}(?:{bills})?)",
        r"(?:全部|全额){付}",
        r"{付}{们}(?:所有|全部)的?{票}?",
    ),
    _saying(lambda m: _moves(m, -_by_share(m)), r"{figure}{down}{share}"),
    _saying(lambda m: _moves(m, _by_share(m)), r"{figure}{up}{share}"),
    _saying(lambda m: _moves(m, -0.5), r"{figure}\s*(?:halves?|is\s+halved|减半)"),
    _saying(
        lambda m: _moves(m, 1), r"{figure}\s*(?:(?:is\s+)?double[sd]?|翻一?[倍番])"
    ),
    _saying(
        _of_money(Cover),
        r"(?:\b(?:add|get|give|provide|with|have)s?\s+)?{money}\s+(?:of\s+|in\s+)?"
        r"(?:more\s+)?(?:credit\s+)?(?:cover|insurance|guarantees?|security)\b"
        r"(?:\s+is\s+added)?",
        r"(?:\b(?:we|are|is)\s+)*\b(?:insur|cover|secur|guarante)ed?(?:ance)?\s+"
        r"(?:of\s+|for\s+|them\s+for\s+)?{money}(?:\s+is\s+added)?",
        r"(?:增加|提供|投保|加上?|取得|买)?{money}的?(?:信用)?(?:担保|保险|保函|保额)",
        r"(?:增加|提供|加上?|取得|买)?(?:信用)?(?:担保|投保|保险|保函){money}",
    ),
    _saying(
        _of_money(Limit),
        r"\b(?:(?:the|their|credit)\s+)*limit\s+(?:(?:is|was|of|to|goes|at|raised|set"
        r"|cut|lowered)\s+)+{money}",
        r"(?:信用)?额度(?:调整?|提高|降低?|提|设定?|改)?(?:到|至|为|成|是)?{money}",
    ),
    _saying(
        _rated,
        r"\b(?:rated|downgraded\s+to|upgraded\s+to|cut\s+to)\s+{grade}"
        r"\s+(?:by|on|at|from)\s+{scale}",
        r"{scale}{becomes}{grade}",
        r"\b(?:(?:is|are|gets?)\s+)?(?:rated|downgraded\s+to|upgraded\s+to|cut\s+to)"
        r"\s+{grade}",
        r"(?:\b(?:the|their|its|a)\s+)?rating(?:\s+of|{becomes}){grade}",
        r"评[级分]被?(?:下调|上调|降|升|变|调)?(?:到|至|为|成){grade}",
    ),
    _saying(
        _event,
        r"\b(?:goes|go|becomes?|is|are)\s+(?:insolvent|bankrupt)\b",
        r"\bfiles?\s+for\s+(?:insolvency|bankruptcy)",
        r"\bdefaults?\b",
        r"\b(?:is|are|gets?)\s+sued\b",
        r"\bwe\s+sue(?:\s+(?:them|it))?\b",
        r"\b(?:we\s+)?writes?\s+(?:(?:them|it|a\s+claim|something)\s+)?off\b",
        r"\bis\s+written\s+off\b",
        r"(?:申请)?破产",
        r"违约",
        r"被?(?:起诉|诉讼)",
        r"(?:被)?核销",
    ),
    _saying(
        _of_money(Ship),
        r"\b(?:orders?|buys?|ships?|takes?)\s+(?:for\s+|another\s+)?{money}"
        r"(?:\s+more)?",
        r"\ban\s+order\s+(?:of|for|over)\s+{money}",
        r"再?(?:订货|下单|订购|采购|买货|发货|发)\s*{money}的?货?",
    ),
    _saying(_of_money(_pays), r"{pays}(?:us\s+)?{money}", r"{付}了?{money}"),
)
"""Every change that can be asked for, in words."""
