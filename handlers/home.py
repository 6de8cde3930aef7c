"""App Home: published when it is opened, and when its pages are turned."""

from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient

from handlers.digest import open_digest_form
from handlers.reply import Reply
from workflows.home import home
from workflows.services import Actor, Services


def register(app: App) -> None:
    """Connect the Home to `app`."""
    app.event("app_home_opened")(open_home)
    app.action("home_newer")(turn_page)
    app.action("home_older")(turn_page)
    app.action("home_digest")(set_digest)


def open_home(
    event: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Publish the person's Home when they open it, not when they open our messages."""
    if event.get("tab", "home") == "home":
        _publish(client, services, actor, reply, 1)
    return BoltResponse(status=200)


def turn_page(
    ack: Ack,
    action: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Show another page of the person's customers."""
    _publish(client, services, actor, reply, int(action["value"]))
    return ack()


def set_digest(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Open the settings of one of the person's digests."""
    open_digest_form(str(action["value"]), body, client, services, actor, reply)
    return ack()


def _publish(
    client: WebClient, services: Services, actor: Actor, reply: Reply, page: int
) -> None:
    """Publish after the ack: a large portfolio takes longer than Slack waits."""

    def publish() -> None:
        view = reply.rendered(home(services, actor, page)).as_view()
        client.views_publish(user_id=actor.slack_id, view=view)

    services.afterwards(publish)
