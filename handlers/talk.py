"""Plain words: a mention in a channel, or a direct message, in either language."""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltResponse

from handlers.check import ForWhom, answer_in_words
from handlers.evidence import answer_promise
from handlers.order_words import read_order, speaks_of_order
from handlers.subcommands import help_message
from handlers.whatif import answer_if
from handlers.why import answer_why
from templates.messages.base import Message, Problem
from templates.mrkdwn import plain
from workflows.finding import plain_name
from workflows.lookup import look_up
from workflows.owe import owe_reply
from workflows.services import Actor, Services

_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_HELP = frozenset({"", "help", "hi", "hello", "?", "帮助", "你好", "怎么用"})

READERS: tuple[Callable[[Services, Actor, str], Message | None], ...] = (
    answer_if,
    answer_promise,
    answer_why,
)
"""Each answers the words it is for, and lets all others pass."""


def register(app: App) -> None:
    """Connect mentions and direct messages to `app`."""
    app.event("app_mention")(answer_mention)
    app.event({"type": "message", "subtype": None})(answer_direct_message)
    app.event("message")(pass_over)


def answer_mention(
    body: dict[str, Any], event: dict[str, Any], services: Services, actor: Actor
) -> BoltResponse:
    """Answer whoever mentions us in a channel, for their eyes alone."""
    _owe(services, actor, body, event, only_for=actor.slack_id)
    return BoltResponse(status=200)


def answer_direct_message(
    body: dict[str, Any], event: dict[str, Any], services: Services, actor: Actor
) -> BoltResponse:
    """Answer a direct message; what bots say, ourselves included, is passed over."""
    if event.get("channel_type") == "im" and not event.get("bot_id"):
        _owe(services, actor, body, event, only_for=None)
    return BoltResponse(status=200)


def pass_over() -> BoltResponse:
    """Take note of edits, deletions and the like; they ask nothing of us."""
    return BoltResponse(status=200)


def _owe(
    services: Services,
    actor: Actor,
    body: dict[str, Any],
    event: dict[str, Any],
    only_for: str | None,
) -> None:
    owe_reply(
        services,
        _answer(services, actor, event),
        event_id=body["event_id"],
        language=actor.language,
        channel=event["channel"],
        thread_ts=event.get("thread_ts"),
        only_for=only_for,
    )


def _answer(services: Services, actor: Actor, event: dict[str, Any]) -> Message:
    words = plain(_MENTION.sub(" ", str(event.get("text") or ""))).strip()
    if words.casefold().strip("!！.。 ") in _HELP:
        return help_message()
    for read in READERS:
        found = read(services, actor, words)
        if found is not None:
            return found
    order = read_order(words)
    if not speaks_of_order(words) or (order.customer and not order.complete):
        return look_up(services, actor, plain_name(words) or words)
    if not order.customer:
        return Problem(ForWhom.message, {})
    return answer_in_words(services, actor, order, event)
