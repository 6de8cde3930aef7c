"""Owes each channel its digest: once a period, also after we were down at the hour.

The facts are read in one snapshot, and what follows from them for a channel is written
in one transaction: the claim of its period, its messages, and the state they told. Of
two replicas one wins the claim; what the other composed is dropped.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from risk.calendar import Weekly
from risk.change import State
from storage import digests, outbox, problem_news, schedules
from storage.tables import DigestRun, Schedule
from templates.messages.base import Message, Rendered
from workflows.alerts.scope import Scope as AlertScope
from workflows.digest_content import Content, Scope, Timing, compose
from workflows.digest_ledger import Ledger, read_ledger
from workflows.digest_problems import (
    Asked,
    Happenings,
    compose_problems,
    kept_of,
    read_happenings,
)
from workflows.digest_trouble import LOST, OUTSIDERS, stop
from workflows.services import Services

log = logging.getLogger(__name__)

LATE_AFTER = timedelta(minutes=10)
READERS_HOLD = timedelta(hours=6)
STATES_KEPT = timedelta(days=1)

OURS, UNSURE = "ours", "unsure"
ReadersOf = Callable[[str], str]
"""Who reads a channel: `ours`, `outsiders`, `unsure`, or Slack's name for its loss."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A digest that is due and not owed yet."""

    schedule: Schedule
    period: str
    due: datetime
    asked: bool

    @property
    def key(self) -> str:
        """Return what names its message in the outbox."""
        return f"digest:{self.schedule.id}:{self.period}"


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """All that a sweep read: the ledger, and what each digest is compared with."""

    ledger: Ledger
    last: dict[int, DigestRun]
    states: dict[int, State]
    owner_names: dict[int, set[str]]
    happenings: Happenings


def owe_digests(services: Services, readers_of: ReadersOf) -> int:
    """Owe every digest that is due; return how many were owed by this call.

    Safe to call at any time, from any number of replicas.
    """
    due = due_digests(services)
    ready = [owed for owed in due if _may_be_read(services, owed, readers_of)]
    if not ready:
        return 0
    with services.database.read() as session:
        snapshot = _read(services, session, ready)
        drafts = [(owed, *_draft(services, session, snapshot, owed)) for owed in ready]
    state_id = _keep_state(services, snapshot.ledger)
    count = 0
    for owed, content, rendered in drafts:
        count += _owe(services, owed, content, rendered, state_id)
    services.wake_delivery()
    return count


def due_digests(services: Services) -> list[Owed]:
    """Return the digests that are due now and not owed yet, in order of schedule."""
    now = services.now()
    with services.database.read() as session:
        wanted = [
            owed
            for schedule in schedules.at_work(session)
            for owed in _due(schedule, now)
        ]
        done = schedules.owed_periods(session, {owed.period for owed in wanted})
    return [owed for owed in wanted if (owed.schedule.id, owed.period) not in done]


def preview(services: Services, session: Session, schedule: Schedule) -> Content:
    """Return what the digest of `schedule` would say if it were posted now."""
    owed = Owed(schedule, "now:preview", services.now(), asked=True)
    return _compose(services, session, _read(services, session, [owed]), owed)


def drop_old_states(services: Services) -> int:
    """Drop the states that no digest will be compared with; return how many."""
    with services.database.write() as session:
        return schedules.drop_states(session, before=services.now() - STATES_KEPT)


def weekly(schedule: Schedule) -> Weekly:
    """Return when `schedule` is due."""
    days = {int(day) for day in schedule.days}
    zone = ZoneInfo(schedule.timezone)
    return Weekly(days, time(schedule.hour, schedule.minute), zone)


def _due(schedule: Schedule, now: datetime) -> list[Owed]:
    """Return the digest asked for, and the last one due by the clock."""
    found = []
    if schedule.asked:
        found.append(Owed(schedule, f"now:{schedule.asked}", now, asked=True))
    last = weekly(schedule).last(now) if schedule.state == "on" else None
    if last and last.moment >= schedule.active_from:
        found.append(Owed(schedule, last.period, last.moment, asked=False))
    return found


