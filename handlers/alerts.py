"""`/risk alerts`: the form of a place's alerts, and its words pause, resume, off."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient

from handlers.channels import trouble_with
from handlers.forms import (
    Values,
    field_error,
    open_view,
    people,
    redraw_view,
    several,
    value_of,
)
from handlers.reply import Reply
from risk.errors import N_
from templates.messages.alerts import AlertChoices, AlertsSet
from templates.mrkdwn import plain
from workflows.alerts import settings
from workflows.alerts.places import place_meant
from workflows.digest_choices import WrongField, read_metadata
from workflows.services import Actor, Services

FORM = "alerts_form"
REFRESHING = (
    "alerts_quiet_from",
    "alerts_quiet_to",
    "alerts_zone",
    "alerts_days",
    "alerts_country",
)
"""Controls that move when the place opens next, which the form shows."""

WORDS: dict[str, Callable[[Services, Actor, str], AlertsSet]] = {
    "pause": settings.pause_alerts,
    "resume": settings.resume_alerts,
    "off": settings.end_alerts,
    "暂停": settings.pause_alerts,
    "恢复": settings.resume_alerts,
    "关闭": settings.end_alerts,
}


@dataclass(eq=False)
class NotHere(WrongField):
    """We cannot post where alerts are wanted."""

    field = "budget"
    message = N_("I am not in this channel. Type /invite and my name in it, then save.")


@dataclass(eq=False)
class SharedPlace(WrongField):
    """People of another company read the channel."""

    field = "budget"
    message = N_(
        "People of another company read this channel, and what customers owe is not "
        "for them. Set alerts up in a channel of our own people."
    )


def register(app: App) -> None:
    """Connect the form's listeners to `app`; `/risk` itself calls `alerts_command`."""
    app.view(FORM)(save)
    for action in REFRESHING:
        app.action(action)(show_next_opening)


def alerts_command(
    text: str,
    *,
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
    **_: object,
) -> BoltResponse:
    """Answer `/risk alerts`: open a place's form, or do what the word says."""
    words = text.split()
    asked = [w for w in words if plain(w).casefold() in WORDS]
    rest = " ".join(w for w in words if w not in asked)
    meant = rest if rest.startswith("<@") else plain(rest)
    place = place_meant(meant, str(body["channel_id"]), actor)
    if asked:
        turned = WORDS[plain(asked[0]).casefold()](services, actor, place)
        return reply.in_ack(turned)
    open_view(settings.alert_form(services, actor, place), body, client, reply)
    return reply.ack()


def show_next_opening(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Show when the place would open next, as hours, zone or days off change."""
    view = body["view"]
    form = settings.alert_form_again(
        services, actor, view["private_metadata"], _choices(view["state"]["values"])
    )
    redraw_view(form, view, client, reply)
    return ack()


def save(
    view: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Set the alerts of a place; or show, at its field, what cannot be taken."""
    metadata = view["private_metadata"]
    try:
        _check_place(client, read_metadata(metadata)[0])
        settings.save_alerts(
            services, actor, metadata, _choices(view["state"]["values"])
        )
    except WrongField as wrong:
        return field_error(wrong.field, wrong, reply)
    return reply.ack()


def _check_place(client: WebClient, place: str) -> None:
    channel = place.partition("/")[0]
    trouble = trouble_with(client, channel) if channel[:1] in {"C", "G"} else ""
    if trouble == "shared":
        raise SharedPlace
    if trouble == "absent":
        raise NotHere


def _choices(values: Values) -> AlertChoices:
    """Return what a form's state chooses."""
    days = value_of(values, "days_off") or "none"
    return AlertChoices(
        budget=value_of(values, "budget") or "0",
        quiet_from=value_of(values, "quiet_from") or "00:00",
        quiet_to=value_of(values, "quiet_to") or "00:00",
        timezone=value_of(values, "zone") or "UTC",
        language=value_of(values, "language") or "en",
        days="" if days == "none" else days,
        country=value_of(values, "country") or "",
        verbosity=value_of(values, "verbosity") or "changes",
        owners=people(values, "owners"),
        regions=several(values, "regions"),
        classes=several(values, "classes"),
        causes=several(values, "causes"),
        minimum=value_of(values, "minimum") or "0",
    )
