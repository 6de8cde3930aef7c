"""Reads an order out of plain words: “can I ship 80k to Acme on 60 days?”."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from handlers.order_amounts import Amount, amounts_in, number_of

_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?![a-z])"
_DATE = re.compile(
    r"(?:\b(?:by|on|before|until|till|from)\s+)?(?<![\w./-])(?:"
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTHS}(?:,?\s+\d{{4}})?|"
    rf"{_MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?(?![\d%kK,.])(?:,?\s+\d{{4}})?|"
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]?)(?![\w/-])(?:之?前)?",
    re.IGNORECASE,
)
_UNIT = r"(?:calendar\s+)?days?|d(?![a-z])|天|日|weeks?|周|months?|个月"
_SMALL = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_FEW = rf"\d{{1,4}}|[一二两三四五六七八九十]{{1,3}}|\b(?:{'|'.join(_SMALL)})\b"
_CREDIT = r"net|n/|账期|帳期|付款期|付款期限|月结|信用期|期限"
_TERMS = re.compile(
    rf"(?:(?:on|at|with|for|in|within)\s+)*(?:{_CREDIT})\s*[-:：是为]?\s*(?P<a>{_FEW})"
    rf"(?:\s*-?\s*(?P<ua>{_UNIT}))?(?:\s*(?:net|terms|credit))*(?![A-Za-z\d%])"
    rf"|(?:(?:on|at|with|for|in|within)\s+)*(?<![A-Za-z\d.])(?<!\d,)(?P<b>{_FEW})\s*-?\s*"
    rf"(?P<ub>{_UNIT})(?:\s*(?:的)?\s*(?:net|terms|credit|open|账期|帳期|信用期))*"
    r"|\bon\s+(?P<c>\d{1,3})(?=\s*(?:$|[?,.!]|terms|credit|net))",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(
    r"\bcash\s+on\s+delivery\b|\bcod\b|\bdue\s+on\s+receipt\b|货到付款", re.IGNORECASE
)
_DAYS = {"w": 7, "周": 7, "m": 30, "个": 30}
"""Days of a unit, by its first letter; others are days."""

_UPFRONT = (
    r"(?:pre-?pay(?:ment|s|ing)?|pre-?paid|up\s?-?front|deposit|down\s?-?payment|"
    r"in\s+advance|advance|预付款?|預付款?|定金|订金|首付|先付)"
)
_PREPAID = re.compile(
    rf"{_UPFRONT}\s*(?:of)?\s*(?P<a>\d{{1,3}}(?:\.\d+)?)\s*[%％]"
    rf"|(?P<b>\d{{1,3}}(?:\.\d+)?)\s*[%％]\s*(?:的)?\s*(?:as\s+)?(?:an?\s+)?{_UPFRONT}"
    rf"|{_UPFRONT}\s*(?P<c>[一二三四五六七八九])成"
    rf"|(?P<half>{_UPFRONT}\s*(?:一半|half)|half\s+(?:of\s+it\s+)?{_UPFRONT}|一半预付)"
    r"|(?P<all>cash\s+in\s+advance|paid\s+in\s+advance|(?:fully|all)\s+prepaid|"
    r"prepaid\s+in\s+full|full\s+prepayment|款到发货|先款后货|全款预付|预付全款|"
    r"全额预付|先付全款)",
    re.IGNORECASE,
)
_BEFORE_SUM = re.compile(rf"{_UPFRONT}\s*(?:of|款)?\s*:?\s*$", re.IGNORECASE)
_AFTER_SUM = re.compile(rf"\s*(?:as\s+)?(?:an?\s+)?{_UPFRONT}", re.IGNORECASE)
_FILLER = re.compile(
    r"\b(?:can|could|may|might|should|shall|would|will|do|does|is|it|ok|okay|fine|safe|"
    r"we|i|you|please|ship(?:ment|ping|ped)?|send|deliver(?:y|ing)?|sell|supply|"
    r"release|invoice|an?|the|order|goods|worth|of|for|to|on|at|with|net|terms|credit|"
    r"days?|prepay(?:ment)?|prepaid|upfront|more|another|and|check)\b"
    r"|能不能|可不可以|是否可以|可以|能否|能|我们|我|给|向|对|发货|发|送|卖|出货|的货|货物|货|"
    r"的订单|订单|下单|做|账期|吗|么|呢|嘛|请问|价值|的",
    re.IGNORECASE,
)
_CHATTER = re.compile(
    r"\b(?:want(?:s|ed)?|would|like[sd]?|buy(?:s|ing)?|order(?:s|ed|ing)?|give|grant|"
    r"allow(?:ed)?|what|about|how|need(?:s|ed)?|today|tomorrow|now|asap|from|in|be|are|"
    r"they|them|their|if|when|new|let|me|my|our|us|customer|client|this|that|these|has|"
    r"have|get|take|possible|approve|accept|still|purchase|ask(?:s|ed)?|request(?:s|ed)?|"
    r"whether|pay(?:s|ing)?|open|account|hi|hello|hey|thanks|thank|cash|advance|by|"
    r"deal|go|ahead|good|stuff|products?|material|trucks?|containers?|put|"
    r"dispatch|hand|over|out|up|front|alright|okay|rest|half|deposit|down|payment)\b"
    r"|想要|想买|要买|采购|购买|想|要|买|下了|下的|下|放行|放|赊销给|赊销|赊给|赊|可否|"
    r"行不行|好不好|行吗|行|余款|尾款|先付|全款|一半|预付|定金|批准|批|今天|明天|现在|这个|"
    r"那个|客户|您好|你好|麻烦|帮忙|帮我|看看|看下|查一下|是否|是不是|合适|问题|没|有(?!限)|了",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    r"\b(?:ship(?:ping|ment)?|deliver|send|sell|supply|order|invoice|release|prepay)\b"
    r"|发货|发|出货|订单|下单|账期|帳期|预付|赊",
    re.IGNORECASE,
)
_AROUND = " .,;:?!-\"'“”"


@dataclass(frozen=True, slots=True)
class OrderWords:
    """What somebody asks about: a customer as typed, and the order's terms if said."""

    customer: str
    amount: Decimal | None
    currency: str | None
    terms_days: int | None
    prepaid_share: Decimal
    names: tuple[str, ...] = field(default=(), compare=False)
    """What the customer may be called, with ever fewer of the words around it."""

    @property
    def complete(self) -> bool:
        """Return whether a check can be made of it."""
        return bool(self.customer) and self.amount is not None