def _may_be_read(services: Services, owed: Owed, readers_of: ReadersOf) -> bool:
    """Return whether only our own people read the channel; stop the digest if not."""
    schedule, now = owed.schedule, services.now()
    checked = schedule.readers_checked_at
    if schedule.id is None or (checked and now - checked < READERS_HOLD):
        return schedule.id is not None
    readers = readers_of(schedule.channel)
    if readers == UNSURE:
        log.warning("digest.readers_unsure", extra={"schedule": schedule.id})
        return False  # the next sweep asks again: late is better than overheard
    with services.database.write() as session:
        if readers == OURS:
            schedules.note_readers(session, schedule.id, now)
        elif readers == OUTSIDERS or readers in LOST:
            stop(services, session, schedule, readers)
    return readers == OURS


def _read(services: Services, session: Session, ready: Sequence[Owed]) -> _Snapshot:
    wanted = [owed.schedule for owed in ready]
    last = schedules.last_runs(session, [s.id for s in wanted if s.id is not None])
    since = min((run.owed_at for run in last.values()), default=None)
    ledger = read_ledger(session, services.today(), services.currency, news_after=since)
    states = {}
    for state_id in {run.state_id for run in last.values() if run.state_id}:
        data = schedules.state_data(session, state_id)
        if data is not None:
            states[state_id] = State.unpacked(data)
    names = {
        s.id: schedules.names_of(session, s.scope.get("owners") or ())
        for s in wanted
        if s.id is not None
    }
    happenings = read_happenings(session, wanted, since or services.now())
    return _Snapshot(ledger, last, states, names, happenings)


def _draft(
    services: Services, session: Session, snapshot: _Snapshot, owed: Owed
) -> tuple[Content, list[Rendered]]:
    content = _compose(services, session, snapshot, owed)
    said: list[Message] = [content.message, *content.parts]
    return content, [services.render(m, owed.schedule.language) for m in said]


def _compose(
    services: Services, session: Session, snapshot: _Snapshot, owed: Owed
) -> Content:
    schedule = owed.schedule
    key = schedule.id or 0
    last = snapshot.last.get(key)
    before = snapshot.states.get(last.state_id or 0) if last else None
    zone = ZoneInfo(schedule.timezone)
    late = not owed.asked and services.now() - owed.due > LATE_AFTER
    timing = Timing(
        since=last.owed_at.astimezone(zone) if last and before else None,
        due=owed.due.astimezone(zone) if late else None,
        asked=owed.asked,
    )
    names = snapshot.owner_names.get(key, ())
    asked = Asked(schedule.channel, AlertScope.of(schedule.scope, names), last)
    problems = compose_problems(services, session, snapshot.happenings, asked)
    return compose(
        snapshot.ledger,
        Scope.of(schedule.scope, names),
        before,
        timing,
        lambda ids: digests.numbers_and_names(session, ids),
        problems=problems,
    )


def _keep_state(services: Services, ledger: Ledger) -> int:
    with services.database.write() as session:
        return schedules.keep_state(
            session,
            at=services.now(),
            through=ledger.today,
            data=State.of(ledger.positions).packed(),
        )


def _owe(
    services: Services,
    owed: Owed,
    content: Content,
    rendered: Sequence[Rendered],
    state_id: int,
) -> bool:
    """Claim the period and owe its messages; False if it was claimed or changed."""
    schedule, now = owed.schedule, services.now()
    with services.database.write() as session:
        current = schedules.schedule_of(session, schedule.channel)
        if schedule.id is None or not current or current.version != schedule.version:
            return False  # changed meanwhile: the next sweep sees it as it is
        run = _run(owed, content, state_id, now)
        if not schedules.claim_run(session, run):
            return False
        if owed.asked and schedule.asked:
            schedules.answer_asked(session, schedule.id, schedule.asked)
        problem_news.mark_told(session, content.told.cards, now)
        for number, message in enumerate(rendered):
            outbox.put(
                session,
                key=owed.key + (f"/{number}" if number else ""),
                channel=schedule.channel,
                text=message.text,
                blocks=message.blocks,
                at=now,
                thread_key=owed.key if number else None,
            )
    log.info("digest.owed", extra={"key": owed.key, "parts": len(rendered)})
    return True


def _run(owed: Owed, content: Content, state_id: int, now: datetime) -> dict[str, Any]:
    totals = content.message.totals
    return {
        "schedule_id": owed.schedule.id,
        "period": owed.period,
        "through": now.astimezone(ZoneInfo(owed.schedule.timezone)).date(),
        "late": content.message.due is not None,
        "owed_at": now,
        "snapshot": {
            "exposure": str(totals.exposure),
            "overdue": str(totals.overdue),
            "overdue_customers": totals.overdue_customers,
            **kept_of(content.told),
        },
        "state_id": state_id,
    }
