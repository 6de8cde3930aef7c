"""`/risk backtest`: the score held to history, as a message."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_bolt import BoltResponse

from handlers.reply import Reply
from risk.backtest import Question
from risk.errors import N_, UserError
from templates.mrkdwn import plain
from workflows.backtest_job import BacktestWish, ask_backtest
from workflows.digest import ReadersOf
from workflows.services import Actor, Services

_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)")
_NUMBER = re.compile(
    r"(?P<word>horizon|late|观察期|逾期)\s*[:=]?\s*(?P<days>\d{1,6})\s*(?:days?|天|d\b)?",
    re.IGNORECASE,
)
_HERE = re.compile(r"\bhere\b|这里|此处|本频道", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:from|to|until|till|and)\b|[从到至~–—,，-]", re.IGNORECASE)
_HORIZON = frozenset({"horizon", "观察期"})
_MOST_DATES = 2


@dataclass(eq=False)
class BacktestUsage(UserError):
    """What follows `/risk backtest` cannot be read."""

    words: str
    message = N_(
        "I cannot read “%(words)s” here. For example: “/risk backtest 2024-01-01"
        " 2024-12-31 horizon 90 late 15”, and `here` to post the report in this"
        " channel. What you leave out is the last year, 90 days and 15 days."
    )


def backtest_command(
    text: str,
    *,
    body: dict[str, Any],
    services: Services,
    actor: Actor,
    reply: Reply,
    readers: ReadersOf,
    **_: object,
) -> BoltResponse:
    """Answer `/risk backtest [from] [to] [horizon N] [late N] [here]`."""
    wish, here = read_wish(plain(text))
    channel = str(body["channel_id"])
    started = ask_backtest(
        services,
        actor,
        wish,
        request=str(body["trigger_id"]),
        channel=channel if here else None,
        readers=readers(channel) if here else "",
    )
    return reply.in_ack(started)


def read_wish(text: str) -> tuple[BacktestWish, bool]:
    """Return what `text` asks, and whether the answer is to be posted where it was.

    Raises:
        BacktestUsage: something in it cannot be read.

    """
    days = {"horizon": Question().horizon, "late": Question().late}
    for found in _NUMBER.finditer(text):
        key = "horizon" if found["word"].casefold() in _HORIZON else "late"
        days[key] = int(found["days"])
    rest = _NUMBER.sub(" ", text)
    here = bool(_HERE.search(rest))
    rest = _HERE.sub(" ", rest)
    dates = list(_DAY.finditer(rest))
    left = _BETWEEN.sub(" ", _DAY.sub(" ", rest)).strip()
    if left or len(dates) > _MOST_DATES:
        raise BacktestUsage(left or text.strip())
    first = _day(dates[0], last=False) if dates else None
    last = _day(dates[1], last=True) if len(dates) == _MOST_DATES else None
    return BacktestWish(first, last, Question(**days)), here


def _day(found: re.Match[str], *, last: bool) -> date:
    """Return the day written; of a month alone its first or its last."""
    year, month = int(found[1]), int(found[2])
    try:
        if found[3]:
            return date(year, month, int(found[3]))
        return date(year, month, calendar.monthrange(year, month)[1] if last else 1)
    except ValueError as wrong:
        raise BacktestUsage(found[0]) from wrong
