"""Backtests asked for in Slack: checked at once, replayed durably, told once."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

from risk.backtest import Question
from risk.errors import N_, UserError
from storage import outbox, report_jobs
from storage.tables import ReportJob
from templates.messages.base import Message
from templates.messages.proof import (
    BacktestBands,
    BacktestFailed,
    BacktestReport,
    BacktestStarted,
)
from workflows.backtest import Backtest, backtest, window
from workflows.digest import OURS
from workflows.services import Actor, Services

KIND = "backtest"
MAY_BACKTEST = frozenset({"analyst", "finance", "approver", "lead", "admin"})
PATIENCE = timedelta(hours=1)
"""So long one report keeps its asker from asking for another."""


@dataclass(eq=False)
class MayNotBacktest(UserError):
    """Somebody without the role asks."""

    message = N_(
        "The score is held to history by analysts, finance, approvers, leads and"
        " admins. `/risk role` shows your roles, and who can give you another."
    )


@dataclass(eq=False)
class AskedAlready(UserError):
    """A report that the same person asked for is not ready yet."""

    message = N_("Your last report is not ready yet. It comes to you when it is.")


@dataclass(eq=False)
class NotForHere(UserError):
    """The report is wanted in a channel that it must not, or cannot, go to."""

    message = N_(
        "I cannot post the report here: I am not in this channel, or guests or people"
        " of another company read it. Leave out `here`, and it comes to you directly."
    )


class Interrupted(Exception):
    """The desk stops while history is replayed; whoever starts next begins anew."""


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
    now = services.now()
    row: dict[str, Any] = {
        "key": f"{KIND}:{request}",
        "kind": KIND,
        "slack_id": actor.slack_id,
        "language": actor.language,
        "channel": channel or actor.slack_id,
        "asked": _as_json(wish),
        "state": "waiting",
        "attempts": 0,
        "asked_at": now,
    }
    with services.database.write() as session:
        if report_jobs.waits(session, KIND, actor.slack_id, now - PATIENCE):
            raise AskedAlready
        report_jobs.add(session, row)
    return BacktestStarted(channel)


def make_backtests(
    services: Services, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Make every report that was asked for; return how many were dealt with.

    When the desk is `stopping` the one in hand is left for whoever starts next.
    """
    count = 0
    while not stopping():
        with services.database.write() as session:
            job = report_jobs.claim(session, KIND, services.now())
        if job is None:
            break
        try:
            messages = _made(services, job, stopping)
        except Interrupted:
            with services.database.write() as session:
                report_jobs.settle(session, job, "waiting")
            break
        _settle(services, job, messages)
        count += 1
    return count


def _made(
    services: Services, job: ReportJob, stopping: Callable[[], bool]
) -> list[Message]:
    """Return what is to be posted: the report and its details, or what is wrong."""

    def heed(_: float) -> None:
        if stopping():
            raise Interrupted

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


def _settle(services: Services, job: ReportJob, messages: list[Message]) -> None:
    """Owe the messages, the later ones in the first one's thread; close the job."""
    rendered = [services.render(message, job.language) for message in messages]
    with services.database.write() as session:
        if not report_jobs.settle(session, job, "done"):
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
