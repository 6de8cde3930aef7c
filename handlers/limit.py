"""`/risk limit`: every method of a limit; set, asked for and decided in forms."""

from datetime import date
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers.forms import FormTooLate, Values, show, value_of
from handlers.reply import Reply
from templates.messages.base import Message, Problem
from templates.mrkdwn import plain
from workflows import limit, limit_decision
from workflows.digest_choices import WrongField
from workflows.limit_wish import LimitWish
from workflows.services import Actor, Services

FORM, REFUSAL = "limit_form", "limit_refusal"


def register(app: App) -> None:
    """Connect the buttons and forms of limits to `app`."""
    app.action("limit_show")(show_limit)
    app.action("limit_open")(open_form)
    app.action("limit_approve")(approve)
    app.action("limit_refuse")(open_refusal)
    app.view(FORM)(submit_form)
    app.view(REFUSAL)(submit_refusal)


def limit_command(
    text: str, *, services: Services, actor: Actor, reply: Reply, **_: object
) -> BoltResponse:
    """Answer `/risk limit <customer>` with all methods, or with whom it may mean."""
    return reply.in_ack(limit.limit_of(services, actor, plain(text)))


def show_limit(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Show a customer's limit: in the place of a list, or below a request for it."""
    shown = limit.limit_proposal(services, actor, int(action["value"]))
    show(shown, body, client, reply)
    return ack()


def open_form(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Open the form in which a customer's limit is set, or asked for."""
    form = limit.limit_form(services, actor, int(action["value"]))
    _open(client, body, reply, form)
    return ack()


def submit_form(
    view: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Set the limit, or ask for it; or show, at its field, what cannot be taken."""
    values: Values = view["state"]["values"]
    customer_id, seen = limit.read_metadata(view["private_metadata"])
    day = value_of(values, "until")
    wish = LimitWish(
        customer_id=customer_id,
        amount=value_of(values, "amount") or "",
        currency=value_of(values, "currency") or services.currency,
        reason=value_of(values, "reason") or "",
        until=date.fromisoformat(day) if day else None,
        seen=seen,
    )
    try:
        return reply.update_view(limit_decision.put_limit(services, actor, wish))
    except WrongField as wrong:
        return _at_field(reply, wrong)


def approve(
    ack: Ack, action: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Approve a limit that somebody asks for; the message itself is changed for all."""
    request_id, version = _ticket(str(action["value"]))
    done = limit_decision.decide_limit(
        services, actor, request_id, version, approve=True
    )
    reply.privately(done)
    return ack()


def open_refusal(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Ask why a limit is refused."""
    form = limit_decision.refusal_form(services, actor, *_ticket(str(action["value"])))
    _open(client, body, reply, form)
    return ack()


def submit_refusal(
    view: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Refuse a limit, with the reason that its asker is told."""
    request_id, version = _ticket(view["private_metadata"])
    reason = value_of(view["state"]["values"], "reason") or ""
    try:
        done = limit_decision.decide_limit(
            services, actor, request_id, version, approve=False, reason=reason
        )
    except WrongField as wrong:
        if wrong.field != "reason":
            raise
        return _at_field(reply, wrong)
    return reply.update_view(done)


def _open(client: WebClient, body: dict[str, Any], reply: Reply, form: Message) -> None:
    """Open a form by the trigger of a click."""
    try:
        client.views_open(
            trigger_id=body["trigger_id"], view=reply.rendered(form).as_view()
        )
    except SlackApiError as error:
        late = {"expired_trigger_id", "exchanged_trigger_id"}
        if error.response.get("error") in late:
            raise FormTooLate from error
        raise


def _at_field(reply: Reply, wrong: WrongField) -> BoltResponse:
    """Show what is wrong at its field."""
    words = reply.rendered(Problem(wrong.message, vars(wrong))).text
    return reply.ack(response_action="errors", errors={wrong.field: plain(words)})


def _ticket(value: str) -> tuple[int, int]:
    """Return the request and the version that a button or form carries."""
    request_id, _, version = value.partition(":")
    return int(request_id), int(version)
