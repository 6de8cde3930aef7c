"""Notes and promises from chat: message shortcuts, commands, words, forms, buttons."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers.check import ChooseCustomer
from handlers.forms import Values, field_error, open_form, show, value_of
from handlers.promise_words import PromiseWords, read_promise, speaks_of_promise
from handlers.reply import Reply
from risk.errors import UserError
from templates.messages.base import Message
from templates.messages.lookup import Choices
from templates.mrkdwn import plain
from workflows import chat_evidence, notes, promises
from workflows.finding import find_customer
from workflows.services import Actor, Services


def register(app: App) -> None:
    """Connect shortcuts, forms and buttons; `/risk` itself calls the commands."""
    app.shortcut("note_message")(note_message)
    app.shortcut("promise_message")(promise_message)
    app.view("note_form")(keep_note)
    app.view("promise_form")(keep_promise)
    app.action("evidence_show")(show_evidence)
    app.action("note_retract")(retract_note)
    app.action("promise_retract")(retract_promise)
    app.action("note_chosen")(note_chosen)
    app.action("promise_chosen")(promise_chosen)


def note_message(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Open the form in which somebody's message becomes evidence on a customer."""
    text = plain(str((body.get("message") or {}).get("text") or ""))
    form = notes.note_form(services, actor, text, _permalink(client, body))
    open_form(form, body, client, reply)
    return ack()


def promise_message(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Open the form of a promise, with what the message tells filled in."""
    text = plain(str((body.get("message") or {}).get("text") or ""))
    words = read_promise(text, services.today())
    wish = _wish(words, text, _permalink(client, body))
    open_form(
        promises.promise_form(services, actor, words.customer, wish),
        body,
        client,
        reply,
    )
    return ack()


def note_command(
    text: str,
    *,
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
    **_: object,
) -> BoltResponse:
    """Answer `/risk note <customer>: <words>`; without words open the form."""
    name, colon, words = plain(text).replace("：", ":").partition(":")
    if not colon or not words.strip():
        form = notes.note_form(services, actor, "", None, name.strip())
        open_form(form, body, client, reply)
        return reply.ack()
    wish = notes.NoteWish(words.strip())
    return reply.in_ack(notes.note_named(services, actor, name.strip(), wish))


def promise_command(
    text: str,
    *,
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
    **_: object,
) -> BoltResponse:
    """Answer `/risk promise <customer> <amount> <day>`; what is missing, in a form."""
    words = read_promise(plain(text), services.today(), plain_words=False)
    wish = _wish(words, "", None)
    if words.amount is None or words.due_on is None:
        form = promises.promise_form(services, actor, words.customer, wish)
        open_form(form, body, client, reply)
        return reply.ack()
    return reply.in_ack(promises.promise_named(services, actor, words.customer, wish))


def answer_promise(services: Services, actor: Actor, text: str) -> Message | None:
    """Write down the promise that plain words tell of; None where they tell of none."""
    if not speaks_of_promise(text):
        return None
    words = read_promise(text, services.today())
    return promises.promise_named(
        services, actor, words.customer, _wish(words, text, None)
    )


def keep_note(
    view: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Keep the note of a form; or show, at its field, what cannot be taken."""
    values: Values = view["state"]["values"]
    wish = notes.NoteWish(
        text=value_of(values, "text") or "",
        kind=value_of(values, "kind") or "",
        weight=_whole(value_of(values, "weight")),
        half_life_days=_whole(value_of(values, "life")),
        link=notes.link_of(view.get("private_metadata") or ""),
    )
    fields = {"WordsNeeded": "text", "WeightWrong": "weight", "HalfLifeWrong": "life"}
    return _kept(
        lambda who: notes.keep_note(services, actor, who, wish),
        values,
        services,
        actor,
        reply,
        fields,
    )


def keep_promise(
    view: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Write the promise of a form down; or show, at its field, what is wrong."""
    values: Values = view["state"]["values"]
    amount, day = value_of(values, "amount"), value_of(values, "day")
    wish = promises.PromiseWish(
        amount=Decimal(amount) if amount else None,
        currency=value_of(values, "currency"),
        due_on=date.fromisoformat(day) if day else None,
        text=value_of(values, "text") or "",
        link=notes.link_of(view.get("private_metadata") or ""),
    )
    fields = {
        "NothingPromised": "amount",
        "CurrencyUnknown": "currency",
        "PromiseInThePast": "day",
        "PromiseTooFar": "day",
        "DayMissing": "day",
    }
    return _kept(
        lambda who: promises.keep_promise(services, actor, who, wish),
        values,
        services,
        actor,
        reply,
        fields,
    )


def show_evidence(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """List what people noted of a customer, and what it promised."""
    found = chat_evidence.evidence_of(services, actor, int(action["value"]))
    if body.get("view"):
        open_form(chat_evidence.as_window(found), body, client, reply)
    else:
        reply.privately(found)
    return ack()


def retract_note(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Take a note back."""
    done = notes.retract_note(services, actor, int(action["value"]))
    show(done, body, client, reply)
    return ack()


def retract_promise(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Take a promise back."""
    done = promises.retract_promise(services, actor, int(action["value"]))
    show(done, body, client, reply)
    return ack()


def note_chosen(
    ack: Ack, action: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Keep the note on the customer chosen from several, in the list's place."""
    customer_id, _, text = str(action["value"]).partition("|")
    wish = notes.NoteWish(text)
    kept = notes.keep_note(services, actor, int(customer_id), wish)
    reply.privately(kept, replace=True)
    return ack()


def promise_chosen(
    ack: Ack, action: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Write the promise down for the customer chosen, in the list's place."""
    customer_id, _, packed = str(action["value"]).partition("|")
    wish = promises.unpacked(packed)
    kept = promises.keep_promise(services, actor, int(customer_id), wish)
    reply.privately(kept, replace=True)
    return ack()


def _kept(
    keep: Callable[[int], Message],
    values: Values,
    services: Services,
    actor: Actor,
    reply: Reply,
    fields: dict[str, str],
) -> BoltResponse:
    """Keep what a form holds for its customer; a mistake is shown at its field."""
    try:
        number = value_of(values, "customer")
        if not number:
            raise ChooseCustomer
        found = find_customer(services, actor, number)
        if isinstance(found, Choices):
            raise ChooseCustomer
        return reply.update_view(keep(found))
    except UserError as wrong:
        return field_error(fields.get(type(wrong).__name__, "customer"), wrong, reply)


def _wish(words: PromiseWords, text: str, link: str | None) -> promises.PromiseWish:
    return promises.PromiseWish(words.amount, words.currency, words.due_on, text, link)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.lstrip("-").isdigit() else None


def _permalink(client: WebClient, body: dict[str, Any]) -> str | None:
    """Return the link to a message; None where the server has none to give."""
    channel = (body.get("channel") or {}).get("id")
    ts = (body.get("message") or {}).get("ts")
    if not channel or not ts:
        return None
    try:
        found = client.chat_getPermalink(channel=channel, message_ts=ts)
    except (SlackApiError, OSError):
        return None  # a note without its link is better than none
    return str(found.get("permalink") or "") or None
