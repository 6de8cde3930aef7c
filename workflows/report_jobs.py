"""Reports that take long: asked for once, made apart and durably, told once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from risk.errors import N_, UserError
from storage import outbox, report_jobs
from storage.tables import ReportJob
from templates.messages.base import Message
from workflows.services import Actor, Services

PATIENCE = timedelta(hours=1)
"""So long one report keeps its asker from asking for another."""

Heed = Callable[[float], None]
"""Told how far the work is; raises Interrupted when the desk stops."""

Make = Callable[[Services, ReportJob, Heed], Sequence[Message]]
"""Returns what is to be posted, the later messages in the first one's thread."""


@dataclass(eq=False)
class AskedAlready(UserError):
    """A report that the same person asked for is not ready yet."""

    message = N_("Your last report is not ready yet. It comes to you when it is.")


class Interrupted(Exception):
    """The desk stops while a report is made; whoever starts next begins anew."""


def ask(
    services: Services,
    actor: Actor,
    kind: str,
    request: str,
    *,
    asked: dict[str, Any],
    channel: str | None = None,
) -> None:
    """Owe a report of a kind, once a `request`: to a channel, else to the actor.

    Raises:
        AskedAlready: the actor waits for another.

    """
    now = services.now()
    row: dict[str, Any] = {
        "key": f"{kind}:{request}",
        "kind": kind,
        "slack_id": actor.slack_id,
        "language": actor.language,
        "channel": channel or actor.slack_id,
        "asked": asked,
        "state": "waiting",
        "attempts": 0,
        "asked_at": now,
    }
    with services.database.write() as session:
        if report_jobs.waits(session, kind, actor.slack_id, now - PATIENCE):
            raise AskedAlready
        report_jobs.add(session, row)


def work_off(
    services: Services, kind: str, make: Make, stopping: Callable[[], bool]
) -> int:
    """Make every report of a kind that was asked for; return how many were dealt with.

    When the desk is `stopping` the one in hand is left for whoever starts next.
    """

    def heed(_: float) -> None:
        if stopping():
            raise Interrupted

    count = 0
    while not stopping():
        job = report_jobs.QUEUE.take(services.database, services.now(), kind=kind)
        if job is None:
            break
        try:
            messages = make(services, job, heed)
        except Interrupted:
            with services.database.write() as session:
                report_jobs.QUEUE.settle(session, job, state="waiting")
            break
        _settle(services, job, messages)
        count += 1
    return count


def _settle(services: Services, job: ReportJob, messages: Sequence[Message]) -> None:
    """Owe the messages and close the job, unless another replica did."""
    rendered = [services.render(message, job.language) for message in messages]
    with services.database.write() as session:
        if not report_jobs.QUEUE.settle(session, job, state="done"):
            return
        for place, said in enumerate(rendered):
            outbox.put(
                session,
                key=f"{job.key}:{place}",
                channel=job.channel,
                text=said.text,
                blocks=said.blocks,
                at=services.now(),
                thread_key=f"{job.key}:0" if place else None,
            )
    services.wake_delivery()