def read_order(text: str, *, plain_words: bool = True) -> OrderWords:
    """Return the order that `text` speaks of; what it does not say is None.

    With `plain_words` the customer stands among words of a question, which are left
    out; a command's text names the customer first and nothing is left out of it.
    """
    rest = text.replace("，", ",").replace("。", ".").replace("？", "?")
    rest, _ = _take(_DATE, rest)
    rest, prepaid = _take(_PREPAID, rest)
    rest, terms = take_terms(rest)
    rest, upfront = _take_upfront(rest) if prepaid is None else (rest, None)
    rest, amount = _take_amount(rest, last=not plain_words)
    names = _names(rest) if plain_words else (_tidy(rest),)
    return OrderWords(
        customer=names[0],
        amount=amount.value if amount else None,
        currency=next(
            (a.currency for a in (amount, upfront) if a and a.currency), None
        ),
        terms_days=terms,
        prepaid_share=_share(prepaid, upfront, amount),
        names=names,
    )


def read_amount(
    text: str, *, last: bool = False
) -> tuple[str, Decimal | None, str | None]:
    """Return `text` without the likeliest amount (or the `last`), it, its currency."""
    rest, amount = _take_amount(text, last=last)
    if amount is None:
        return text, None, None
    return rest, amount.value, amount.currency


def speaks_of_order(text: str) -> bool:
    """Return whether `text` asks about an order, not about a customer with a number."""
    if _SPEAKS.search(text) or _TERMS.search(text) or _PREPAID.search(text):
        return True
    return any(amount.marked for amount in amounts_in(text))


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, re.Match[str] | None]:
    """Return `text` without the first match of `pattern`, and that match."""
    found = pattern.search(text)
    if found is None:
        return text, None
    return _without(text, *found.span()), found


def _without(text: str, start: int, end: int) -> str:
    return f"{text[:start]} {text[end:]}"


def take_terms(text: str) -> tuple[str, int | None]:
    """Return `text` without the payment terms it names, and their days."""
    text, found = _take(_TERMS, text)
    if found is None:
        text, at_once = _take(_AT_ONCE, text)
        return text, 0 if at_once else None
    said = (found["a"] or found["b"] or found["c"]).casefold()
    count = _SMALL.get(said) or number_of(said)
    unit = (found["ua"] or found["ub"] or "d")[0].casefold()
    return text, None if count is None else int(count) * _DAYS.get(unit, 1)


def _take_upfront(text: str) -> tuple[str, Amount | None]:
    """Take a sum that is said to be paid before shipping, if there is another one."""
    found = list(amounts_in(text))
    for amount in found:
        before = _BEFORE_SUM.search(text[: amount.start])
        after = _AFTER_SUM.match(text[amount.end :])
        if len(found) > 1 and (before or after):
            start = before.start() if before else amount.start
            end = amount.end + (after.end() if after and not before else 0)
            return _without(text, start, end), amount
    return text, None


def _take_amount(text: str, *, last: bool) -> tuple[str, Amount | None]:
    """Take the likeliest amount: one with a unit or a currency goes before a bare one.

    A command names the customer first, so there the `last` one is meant.
    """
    found = list(amounts_in(text))
    if not found:
        return text, None
    by_place = max(found, key=lambda a: (a.end, a.end - a.start))
    best = by_place if last else max(found, key=lambda a: a.likelihood)
    return _without(text, best.start, best.end), best


def _names(rest: str) -> tuple[str, ...]:
    """Return what is left as the customer's name, with ever fewer words around it."""
    plain = _tidy(_FILLER.sub(" ", rest))
    bare = rest
    for amount in sorted(amounts_in(rest), key=lambda a: -a.start):
        if amount.marked:
            bare = _without(bare, amount.start, amount.end)
    bare = _tidy(_CHATTER.sub(" ", _FILLER.sub(" ", bare)))
    return tuple(dict.fromkeys([plain, bare])) if bare else (plain,)


def _tidy(words: str) -> str:
    return re.sub(r"[\s,;:?!。、]+", " ", words).strip(_AROUND)


def _currency(*amounts: Amount | None) -> str | None:
    return next((a.currency for a in amounts if a and a.currency), None)


def _share(
    prepaid: re.Match[str] | None, upfront: Amount | None, amount: Amount | None
) -> Decimal:
    """Return the share of the amount that is said to be paid before shipping."""
    share = Decimal(0)
    if prepaid is not None and (prepaid["half"] or prepaid["all"]):
        share = Decimal("0.5") if prepaid["half"] else Decimal(1)
    elif prepaid is not None and prepaid["c"]:
        share = (number_of(prepaid["c"]) or Decimal(0)) / 10
    elif prepaid is not None:
        share = Decimal(prepaid["a"] or prepaid["b"]) / 100
    elif upfront is not None and amount is not None and amount.value > 0:
        share = upfront.value / amount.value
    return share
