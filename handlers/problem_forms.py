"""The forms of a problem's card, sent: each does one thing and says so in its place."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltResponse

from handlers.forms import Values, field, field_error, value_of, which
from handlers.reply import Reply
from workflows.problems import acts, snooze
from workflows.services import Actor, Services


def register(app: App) -> None:
    """Connect the forms to `app`."""
    app.view("problem_assign_form")(assign)
    app.view("problem_hand_form")(hand_over)
    app.view("problem_snooze_form")(snooze_rules)
    app.view("problem_label_form")(label)


def assign(
    view: dict[str, Any],
    services: Services,
    actor: Actor,
    reply: Reply,
    who_is: Callable[[str], Actor],
) -> BoltResponse:
    """Give the problem to the person chosen."""
    person = str(field(view["state"]["values"], "person").get("selected_user") or "")
    at = which(view["private_metadata"])
    try:
        done = acts.assign(services, actor, at, who_is(person))
    except acts.NotForThem as wrong:
        return field_error("person", wrong, reply)
    return reply.update_view(done)


def hand_over(
    view: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Put the problem before the credit team."""
    words = value_of(view["state"]["values"], "why") or ""
    at = which(view["private_metadata"])
    return reply.update_view(acts.hand_over(services, actor, at, words))


def snooze_rules(
    view: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Snooze the rules ticked; or show, at its field, what is missing."""
    values = view["state"]["values"]
    quiet = snooze.Quiet(
        _ticked(values),
        int(value_of(values, "days") or 0),
        value_of(values, "why") or "",
    )
    at = which(view["private_metadata"])
    try:
        done = snooze.snooze(services, actor, at, quiet)
    except acts.NoRuleChosen as wrong:
        return field_error("rules", wrong, reply)
    except snooze.SnoozeReasonMissing as wrong:
        return field_error("why", wrong, reply)
    except snooze.SnoozeTooLong as wrong:
        return field_error("days", wrong, reply)
    return reply.update_view(done)


def label(
    view: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Keep what was said of the alert; or show, at its field, what is missing."""
    values = view["state"]["values"]
    at, _, kind = str(view["private_metadata"]).rpartition(":")
    said = acts.Said(
        kind,
        _ticked(values),
        value_of(values, "code") or "",
        value_of(values, "why") or "",
    )
    try:
        done = acts.label(services, actor, which(at), said)
    except acts.NoRuleChosen as wrong:
        return field_error("rules", wrong, reply)
    except acts.NoLabelReason as wrong:
        return field_error("code", wrong, reply)
    return reply.update_view(done)


def _ticked(values: Values) -> tuple[int, ...]:
    """Return the places of the rules that were ticked."""
    chosen = field(values, "rules").get("selected_options") or ()
    return tuple(int(option["value"]) for option in chosen)
