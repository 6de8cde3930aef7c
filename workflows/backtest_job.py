"""Backtests asked for in Slack: checked at once, replayed durably, told once."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from risk.backtest import Question
from risk.errors import N_, UserError
from storage.tables import ReportJob
from templates.messages.base import Message
from templates.messages.proof import (
    BacktestBands,
    BacktestFailed,
    BacktestReport,
    BacktestStarted,
)
from workflows import report_jobs
from workflows.backtest import Backtest, backtest, window
from workflows.digest import OURS
from workflows.report_jobs import Heed
from workflows.services import Actor, Services

KIND = "backtest"
MAY_BACKTEST = frozenset({"analyst", "finance", "approver", "lead", "admin"})


@dataclass(eq=False)
class MayNotBacktest(UserError):
    """Somebody without the role asks."""

    message = N_(
        "The score is held to history by analysts, finance, approvers, leads and"
        " admins. `/risk role` shows your roles, and who can give you another."
    )


@dataclass(eq=False)
class NotForHere(UserError):
    """The report is wanted in a channel that it must not, or cannot, go to."""

    message = N_(
        "I cannot post the report here: I am not in this channel, or guests or people"
        " of another company read it. Leave out `here`, and it comes to you directly."
    )


@dataclass(frozen=True, slots=True)
class BacktestWish:
    """What somebody asks: a window, and what counts as bad."""

    first: date | None = None
    last: date | None = None
    asked: Question = field(default_factory=Question)


def ask_backtest(
    services: Services,
    actor: Actor,
    wish: BacktestWish,
    *,
    request: str,
    channel: str | None,
    readers: str = OURS,
) -> BacktestStarted:
    """Owe a report, once a `request`: to `channel`, else to the actor directly.

    `readers` is who reads the channel.

    Raises:
        MayNotBacktest, AskedAlready: the actor may not ask, or waits for another.
        NotForHere: it must not, or cannot, go there.
        UserError: there is nothing to look back on in that window.

    """
    if actor.guest or not MAY_BACKTEST & actor.roles:
        raise MayNotBacktest
    if channel is not None and readers != OURS:
        raise NotForHere
    with services.database.read() as session:
        window(services, session, wish.first, wish.last, wish.asked)
    report_jobs.ask(
        services, actor, KIND, request, asked=_as_json(wish), channel=channel
    )
    return BacktestStarted(channel)


def make_backtests(
    services: Services, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Make every report that was asked for; return how many were dealt with.

    When the desk is `stopping` the one in hand is left for whoever starts next.
    """
    return report_jobs.work_off(services, KIND, _made, stopping)


def _made(services: Services, job: ReportJob, heed: Heed) -> list[Message]:
    """Return what is to be posted: the report and its details, or what is wrong."""
    wish = _from_json(job.asked)
    try:
        found = backtest(services, wish.first, wish.last, wish.asked, tell=heed)
    except UserError as wrong:
        details = {name: str(value) for name, value in vars(wrong).items()}
        return [BacktestFailed(wrong.message, details)]
    report = _report(found, job.slack_id)
    shared = {f.name: getattr(report, f.name) for f in fields(report)}
    return [report, BacktestBands(**shared)]


def _report(found: Backtest, asked_by: str) -> BacktestReport:
    return BacktestReport(
        report=found.report,
        first=found.first,
        last=found.last,
        horizon=found.asked.horizon,
        late=found.asked.late,
        policy_version=found.policy_version,
        ledger_ends=found.ledger_ends if found.outlives_ledger else None,
        left_out=found.left_out,
        asked_by=asked_by,
    )


def _as_json(wish: BacktestWish) -> dict[str, Any]:
    return {
        "first": wish.first and wish.first.isoformat(),
        "last": wish.last and wish.last.isoformat(),
        "horizon": wish.asked.horizon,
        "late": wish.asked.late,
    }


def _from_json(asked: dict[str, Any]) -> BacktestWish:
    first, last = asked["first"], asked["last"]
    return BacktestWish(
        first and date.fromisoformat(first),
        last and date.fromisoformat(last),
        Question(asked["horizon"], asked["late"]),
    )
