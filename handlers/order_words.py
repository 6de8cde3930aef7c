"""Reads an order out of plain words: “can I ship 80k to Acme on 60 days?”."""

import re
from dataclasses import dataclass
from decimal import Decimal

_TIMES = {
    "k": 10**3,
    "thousand": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "mio": 10**6,
    "million": 10**6,
    "bn": 10**9,
    "billion": 10**9,
    "千": 10**3,
    "万": 10**4,
    "萬": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "億": 10**8,
}
_SIGNS = {
    "$": "USD",
    "us$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "CNY",
    "￥": "CNY",
    "rmb": "CNY",
    "人民币": "CNY",
    "元": "CNY",
    "块": "CNY",
    "美元": "USD",
    "美金": "USD",
    "刀": "USD",
    "欧元": "EUR",
    "英镑": "GBP",
    "日元": "JPY",
    "港币": "HKD",
    "港元": "HKD",
    "euro": "EUR",
    "euros": "EUR",
    "dollars": "USD",
    "pounds": "GBP",
    "yuan": "CNY",
}
_CODES = frozenset(
    {
        "USD",
        "EUR",
        "GBP",
        "CNY",
        "JPY",
        "HKD",
        "TWD",
        "SGD",
        "KRW",
        "INR",
        "AUD",
        "NZD",
        "CAD",
        "CHF",
        "SEK",
        "NOK",
        "DKK",
        "PLN",
        "CZK",
        "HUF",
        "RON",
        "TRY",
        "ZAR",
        "BRL",
        "MXN",
        "CLP",
        "COP",
        "PEN",
        "AED",
        "SAR",
        "ILS",
        "EGP",
        "THB",
        "VND",
        "IDR",
        "MYR",
        "PHP",
        "RUB",
        "UAH",
    }
)


def _any_of(words: "dict[str, object] | list[str]") -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


