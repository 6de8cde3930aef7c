"""The one place where an error becomes something a person reads."""

import logging
from typing import Any
from uuid import uuid4

from slack_bolt import Ack, BoltContext, BoltResponse

from handlers.reply import Reply
from risk.errors import UserError
from templates.messages.base import Failure, Message, Mishap, Problem
from templates.mrkdwn import cut
from workflows.owe import owe_reply

log = logging.getLogger(__name__)


def apology(error: Exception, request: str) -> Message:
    """Return what to tell the user: what to do, or what to quote to us.

    A fault of ours is logged with the reference that the user is shown.
    """
    if isinstance(error, UserError):
        return Problem(error.message, {k: cut(v, 100) for k, v in vars(error).items()})
    reference = uuid4().hex[:8]
    log.error(
        "request.failed",
        exc_info=error,
        extra={"reference": reference, "request": request},
    )
    return Failure(reference)


def show_error(
    error: Exception, body: dict[str, Any], context: BoltContext, ack: Ack
) -> BoltResponse | None:
    """Tell the user what to do; or, if the fault is ours, what to quote to us.

    A command is answered in its ack, a submitted form by a view in its place, a click
    through its response URL, and an event by a message for its user alone.
    """
    request = str(body.get("command") or body.get("type") or "")
    message = apology(error, request)
    reply = context.get("reply")
    if not isinstance(reply, Reply):
        return BoltResponse(status=500)
    if "command" in body:
        return reply.in_ack(message)
    if body.get("type") == "view_submission":
        return reply.update_view(_in_a_view(message))
    if body.get("type") == "block_suggestion":
        return ack(options=[])
    if "response_url" in body or body.get("type") == "block_actions":
        reply.privately(message)
        return BoltResponse(status=200)
    event = body.get("event") or {}
    if event.get("channel") and event.get("user"):
        owe_reply(
            context["services"],
            message,
            event_id=body["event_id"],
            language=reply.language,
            channel=event["channel"],
            thread_ts=event.get("thread_ts"),
            only_for=None if event.get("channel_type") == "im" else event["user"],
        )
    return BoltResponse(status=200)


def _in_a_view(message: Message) -> Mishap:
    if isinstance(message, Problem):
        return Mishap(message.message, message.details)
    return Mishap(reference=getattr(message, "reference", None))
