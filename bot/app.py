"""The wiring: services in, a running bot out. No part finds another by itself."""

import logging
from collections.abc import Callable

from slack_bolt import Ack, App, BoltContext, BoltResponse, Respond
from slack_sdk import WebClient

import handlers
from bot.directory import Directory
from bot.readers import Readers
from handlers.reply import Reply
from workflows.owe import is_handled
from workflows.services import Services

log = logging.getLogger(__name__)


def build_app(services: Services, client: WebClient, *, signing_secret: str) -> App:
    """Return the Bolt app that answers with `services`, through `client`.

    Listeners run before the response, so that the ack body is the answer.
    """
    app = App(
        name="Riskdesk",  # else Bolt looks through all modules for who calls it
        client=client,
        signing_secret=signing_secret,
        process_before_response=True,
        token_verification_enabled=False,  # tested at first use, not while starting
        request_verification_enabled=bool(signing_secret),
    )
    app.use(_skip_repeats(services))
    readers = Readers(services, client)
    app.use(_introduce(services, Directory(services, client), readers))
    handlers.register(app)
    return app


def _skip_repeats(services: Services) -> Callable[..., BoltResponse | None]:
    """Return the middleware that lets each of Slack's events through once."""

    def skip_repeats(
        body: dict[str, object], next_: Callable[[], None]
    ) -> BoltResponse | None:
        event_id = body.get("event_id")
        if isinstance(event_id, str) and is_handled(services, event_id):
            return BoltResponse(status=200)
        next_()
        return None

    return skip_repeats


def _introduce(
    services: Services, directory: Directory, readers: Readers
) -> Callable[..., None]:
    """Return the middleware that gives listeners `services`, `actor`, `reply`, …."""

    def introduce(
        context: BoltContext,
        ack: Ack,
        respond: Respond,
        next_: Callable[[], None],
    ) -> None:
        actor = directory.actor(context.user_id or "")
        context["who_is"] = directory.actor
        context["services"] = services
        context["actor"] = actor
        context["readers"] = readers
        context["reply"] = Reply(ack, respond, services.render, actor.language)
        next_()

    return introduce
