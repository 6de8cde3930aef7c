"""Scoreboards asked for in Slack: made durably, told once to whoever asked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from storage import outbox, report_jobs
from storage.tables import ReportJob
from templates.messages.rule_score import RuleScore, ScoreAsked
from workflows.backtest_job import AskedAlready, Interrupted
from workflows.people import known_actor
from workflows.rules.rights import writer
from workflows.rules.scoreboard import scoreboard
from workflows.rules.tuning import may_tune
from workflows.services import Actor, Services

KIND = "rule_score"
PATIENCE = timedelta(hours=1)
"""So long one scoreboard keeps its asker from asking for another."""


def ask_score(services: Services, actor: Actor, request: str) -> ScoreAsked:
    """Owe somebody the scoreboard, once a `request`.

    Raises:
        RuleNotYours, AskedAlready: they may not ask, or wait for another.

    """
    writer(services, actor)
    now = services.now()
    row: dict[str, Any] = {
        "key": f"{KIND}:{request}",
        "kind": KIND,
        "slack_id": actor.slack_id,
        "language": actor.language,
        "channel": actor.slack_id,
        "asked": {},
        "state": "waiting",
        "attempts": 0,
        "asked_at": now,
    }
    with services.database.write() as session:
        if report_jobs.waits(session, KIND, actor.slack_id, now - PATIENCE):
            raise AskedAlready
        report_jobs.add(session, row)
    return ScoreAsked(services.policy.policy.monitor.scoreboard.days)


def make_scores(
    services: Services, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Make every scoreboard that was asked for; return how many were dealt with.

    When the desk is `stopping` the one in hand is left for whoever starts next.
    """
    count = 0
    while not stopping():
        with services.database.write() as session:
            job = report_jobs.claim(session, KIND, services.now())
        if job is None:
            break
        try:
            found = _made(services, job, stopping)
        except Interrupted:
            with services.database.write() as session:
                report_jobs.settle(session, job, "waiting")
            break
        _settle(services, job, found)
        count += 1
    return count


def _made(
    services: Services, job: ReportJob, stopping: Callable[[], bool]
) -> RuleScore:
    def heed(_: float) -> None:
        if stopping():
            raise Interrupted

    actor, _ = known_actor(services, job.slack_id)
    return scoreboard(services, may_tune=may_tune(services, actor), tell=heed)


def _settle(services: Services, job: ReportJob, found: RuleScore) -> None:
    """Owe the scoreboard and close the job, unless another replica did."""
    said = services.render(found, job.language)
    with services.database.write() as session:
        if not report_jobs.settle(session, job, "done"):
            return
        outbox.put(
            session,
            key=job.key,
            channel=job.channel,
            text=said.text,
            blocks=said.blocks,
            at=services.now(),
        )
    services.wake_delivery()
