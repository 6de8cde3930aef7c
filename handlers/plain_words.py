"""Plain words, in either language: what they ask for, wherever they are typed."""

from collections.abc import Callable

from handlers.check import ForWhom, question_of
from handlers.evidence import answer_promise
from handlers.order_words import read_order, speaks_of_order
from handlers.promise_words import speaks_of_promise
from handlers.whatif import answer_if
from handlers.whatif_words import speaks_of_if
from handlers.why import answer_why
from handlers.why_words import read_why
from templates.messages.base import Message, Problem
from templates.messages.lookup import CustomerCard
from workflows.check import check_among
from workflows.finding import NobodyLike, plain_name
from workflows.lookup import look_up
from workflows.services import Actor, Services

_GREETINGS = frozenset({"", "help", "hi", "hello", "帮助", "你好", "怎么用"})

READERS: tuple[Callable[[Services, Actor, str], Message | None], ...] = (
    answer_if,
    answer_promise,
    answer_why,
)
"""Each answers the words it is for, and lets all others pass."""


def greets(words: str) -> bool:
    """Return whether somebody says hello, or nothing, or asks how this is used."""
    return words.casefold().strip("!！.。?？ ") in _GREETINGS


def ask_more(services: Services, words: str) -> bool:
    """Return whether `words` ask for more than a customer's card."""
    return (
        speaks_of_order(words)
        or speaks_of_promise(words)
        or speaks_of_if(words)
        or read_why(words, services.today()) is not None
    )


def answer_words(
    services: Services,
    actor: Actor,
    words: str,
    *,
    channel: str,
    thread_ts: str | None = None,
) -> Message:
    """Return the answer to what was said in a channel, or in a thread there."""
    for read in READERS:
        found = read(services, actor, words)
        if found is not None:
            return found
    order = read_order(words)
    if not speaks_of_order(words) or (order.customer and not order.complete):
        return look_up(services, actor, plain_name(words) or words)
    if not order.customer:
        return Problem(ForWhom.message, {})
    asked = question_of(order, channel=channel, thread_ts=thread_ts)
    return check_among(services, actor, order.names, asked)


def look_up_asked(services: Services, actor: Actor, typed: str) -> Message:
    """Return the card of who is called so, else of whom “is Acme ok?” asks about.

    Or the customers that may be meant.

    Raises:
        NobodyLike: nobody's name is like either.

    """
    asked = plain_name(typed)
    if asked in {"", typed}:
        return look_up(services, actor, typed)
    try:
        found: Message | None = look_up(services, actor, typed)
    except NobodyLike:
        found = None
    if isinstance(found, CustomerCard):
        return found
    try:
        return look_up(services, actor, asked)
    except NobodyLike:
        if found is None:
            raise
        return found
