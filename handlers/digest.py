"""`/risk digest`: the form of a channel's digest, and its words now, pause, …."""

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
from risk.errors import N_, UserError
from templates.messages.digest import DigestChoices, DigestSet
from templates.mrkdwn import plain
from workflows import digest_settings
from workflows.digest_choices import WrongField, read_metadata
from workflows.services import Actor, Services

FORM = "digest_form"
REFRESHING = ("digest_days", "digest_time", "digest_zone")
"""Controls that move the next run, which the form shows."""

WORDS: dict[str, Callable[[Services, Actor, str], DigestSet]] = {
    "now": digest_settings.ask_now,
    "pause": digest_settings.pause,
    "resume": digest_settings.resume,
    "off": digest_settings.end,
    "现在": digest_settings.ask_now,
    "暂停": digest_settings.pause,
    "恢复": digest_settings.resume,
    "关闭": digest_settings.end,
}


@dataclass(eq=False)
class UnknownDigestWord(UserError):
    """Something follows `/risk digest` that we do not know."""

    word: str
    message = N_(
        "I do not know “%(word)s” here. Type `/risk digest`, or `/risk digest` with "
        "`now`, `pause`, `resume` or `off`."
    )


@dataclass(eq=False)
class NotInChannel(WrongField):
    """We cannot post where the digest is wanted."""

    field = "days"
    message = N_("I am not in this channel. Type /invite and my name in it, then save.")


@dataclass(eq=False)
class SharedChannel(WrongField):
    """People of another company read the channel."""

    field = "days"
    message = N_(
        "People of another company read this channel, and what customers owe is not "
        "for them. Set the digest up in a channel of our own people."
    )


def register(app: App) -> None:
    """Connect the form's listeners to `app`; `/risk` itself calls `digest_command`."""
    app.view(FORM)(save_digest)
    for action in REFRESHING:
        app.action(action)(show_next_run)


def digest_command(
    text: str,
    *,
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
    **_: object,
) -> BoltResponse:
    """Answer `/risk digest`: open the form, or do what the word after it says."""
    word, channel = plain(text).strip().casefold(), str(body["channel_id"])
    if word:
        if word not in WORDS:
            raise UnknownDigestWord(word)
        return reply.in_ack(WORDS[word](services, actor, channel))
    open_digest_form(channel, body, client, services, actor, reply)
    return reply.ack()


def open_digest_form(
    channel: str,
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> None:
    """Open the form of a channel's digest, by the trigger of a command or a click."""
    open_view(digest_settings.form_for(services, actor, channel), body, client, reply)


def show_next_run(
    ack: Ack, body: dict[str, Any], client: WebClient, services: Services, reply: Reply
) -> BoltResponse:
    """Show when the digest would come next, as days, time or zone change."""
    view = body["view"]
    chosen = _choices(view["state"]["values"])
    form = digest_settings.form_again(services, view["private_metadata"], chosen)
    redraw_view(form, view, client, reply)
    return ack()


def save_digest(
    view: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Set the digest up; or show, at its field, what cannot be taken."""
    metadata = view["private_metadata"]
    try:
        _check_channel(client, read_metadata(metadata)[0])
        digest_settings.save(
            services, actor, metadata, _choices(view["state"]["values"])
        )
    except WrongField as wrong:
        return field_error(wrong.field, wrong, reply)
    return reply.ack()


def _check_channel(client: WebClient, channel: str) -> None:
    """Raise what keeps us from posting to `channel`, where Slack can say it now.

    The sweep looks closer before it owes a digest: at the channel's members too.
    """
    trouble = trouble_with(client, channel)
    if trouble == "shared":
        raise SharedChannel
    if trouble == "absent":
        raise NotInChannel


def _choices(values: Values) -> DigestChoices:
    """Return what a form's state chooses."""
    return DigestChoices(
        days="".join(sorted(several(values, "days"))),
        time=value_of(values, "time") or "09:00",
        timezone=value_of(values, "zone") or "UTC",
        language=value_of(values, "language") or "en",
        owners=people(values, "owners"),
        regions=several(values, "regions"),
        classes=several(values, "classes"),
        minimum=value_of(values, "minimum") or "0",
    )
