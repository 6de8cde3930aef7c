"""What the desk says about how well the score told who would pay late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from risk.backtest import Report
from templates.messages.base import Message


@dataclass(frozen=True)
class BacktestStarted(Message):
    """That history is being replayed, and where the answer comes."""

    template = "backtest_started.j2"
    channel: str | None
    """Where the report will be posted; None is to the asker directly."""


@dataclass(frozen=True)
class BacktestFailed(Message):
    """That nothing can be said about the score, and why."""

    template = "backtest_failed.j2"
    message: str
    details: Mapping[str, object]


@dataclass(frozen=True)
class BacktestReport(Message):
    """How well the score told who would pay late, against simple rules."""

    template = "backtest_report.j2"
    report: Report
    first: date
    last: date
    horizon: int
    late: int
    policy_version: str
    ledger_ends: date | None
    """The day the books end, where that is within the last horizon."""
    left_out: Sequence[str]
    """Currencies of invoices that have no exchange rate, and did not count."""
    asked_by: str
    """Who asked, by Slack id."""


@dataclass(frozen=True)
class BacktestBands(BacktestReport):
    """The same, in detail: by tenth of the score and by month."""

    template = "backtest_bands.j2"
