"""Reads a promise to pay out of plain words: “they promised 30k on Friday”."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from handlers.day_words import read_day
from handlers.order_words import read_amount

_SPEAKS = re.compile(
    r"\b(?:promis\w*|will pay|(?:is|are) going to pay|agreed to pay|committed? to pay"
    r"|pledg\w*|undert\w+ to pay"
    r"|said (?:that )?(?:they|he|she|it)(?:'ll| will| would) pay)\b"
    r"|答应|承诺|保证.{0,6}付|说.{0,8}会?付|同意.{0,8}付|会在.{0,12}付",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\b(?:promis\w*|will|would|going|agreed|commit\w*|pledg\w*|undert\w+|said|says|"
    r"that|has|have|had|is|are|to|us|me|pay|paid|payment|paying|transfer|wire|send|a|an|"
    r"they|them|the|of|by|on|at|for|it|worth|about|another|please|note|now|and)\b|'ll"
    r"|答应|答應|承诺|承諾|保证|同意|我们|我|会|將|将|给|向|在|于|之前|前|内|付清|付款|支付|"
    r"付|款|汇|打|说|说是|的|了|要|请|记一下|记下",
    re.IGNORECASE,
)
_THEY = frozenset(
    {
        "",
        "they",
        "them",
        "he",
        "she",
        "customer",
        "they've",
        "they're",
        "their",
        "他们",
        "她们",
        "对方",
        "客户",
        "他",
        "她",
        "它们",
    }
)


@dataclass(frozen=True, slots=True)
class PromiseWords:
    """What somebody says was promised; what they do not say is None."""

    customer: str
    """Empty for “they”."""
    amount: Decimal | None
    currency: str | None
    due_on: date | None


def speaks_of_promise(text: str) -> bool:
    """Return whether `text` tells of a promise to pay."""
    return bool(_SPEAKS.search(text)) and not text.rstrip().endswith(("?", "？", "吗"))


def read_promise(text: str, today: date, *, plain_words: bool = True) -> PromiseWords:
    """Return the promise that `text` tells of.

    With `plain_words` the customer stands among words of a sentence, which are left
    out; a command's text names the customer first and nothing is left out of it.
    """
    rest, day = read_day(text.replace("，", ",").replace("。", "."), today)
    rest, amount, currency = read_amount(rest, last=not plain_words)
    words = _FILLER.sub(" ", rest) if plain_words else rest
    name = re.sub(r"[\s,;:?!。、]+", " ", words).strip(" .,;:?!-\"'“”")
    named = "" if name.casefold() in _THEY else _without_they(name)
    return PromiseWords(named, amount, currency, day)


def _without_they(name: str) -> str:
    """Return a name without the “they” that Chinese writes before the verb."""
    for word in ("他们", "对方", "客户"):
        if name.startswith(word) and len(name) > len(word):
            return name.removeprefix(word).strip()
    return name
