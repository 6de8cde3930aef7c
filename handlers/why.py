"""Why a score is what it is: as of another day, since another day, as known then."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from slack_bolt import Ack, App, BoltResponse

from handlers.reply import Reply
from handlers.why_words import read_why
from templates.messages.base import Message
from templates.messages.lookup import Choices
from workflows import why
from workflows.finding import find_customer
from workflows.services import Actor, Services
from workflows.whatif import looked_at_last


def register(app: App) -> None:
    """Connect the controls below an explanation to `app`."""
    app.action("customer_why")(show_why)
    app.action("why_on")(explain_again)
    app.action("why_since")(explain_again)
    app.action("why_known")(explain_again)


def show_why(
    ack: Ack, action: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Explain a customer's score, below the card."""
    reply.privately(why.explain(services, actor, int(action["value"])))
    return ack()


def explain_again(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    services: Services,
    actor: Actor,
    reply: Reply,
) -> BoltResponse:
    """Explain it as of the day chosen, in the explanation's place."""
    asked = _View.of(str(action["block_id"])).after(action)
    told = why.explain(
        services,
        actor,
        asked.customer_id,
        asked.on,
        known_then=asked.known_then,
        since=asked.since,
    )
    container = body.get("container") or {}
    reply.privately(told, replace=bool(container.get("is_ephemeral", True)))
    return ack()


def answer_why(services: Services, actor: Actor, text: str) -> Message | None:
    """Return why a score is what it is, or what moved it; None if nobody asks that."""
    asked = read_why(text, services.today())
    if asked is None:
        return None
    if not asked.customer:
        found: int | Choices = looked_at_last(services, actor)
    else:
        found = find_customer(services, actor, asked.customer)
    if isinstance(found, Choices):
        return replace(found, action="customer_why")
    return why.explain(services, actor, found, since=asked.since)


@dataclass(frozen=True, slots=True)
class _View:
    """What an explanation shows, as the id of its controls' block carries it."""

    customer_id: int
    on: date | None
    since: date | None
    known_then: bool

    @classmethod
    def of(cls, block_id: str) -> "_View":
        """Return what the block of controls `why:ID:ON:SINCE:THEN` belongs to."""
        _, customer_id, on, since, then = block_id.split(":")
        return cls(int(customer_id), _day(on), _day(since), then == "1")

    def after(self, action: dict[str, Any]) -> "_View":
        """Return what is to be shown after a click on one of the controls."""
        day = _day(str(action.get("selected_date") or ""))
        if action["action_id"] == "why_known":
            return replace(self, known_then=not self.known_then)
        if action["action_id"] == "why_since":
            return replace(self, since=day)
        too_late = day is not None and self.since is not None and self.since >= day
        return replace(self, on=day, since=None if too_late else self.since)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
