"""How the workspace says no: by Slack's name of the error."""

from typing import Any


class Refused(Exception):
    """A call or an act that Slack would refuse; `error` is Slack's name for why."""

    def __init__(self, error: str, *messages: str, **facts: Any) -> None:
        """Refuse; `messages` go into `response_metadata`, `facts` into the answer."""
        super().__init__(error, *messages)
        self.error = error
        self.messages = list(messages)
        self.facts = facts

    def answer(self) -> dict[str, Any]:
        """Return the body that says so."""
        body = {"ok": False, "error": self.error, **self.facts}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body
