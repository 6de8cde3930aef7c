"""Answers a click after the ack, where the answer may take Slack a while."""

from collections.abc import Callable

from slack_sdk.errors import SlackApiError, SlackClientError

from handlers.errors import apology
from handlers.reply import Reply
from risk.errors import UserError
from templates.messages.base import Message
from workflows.services import Services


def answer_later(services: Services, reply: Reply, work: Callable[[], Message]) -> None:
    """Do `work` after the ack and answer with what it returns, or what is wrong."""

    def answer() -> None:
        try:
            message = work()
        except (UserError, SlackApiError, SlackClientError, OSError) as error:
            message = apology(error, work.__qualname__)
        reply.privately(message)

    services.afterwards(answer)
