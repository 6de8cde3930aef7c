"""`/risk …`: the first word says which part of the desk answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import App, BoltResponse
from slack_sdk import WebClient

from handlers.digest import digest_command
from handlers.reply import Reply
from risk.errors import N_, UserError
from workflows.services import Actor, Services


@dataclass(eq=False)
class UnknownCommand(UserError):
    """`/risk` with a word that it does not know."""

    word: str
    known: str
    message = N_("I do not know “%(word)s”. I know: %(known)s.")


SUBCOMMANDS: dict[str, Callable[..., BoltResponse]] = {
    "digest": digest_command,
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
) -> BoltResponse:
    """Answer `/risk`, by the subcommand that its text begins with."""
    word, _, rest = str(body.get("text") or "").strip().partition(" ")
    command = SUBCOMMANDS.get(word.casefold())
    if command is None:
        raise UnknownCommand(word, ", ".join(sorted(SUBCOMMANDS)))
    return command(
        rest, body=body, client=client, services=services, actor=actor, reply=reply
    )
