"""Problems: `/risk problems`, the buttons on their cards, and the forms these open."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient

from handlers.forms import open_form, open_window, show, which
from handlers.later import answer_later
from handlers.problem_forms import register as register_forms
from handlers.reply import Reply
from templates.messages.base import Message
from templates.messages.problems import (
    ProblemDone,
    ProblemListWindow,
    ProblemWindow,
    TimelineWindow,
)
from templates.mrkdwn import plain
from workflows.problems import acts, forms, looking, snooze
from workflows.services import Actor, Services

Act = Callable[[Services, Actor, int, int], ProblemDone]
Form = Callable[[Services, Actor, int, int], Message]


def _useful(
    services: Services, actor: Actor, problem_id: int, version: int
) -> ProblemDone:
    return acts.label(services, actor, (problem_id, version), acts.Said("useful"))


def _known(services: Services, actor: Actor, problem_id: int, version: int) -> Message:
    return forms.label_form(services, actor, (problem_id, version), "known")


def _wrong(services: Services, actor: Actor, problem_id: int, version: int) -> Message:
    return forms.label_form(services, actor, (problem_id, version), "wrong")


ACTS: dict[str, Act] = {
    "problem_acknowledge": acts.acknowledge,
    "problem_useful": _useful,
    "problem_wake": snooze.end_snooze,
}
"""Buttons that act at once."""

FORMS: dict[str, Form] = {
    "problem_assign": forms.assign_form,
    "problem_hand": forms.hand_form,
    "problem_snooze": forms.snooze_form,
    "problem_known": _known,
    "problem_wrong": _wrong,
}
"""Buttons that open a form."""


def register(app: App) -> None:
    """Connect the buttons and their forms to `app`."""
    for button in ACTS:
        app.action(button)(act)
    for button in FORMS:
        app.action(button)(open_problem_form)
    app.action("problem_open")(open_problem)
    app.action("problem_list")(list_problems)
    app.action("problem_history")(show_history)
    app.action("problem_newer")(turn_history)
    app.action("problem_older")(turn_history)
    app.action("problem_share")(share_history)
    register_forms(app)


def problems_command(
    text: str, *, services: Services, actor: Actor, reply: Reply, **_: object
) -> BoltResponse:
    """Answer `/risk problems [customer]` with the open problems."""
    return reply.in_ack(looking.find_problems(services, actor, plain(text)))


def act(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Do what a button does at once, and say so; the card follows."""
    done = ACTS[str(action["action_id"])]
    said = done(services, actor, *which(str(action["value"])))
    _answer(said, said, body, client, reply)
    return ack()


def open_problem_form(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Open the form of a button, for those who may send it."""
    form = FORMS[str(action["action_id"])]
    shown = form(services, actor, *which(str(action["value"])))
    open_form(shown, body, client, reply)
    return ack()


def open_problem(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Show a problem's card to the one who asked."""
    card = looking.show_problem(services, actor, int(action["value"]))
    _answer(card, as_window(card, ProblemWindow), body, client, reply)
    return ack()


def list_problems(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Show the open problems of a customer."""
    found = looking.problems_of(services, actor, int(action["value"]))
    _answer(found, as_window(found, ProblemListWindow), body, client, reply)
    return ack()


def show_history(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Show the whole life of a problem to the one who asked."""
    shown = looking.timeline(services, actor, int(action["value"]))
    shown = replace(shown, can_share=_can_share(body))
    _answer(shown, as_window(shown, TimelineWindow), body, client, reply)
    return ack()


def turn_history(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Show another page of a problem's life, in this one's place."""
    shown = looking.timeline(services, actor, *which(str(action["value"])))
    shown = replace(shown, can_share=_can_share(body))
    inside = as_window(shown, TimelineWindow) if body.get("view") else shown
    show(inside, body, client, reply)
    return ack()


def share_history(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    services: Services,
    actor: Actor,
    reply: Reply,
    readers: Callable[[str], str],
) -> BoltResponse:
    """Post a problem's life to the channel, if all its readers may see it."""
    channel = _channel(body)

    def share() -> Message:  # who reads there may take Slack many calls to say
        return looking.share_timeline(
            services,
            actor,
            which(str(action["value"])),
            channel=channel,
            readers=readers(channel),
            click=f"{action.get('action_ts')}:{actor.slack_id}",
        )

    answer_later(services, reply, share)
    return ack()


def as_window(message: Message, window: type[Message]) -> Message:
    """Return a message as the window that shows the same."""
    return window(**{f.name: getattr(message, f.name) for f in fields(message)})


def _answer(
    said: Message,
    window: Message,
    body: dict[str, Any],
    client: WebClient,
    reply: Reply,
) -> None:
    """Answer a click privately; in a window or on the Home by a window over it."""
    if body.get("view"):
        open_window(window, body, client, reply)
    else:
        reply.privately(said)


def _channel(body: dict[str, Any]) -> str:
    container = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
    return str(channel or "")


def _can_share(body: dict[str, Any]) -> bool:
    return not body.get("view") and not _channel(body).startswith("D")
