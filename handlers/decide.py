"""The credit team's buttons on a check, and the asker's: forms, and decisions."""

from collections.abc import Callable
from datetime import date
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient

from handlers.forms import field, field_error, open_form, value_of, which
from handlers.reply import Reply
from templates.messages.check import Done
from workflows import check_forms, decide
from workflows.services import Actor, Services

Decision = Callable[[Services, Actor, int, int, str], Done]

FORMS: dict[str, tuple[str, Decision]] = {
    "check_refuse": ("refuse", decide.refuse),
    "check_return": ("return", decide.ask_back),
    "check_reply": ("reply", decide.reply_to_team),
}
"""Button → the form it opens, and what the form's words decide."""


def register(app: App) -> None:
    """Connect the buttons and their forms to `app`."""
    app.action("check_ask")(open_ask)
    app.view("check_ask_form")(ask)
    app.action("check_release")(open_release)
    app.view("check_release_form")(release)
    app.action("check_again")(check_again)
    for button, (kind, _) in FORMS.items():
        app.action(button)(open_words)
        app.view(f"check_{kind}_form")(send_words)


def open_ask(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Open the form in which a check is put before the credit team."""
    open_form(
        check_forms.ask_form(services, actor, int(action["value"])), body, client, reply
    )
    return ack()


def ask(
    view: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Put the check before the credit team."""
    words = value_of(view["state"]["values"], "words") or ""
    check_id = int(view["private_metadata"])
    return reply.update_view(decide.ask_team(services, actor, check_id, words))


def open_release(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Open the form of a release, for those who may decide."""
    check_id, version = which(str(action["value"]))
    form = check_forms.release_form(services, actor, check_id, version)
    open_form(form, body, client, reply)
    return ack()


def release(
    view: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Release the order; or show, at its field, what cannot be taken."""
    values = view["state"]["values"]
    check_id, version = which(view["private_metadata"])
    way = value_of(values, "way") or "as_asked"
    given = decide.Release(
        way=None if way == "as_asked" else int(way),
        until=date.fromisoformat(value_of(values, "until") or "0001-01-01"),
        words=value_of(values, "words") or "",
    )
    try:
        done = decide.release(services, actor, check_id, version, given)
    except decide.UntilWrong as wrong:
        return field_error("until", wrong, reply)
    return reply.update_view(done)


def open_words(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Open the form of a refusal, of a question back, or of its answer."""
    kind, _ = FORMS[str(action["action_id"])]
    check_id, version = which(str(action["value"]))
    form = check_forms.words_form(services, actor, kind, (check_id, version))
    open_form(form, body, client, reply)
    return ack()


def send_words(
    view: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Refuse, ask back or answer, with the words of the form."""
    button = str(view["callback_id"]).removesuffix("_form")
    _, decided = FORMS[button]
    check_id, version = which(view["private_metadata"])
    words = str(field(view["state"]["values"], "words").get("value") or "")
    try:
        done = decided(services, actor, check_id, version, words)
    except decide.WordsMissing as wrong:
        return field_error("words", wrong, reply)
    return reply.update_view(done)


def check_again(
    ack: Ack, action: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Check the order again with the facts of now."""
    check_id, version = which(str(action["value"]))
    reply.privately(decide.recheck(services, actor, check_id, version))
    return ack()
