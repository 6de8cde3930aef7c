"""`/risk rules score`: how every rule does; thresholds moved, and put back."""

from typing import Any

from slack_bolt import Ack, App, BoltResponse

from handlers.reply import Reply
from workflows.rules import tuning
from workflows.rules.score_job import ask_score
from workflows.services import Actor, Services


def register(app: App) -> None:
    """Connect the buttons to `app`; `/risk rules` calls `score_command`."""
    app.action("rule_score")(score)
    app.action("rule_tune")(tune)
    app.action("rule_untune")(untune)


def score_command(
    body: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Answer `/risk rules score`: it is made, and told by message."""
    return reply.in_ack(ask_score(services, actor, str(body["trigger_id"])))


def score(
    ack: Ack, body: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Have the scoreboard made, by a button."""
    reply.privately(ask_score(services, actor, str(body["trigger_id"])))
    return ack()


def tune(
    ack: Ack, action: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Move a threshold as it was proposed."""
    wish = tuning.Wish.of(str(action["value"]))
    reply.privately(tuning.tune(services, actor, wish))
    return ack()


def untune(
    ack: Ack, action: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Put a threshold back to what it was."""
    reply.privately(tuning.undo(services, actor, int(action["value"])))
    return ack()
