"""`/risk watch`, `/risk unwatch` and their buttons: who wants to hear of whom."""

import re
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient

from handlers.forms import show
from handlers.reply import Reply
from templates.mrkdwn import plain
from workflows.alerts import watching
from workflows.services import Actor, Services

CHOOSE = "watch_choose/"


def register(app: App) -> None:
    """Connect the watchlist's buttons; `/risk` itself calls the two commands."""
    app.action("customer_watch")(watch)
    app.action("customer_unwatch")(unwatch)
    app.action(re.compile(f"^{CHOOSE}"))(watch_chosen)


def watch_command(
    text: str, *, services: Services, actor: Actor, reply: Reply, **_: object
) -> BoltResponse:
    """Answer `/risk watch [customer] [causes]`: watch it, or list who is watched."""
    return reply.in_ack(watching.watch_named(services, actor, plain(text)))


def unwatch_command(
    text: str, *, services: Services, actor: Actor, reply: Reply, **_: object
) -> BoltResponse:
    """Answer `/risk unwatch <customer>`."""
    return reply.in_ack(watching.unwatch_named(services, actor, plain(text)))


def watch(
    ack: Ack,
    action: dict[str, Any],
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Watch the customer whose card it is, for everything."""
    reply.privately(watching.watch_one(services, actor, int(action["value"])))
    return ack()


def watch_chosen(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Watch the customer chosen from several, for what was typed."""
    causes = str(action["action_id"]).removeprefix(CHOOSE).split(",")
    done = watching.watch_one(
        services, actor, int(action["value"]), [cause for cause in causes if cause]
    )
    show(done, body, client, reply)
    return ack()


def unwatch(
    ack: Ack,
    action: dict[str, Any],
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Watch a customer no more."""
    reply.privately(watching.unwatch_one(services, actor, int(action["value"])))
    return ack()
