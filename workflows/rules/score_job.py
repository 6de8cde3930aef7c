"""Scoreboards asked for in Slack: made durably, told once to whoever asked."""

from collections.abc import Callable

from storage.tables import ReportJob
from templates.messages.rule_score import RuleScore, ScoreAsked
from workflows import report_jobs
from workflows.people import known_actor
from workflows.report_jobs import Heed
from workflows.rules.rights import writer
from workflows.rules.scoreboard import scoreboard
from workflows.rules.tuning import may_tune
from workflows.services import Actor, Services

KIND = "rule_score"


def ask_score(services: Services, actor: Actor, request: str) -> ScoreAsked:
    """Owe somebody the scoreboard, once a `request`.

    Raises:
        RuleNotYours, AskedAlready: they may not ask, or wait for another.

    """
    writer(services, actor)
    report_jobs.ask(services, actor, KIND, request, asked={})
    return ScoreAsked(services.policy.policy.monitor.scoreboard.days)


def make_scores(
    services: Services, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Make every scoreboard that was asked for; return how many were dealt with.

    When the desk is `stopping` the one in hand is left for whoever starts next.
    """
    return report_jobs.work_off(services, KIND, _made, stopping)


def _made(services: Services, job: ReportJob, heed: Heed) -> list[RuleScore]:
    actor, _ = known_actor(services, job.slack_id)
    return [scoreboard(services, may_tune=may_tune(services, actor), tell=heed)]