_CURRENCY = rf"{_any_of([*_SIGNS, *(c.lower() for c in _CODES)])}"
_NUMBER = r"\d+(?:[,'\u00a0 ]\d{3})*(?:\.\d+)?"
AMOUNT = re.compile(
    rf"(?:(?P<before>{_CURRENCY})\s*)?(?<![A-Za-z\d.])(?P<number>{_NUMBER})"
    rf"\s*(?P<times>{_any_of(dict(_TIMES))})?(?![a-z\d%])"
    rf"(?:\s*(?P<after>{_CURRENCY})(?![a-z]))?",
    re.IGNORECASE,
)
_TERMS = re.compile(
    r"(?:(?:on|at|with|for|net|n/|账期|帳期|付款期|期限)\s*:?\s*)+(?P<a>\d{1,4})"
    r"(?:\s*-?\s*(?:days?|d\b|天|日))?(?:\s*(?:net|terms|credit|账期|帳期))?(?![\w%])"
    r"|(?P<b>\d{1,4})\s*-?\s*(?:days?|天|日)(?:\s*(?:的)?(?:net|terms|credit|账期|帳期))?",
    re.IGNORECASE,
)
_PREPAID = re.compile(
    r"(?:prepay(?:ment)?|prepaid|upfront|deposit|down\s?payment|预付款?|預付款?|定金|首付)"
    r"\s*(?:of)?\s*(?P<a>\d{1,3}(?:\.\d+)?)\s*[%％]"
    r"|(?P<b>\d{1,3}(?:\.\d+)?)\s*[%％]\s*"
    r"(?:prepay(?:ment|paid)?|prepaid|upfront|up\s?front|deposit|down(?:\s?payment)?|"
    r"in advance|预付款?|預付款?|定金|首付)",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\b(?:can|could|may|should|shall|do|does|is|it|ok|okay|fine|safe|we|i|you|please|"
    r"ship(?:ment|ping)?|send|deliver|sell|supply|release|invoice|an?|the|order|goods|"
    r"worth|of|for|to|on|at|with|net|terms|credit|days?|prepay(?:ment|paid)?|prepaid|"
    r"upfront|more|another|and|check)\b"
    r"|能不能|可不可以|是否可以|可以|能否|能|我们|我|给|向|对|发货|发|送|卖|出货|的货|货物|货|"
    r"的订单|订单|下单|做|账期|吗|么|呢|嘛|请问|价值|的",
    re.IGNORECASE,
)

_SPEAKS = re.compile(
    r"\b(?:ship(?:ping|ment)?|deliver|send|sell|supply|order|invoice|release|prepay)\b"
    r"|发货|发|出货|订单|下单|账期|帳期|预付|赊",
    re.IGNORECASE,
)

_LONGEST = 24
"""Digits and separators of the largest amount anybody writes."""


@dataclass(frozen=True, slots=True)
class OrderWords:
    """What somebody asks about: a customer as typed, and the order's terms if said."""

    customer: str
    amount: Decimal | None
    currency: str | None
    terms_days: int | None
    prepaid_share: Decimal

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
    rest, prepaid = _take(_PREPAID, rest)
    rest, terms = take_terms(rest)
    rest, amount = _take_amount(rest, last=not plain_words)
    words = _FILLER.sub(" ", rest) if plain_words else rest
    customer = re.sub(r"[\s,;:?!。、]+", " ", words).strip(" .,;:?!-\"'“”")
    return OrderWords(
        customer=customer,
        amount=amount and value_of(amount),
        currency=amount and currency_of(amount),
        terms_days=terms,
        prepaid_share=_share(prepaid),
    )


def speaks_of_order(text: str) -> bool:
    """Return whether `text` asks about an order, not about a customer with a number."""
    if _SPEAKS.search(text) or _TERMS.search(text) or _PREPAID.search(text):
        return True
    found = (m for m in AMOUNT.finditer(text) if len(m["number"]) <= _LONGEST)
    return any(m["before"] or m["after"] or m["times"] for m in found)


def take_terms(text: str) -> tuple[str, int | None]:
    """Return `text` without the payment terms it names, and their days."""
    rest, terms = _take(_TERMS, text)
    return rest, int(terms["a"] or terms["b"]) if terms else None


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, re.Match[str] | None]:
    """Return `text` without the first match of `pattern`, and that match."""
    found = pattern.search(text)
    if found is None:
        return text, None
    return f"{text[: found.start()]} {text[found.end() :]}", found


def _take_amount(text: str, *, last: bool) -> tuple[str, re.Match[str] | None]:
    """Take the likeliest amount: one with a unit or a currency goes before a bare one.

    A command names the customer first, so there the `last` one is meant.
    """
    found = [m for m in AMOUNT.finditer(text) if len(m["number"]) <= _LONGEST]
    if not found:
        return text, None
    best = found[-1] if last else max(found, key=_likelihood)
    return f"{text[: best.start()]} {text[best.end() :]}", best


def _likelihood(amount: re.Match[str]) -> tuple[bool, bool, Decimal]:
    """Order amounts: with a currency, with a unit that is no name (3M), the largest."""
    name_like = amount["times"] == "M" and len(amount["number"]) == 1
    has_currency = bool(amount["before"] or amount["after"])
    return has_currency, bool(amount["times"]) and not name_like, value_of(amount)


def value_of(amount: re.Match[str]) -> Decimal:
    """Return what an amount that was read is worth, in its own currency."""
    digits = re.sub(r"[,'\u00a0 ]", "", amount["number"])
    return Decimal(digits) * _TIMES.get((amount["times"] or "").lower(), 1)


def currency_of(amount: re.Match[str]) -> str | None:
    """Return the currency of an amount that was read; None where none is said."""
    said = (amount["before"] or amount["after"] or "").lower()
    return (_SIGNS.get(said) or said.upper()) or None


def _share(prepaid: re.Match[str] | None) -> Decimal:
    if prepaid is None:
        return Decimal(0)
    return min(Decimal(prepaid["a"] or prepaid["b"]) / 100, Decimal(1))
