"""How a listener answers the one person who asked, in their language."""

import logging
from dataclasses import dataclass
from http import HTTPStatus

from slack_bolt import Ack, BoltResponse, Respond

from templates.messages.base import Message, Render, Rendered

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """Answers in the ack where Slack shows it, else by response URL."""

    ack: Ack
    respond: Respond
    render: Render
    language: str

    def in_ack(self, message: Message) -> BoltResponse:
        """Answer a slash command in the ack itself, for its user alone."""
        rendered = self.render(message, self.language)
        return self.ack(
            text=rendered.text, blocks=rendered.blocks, response_type="ephemeral"
        )

    def privately(self, message: Message, *, replace: bool = False) -> None:
        """Answer a click, for its user alone; `replace` what was clicked, or not."""
        rendered = self.render(message, self.language)
        answer = self.respond(
            text=rendered.text,
            blocks=rendered.blocks,
            response_type="ephemeral",
            replace_original=replace,
        )
        if answer.status_code != HTTPStatus.OK:  # `respond` does not raise by itself
            facts = {"status": answer.status_code, "answer": answer.body}
            log.error("reply.refused", extra=facts | {"template": message.template})

    def update_view(self, message: Message) -> BoltResponse:
        """Answer a submitted form with the view that takes its place."""
        return self.ack(response_action="update", view=self._view(message))

    def push_view(self, message: Message) -> BoltResponse:
        """Answer a submitted form with a view on top of it."""
        return self.ack(response_action="push", view=self._view(message))

    def _view(self, message: Message) -> dict[str, object]:
        return self.rendered(message).as_view()

    def rendered(self, message: Message) -> Rendered:
        """Return `message` in the reader's language."""
        return self.render(message, self.language)
