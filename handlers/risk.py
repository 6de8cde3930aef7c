"""`/risk …`: the first word says which part of the desk answers."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltResponse
from slack_sdk import WebClient

from handlers.alerts import alerts_command
from handlers.backtest import backtest_command
from handlers.check import check_command
from handlers.digest import digest_command
from handlers.evidence import note_command, promise_command
from handlers.limit import limit_command
from handlers.lookup import seen_by
from handlers.plain_words import answer_words, ask_more, greets, look_up_asked
from handlers.problems import problems_command
from handlers.reply import Reply
from handlers.roles import role_command
from handlers.rules import rules_command
from handlers.subcommands import ALIASES, did_you_mean, help_message, nearest_command
from handlers.watch import unwatch_command, watch_command
from handlers.whatif import supposes, whatif_command
from templates.messages.base import Message
from templates.messages.lookup import Choices
from templates.mrkdwn import plain
from workflows import lookup
from workflows.digest import ReadersOf
from workflows.finding import NobodyLike
from workflows.services import Actor, Services


def help_command(_text: str, *, reply: Reply, **_: object) -> BoltResponse:
    """Answer `/risk help`."""
    return reply.in_ack(help_message())


SUBCOMMANDS: dict[str, Callable[..., BoltResponse]] = {
    "backtest": backtest_command,
    "alerts": alerts_command,
    "check": check_command,
    "digest": digest_command,
    "help": help_command,
    "limit": limit_command,
    "note": note_command,
    "promise": promise_command,
    "problems": problems_command,
    "role": role_command,
    "whatif": whatif_command,
    "unwatch": unwatch_command,
    "watch": watch_command,
    "rules": rules_command,
}
"""Each is called with the rest of the text, and by name with what a listener gets."""


def register(app: App) -> None:
    """Connect `/risk` to `app`."""
    app.command("/risk")(answer)


def answer(
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
    readers: ReadersOf,
) -> BoltResponse:
    """Answer `/risk`: a subcommand by its first word, else a customer by name."""
    text = str(body.get("text") or "").strip()
    word, _, rest = text.partition(" ")
    word = plain(word).casefold()
    command = SUBCOMMANDS.get(ALIASES.get(word, word))
    if command is None and not text:
        command = help_command
    if command is None and supposes(plain(text)):
        command, rest = whatif_command, text
    given: dict[str, Any] = {
        "body": body,
        "client": client,
        "services": services,
        "actor": actor,
        "reply": reply,
        "readers": readers,
    }
    if command is not None:
        return command(rest, **given)
    channel, words = str(body["channel_id"]), plain(text)
    found = _in_words(services, actor, words, word, channel)
    return reply.in_ack(seen_by(services, actor, found, channel))


def _in_words(
    services: Services, actor: Actor, words: str, first: str, channel: str
) -> Message:
    """Return what answers words that begin with no subcommand, or a slip of one.

    A customer may be called like a question, or like a slip.
    """
    if called := lookup.called(services, actor, words):
        return called
    if greets(words):
        return help_message()
    meant = nearest_command(first)
    if meant is None:
        if ask_more(services, words):
            return answer_words(services, actor, words, channel=channel)
        return look_up_asked(services, actor, words)
    try:
        found = look_up_asked(services, actor, words)
    except NobodyLike:
        return did_you_mean(first, meant)
    is_guess = isinstance(found, Choices) and not found.sure
    return did_you_mean(first, meant) if is_guess else found
