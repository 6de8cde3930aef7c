"""`/risk rules`: lists rules, and lets people write, try and switch their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient

from handlers.channels import trouble_with
from handlers.forms import Values, field, field_error, open_form, show, value_of, which
from handlers.reply import Reply
from handlers.rule_score import score_command
from risk.errors import N_, UserError
from risk.monitor.expression.faults import ExpressionFault
from templates.messages.rules import RuleCard
from templates.mrkdwn import plain
from workflows.rules import card, listing, switching, writing
from workflows.services import Actor, Services

FORM = "rule_form"
SCORE = ("score", "scoreboard", "评分", "记分", "计分")


@dataclass(eq=False)
class NotInChannel(UserError):
    """We are not in the test channel, so we cannot post there."""

    message = N_("I am not in this channel. Type /invite and my name in it, then save.")


@dataclass(eq=False)
class OthersRead(UserError):
    """People of another company read the test channel."""

    message = N_(
        "People of another company read this channel, and what customers owe is not "
        "for them. Choose a channel of our own people."
    )


_TROUBLES: dict[str, type[UserError]] = {"absent": NotInChannel, "shared": OthersRead}

_FIELDS: tuple[tuple[type[UserError], str], ...] = (
    (ExpressionFault, "expression"),
    (writing.TitleMissing, "title"),
    (writing.TitleTaken, "title"),
    (NotInChannel, "channel"),
    (OthersRead, "channel"),
)

Switch = Callable[[Services, Actor, switching.Ticket], RuleCard]

SWITCHES: dict[str, Switch] = {
    "rule_shadow": switching.try_in_shadow,
    "rule_live": switching.go_live,
    "rule_live_sure": lambda *given: switching.go_live(*given, sure=True),
    "rule_off": switching.switch_off,
    "rule_delete": switching.delete,
}


def register(app: App) -> None:
    """Connect the form and the buttons to `app`; `/risk` calls `rules_command`."""
    app.view(FORM)(save_rule)
    app.action("rule_new")(write_rule)
    app.action("rule_edit")(write_rule)
    app.action("rule_open")(show_rule)
    app.action("rule_list")(list_rules)
    app.action("rule_again")(try_again)
    for action in SWITCHES:
        app.action(action)(switch)


def rules_command(
    text: str,
    *,
    body: dict[str, Any],
    services: Services,
    actor: Actor,
    reply: Reply,
    **_: object,
) -> BoltResponse:
    """Answer `/risk rules [title | score]`."""
    words = plain(text).strip()
    if words.casefold() in SCORE:
        return score_command(body, services, actor, reply)
    if words:
        return reply.in_ack(card.called(services, actor, words))
    return reply.in_ack(listing.list_rules(services, actor))


def list_rules(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Show all rules."""
    show(listing.list_rules(services, actor), body, client, reply)
    return ack()


def show_rule(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Show a rule as it stands now."""
    rule_id, _ = which(str(action["value"]))
    show(card.show_rule(services, actor, rule_id), body, client, reply)
    return ack()


def write_rule(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Open the form of a new rule, or of one that is changed."""
    ticket = None
    if action["action_id"] == "rule_edit":
        ticket = which(str(action["value"]))
    open_form(writing.rule_form(services, actor, ticket), body, client, reply)
    return ack()


def save_rule(
    view: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Keep a rule and have it tried; or show, at its field, what cannot be taken."""
    values: Values = view["state"]["values"]
    channel = field(values, "channel").get("selected_conversation")
    draft = writing.Draft(
        title=value_of(values, "title") or "",
        expression=plain(value_of(values, "expression") or ""),
        cause=value_of(values, "cause") or "",
        severity=int(value_of(values, "severity") or 0),
        channel=channel,
    )
    ticket = which(view["private_metadata"]) if view["private_metadata"] else None
    try:
        trouble = trouble_with(client, channel) if channel else ""
        if trouble:
            raise _TROUBLES[trouble]
        saved = writing.save_draft(services, actor, draft, ticket)
    except tuple(kind for kind, _ in _FIELDS) as wrong:
        block = next(name for kind, name in _FIELDS if isinstance(wrong, kind))
        return field_error(block, wrong, reply)
    return reply.update_view(saved)


def try_again(
    ack: Ack,
    action: dict[str, Any],
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Have a rule tried on history once more."""
    ticket = which(str(action["value"]))
    reply.privately(writing.look_again(services, actor, ticket))
    return ack()


def switch(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Try a rule in shadow, switch it live or off, or delete it."""
    switched = SWITCHES[action["action_id"]]
    done = switched(services, actor, which(str(action["value"])))
    show(done, body, client, reply)
    return ack()
