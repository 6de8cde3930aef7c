"""Plain words: a mention in a channel, or a direct message, in either language."""

import re
from typing import Any

from slack_bolt import App, BoltResponse

from handlers.plain_words import answer_words, greets
from handlers.subcommands import help_message
from templates.messages.base import Message
from templates.mrkdwn import plain
from workflows.owe import owe_reply
from workflows.services import Actor, Services

_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")


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
    if greets(words):
        return help_message()
    return answer_words(
        services,
        actor,
        words,
        channel=event["channel"],
        thread_ts=event.get("thread_ts") or event.get("ts"),
    )
