"""Classes set by people: the form that proposes one, and the buttons that decide."""

from datetime import date
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient

from handlers.forms import field_error, open_form, value_of, which
from handlers.reply import Reply
from risk.errors import UserError
from workflows import overrides
from workflows.services import Actor, Services

FORM = "override_form"
_FIELDS: dict[type[UserError], str] = {
    overrides.ReasonMissing: "reason",
    overrides.OverrideUntilWrong: "until",
    overrides.SameClass: "class",
}


def register(app: App) -> None:
    """Connect the form and the buttons to `app`."""
    app.action("override_open")(open_override)
    app.view(FORM)(send_override)
    app.action("override_approve")(decide)
    app.action("override_refuse")(decide)
    app.action("override_end")(end)


def open_override(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Open the form in which another class is proposed."""
    form = overrides.override_form(services, actor, int(action["value"]))
    open_form(form, body, client, reply)
    return ack()


def send_override(
    view: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Propose the class; or show, at its field, what cannot be taken."""
    values = view["state"]["values"]
    until = date.fromisoformat(value_of(values, "until") or "0001-01-01")
    said = (value_of(values, "reason") or "", until)
    letter, customer_id = value_of(values, "class") or "", int(view["private_metadata"])
    try:
        done = overrides.propose(services, actor, customer_id, letter, said)
    except tuple(_FIELDS) as wrong:
        return field_error(_FIELDS[type(wrong)], wrong, reply)
    return reply.update_view(done)


def decide(
    ack: Ack, action: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Approve or refuse a proposed class."""
    override_id, version = which(str(action["value"]))
    approve = action["action_id"] == "override_approve"
    done = overrides.decide_override(
        services, actor, override_id, version, approve=approve
    )
    reply.privately(done)
    return ack()


def end(
    ack: Ack, action: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """End an override before its day."""
    reply.privately(overrides.end_override(services, actor, int(action["value"])))
    return ack()
