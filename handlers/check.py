"""`/risk check`: may I ship? In a line, in a form, or in plain words."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient

from handlers.forms import field_error, open_form, show, value_of
from handlers.order_words import OrderWords, read_order
from handlers.reply import Reply
from risk.errors import N_, UserError
from templates.messages.check import CheckAnswer
from templates.mrkdwn import plain
from workflows import check, lookup
from workflows.services import Actor, Services

FORM = "check_form"
MOST_WAYS = 4


@dataclass(eq=False)
class ForWhom(UserError):
    """Somebody asks about an order and names no customer."""

    message = N_(
        "Say for which customer, and how much: “can I ship 80k to Acme on 60 days?”."
        " Or type `/risk check` for a form."
    )


@dataclass(eq=False)
class ChooseCustomer(UserError):
    """The form was sent without a customer."""

    message = N_("Choose the customer from the list.")


def register(app: App) -> None:
    """Connect the check's form and buttons; `/risk` itself calls `check_command`."""
    app.view(FORM)(check_in_form)
    app.action("check_chosen")(check_chosen)
    app.action("check_customer_show")(show_customer)
    for place in range(MOST_WAYS):
        app.action(f"check_take_{place}")(take_way)


def check_command(
    text: str,
    *,
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
    **_: object,
) -> BoltResponse:
    """Answer `/risk check <customer> <amount> …`; without an amount open the form."""
    words = read_order(plain(text), plain_words=False)
    if words.amount is None:
        form = check.check_form(services, actor, words.customer)
        client.views_open(
            trigger_id=body["trigger_id"], view=reply.rendered(form).as_view()
        )
        return reply.ack()
    asked = question_of(words, channel=str(body["channel_id"]))
    found = check.check_named(services, actor, words.customer, asked)
    return reply.in_ack(found)


def question_of(
    words: OrderWords, *, channel: str, thread_ts: str | None = None
) -> check.Question:
    """Return what `words` ask."""
    return check.Question(
        amount=words.amount or Decimal(0),
        currency=words.currency,
        terms_days=words.terms_days,
        prepaid_share=words.prepaid_share,
        channel=channel,
        thread_ts=thread_ts,
    )


def check_in_form(
    view: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Answer a form in its place; or show, at its field, what cannot be taken."""
    values = view["state"]["values"]
    number = value_of(values, "customer")
    try:
        if not number:
            raise ChooseCustomer
        terms, share = value_of(values, "terms"), value_of(values, "prepaid")
        asked = check.Question(
            amount=Decimal(value_of(values, "amount") or 0),
            currency=value_of(values, "currency"),
            terms_days=int(terms) if terms else None,
            prepaid_share=Decimal(share or 0) / 100,
        )
        found = check.check_named(services, actor, number, asked)
    except UserError as wrong:
        block = _FIELDS.get(type(wrong).__name__, "customer")
        return field_error(block, wrong, reply)
    if not isinstance(found, CheckAnswer):
        found_words = reply.rendered(found).text
        errors = {"customer": plain(found_words)}
        return reply.ack(response_action="errors", errors=errors)
    return reply.update_view(check.as_window(found))


_FIELDS = {
    "AmountNotPositive": "amount",
    "AmountBeyondMeasure": "amount",
    "FinerThanCents": "amount",
    "TermsBeyondMeasure": "terms",
    "PrepaidBeyondMeasure": "prepaid",
    "NoRate": "currency",
}
"""Where the form shows what is wrong."""


def check_chosen(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Check the order for the customer chosen from several, in the list's place."""
    customer_id, _, order = str(action["value"]).partition("|")
    asked = check.unpacked(order)
    found = check.check_order(services, actor, int(customer_id), asked)
    show(found, body, client, reply)
    return ack()


def take_way(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Check the order again under the conditions clicked, in the answer's place."""
    place = int(str(action["action_id"]).rpartition("_")[2])
    found = check.take_way(services, actor, int(action["value"]), place)
    show(check.as_window(found) if body.get("view") else found, body, client, reply)
    return ack()


def show_customer(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Show the customer's card over what was clicked."""
    card = lookup.customer_card(services, actor, int(action["value"]))
    open_form(lookup.as_window(card), body, client, reply)
    return ack()
