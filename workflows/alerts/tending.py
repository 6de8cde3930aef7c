"""What becomes of alerts with time: places open, people look, a week has room again.

Each run asks what is to be done now, so that a late or repeated one does no harm.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from storage import alerts, problems
from storage.tables import AlertChannel, Problem
from workflows.alerts.deciding import WEEK, Desk
from workflows.alerts.hours import quiet_times
from workflows.alerts.readers import check_readers, readers_known
from workflows.alerts.routing import scope_of
from workflows.digest import ReadersOf
from workflows.problems.kinds import Fresh
from workflows.problems.subjects import subjects_of
from workflows.services import Services


def tend_alerts(services: Services, readers_of: ReadersOf) -> int:
    """Look at who reads the places, and decide on what waited for that or for morning.

    All that waited in a place is decided on together, the most valuable first. Return
    how many problems were looked at.
    """
    check_readers(services, readers_of)
    with services.database.read() as session:
        ready = _ready(services, session)
    for place, ids in ready.items():
        _decide(services, place, ids)
    if ready:
        services.wake_delivery()
    return sum(len(ids) for ids in ready.values())


def spend_what_is_left(services: Services) -> int:
    """Post what was held back where the week has room for it by now; return how many.

    Only what is still open, not acted on, and not told of by a digest.
    """
    days = services.policy.policy.monitor.alerts.look_back_days
    since, count = services.now() - timedelta(days=days), 0
    with services.database.read() as session:
        wanted = {
            channel.place: alerts.best_held(session, channel.place, since, room)
            for channel in alerts.at_work(session)
            if (room := _room(services, session, channel)) > 0
        }
    for place, ids in wanted.items():
        if ids:
            count += _decide(services, place, ids)
    if count:
        services.wake_delivery()
    return count


def _ready(services: Services, session: Session) -> dict[str, list[int]]:
    """Return, by place, the problems whose waiting has an end."""
    places = {c.place: c for c in alerts.at_work(session, states=("on", "test"))}
    found: dict[str, list[int]] = defaultdict(list)
    for place, reason, problem in alerts.waiting(session, places):
        channel = places[place]
        if readers_known(services, channel) and (
            reason != "quiet" or quiet_times(channel).is_open(services.now())
        ):
            found[place].append(problem)
    return found


def _room(services: Services, session: Session, channel: AlertChannel) -> int:
    """Return how many interruptions a place accepts now."""
    now = services.now()
    if not (readers_known(services, channel) and quiet_times(channel).is_open(now)):
        return 0
    return channel.budget - alerts.spent(session, channel.place, now - WEEK)


def _decide(services: Services, place: str, ids: Sequence[int]) -> int:
    """Decide on problems in a place; return how many interrupt.

    Problems are locked before the place, as sweeps do.
    """
    with services.database.write() as session:
        found = problems.with_ids(session, ids)
        channel = alerts.at(session, place, lock=True)
        if channel is None or channel.state not in {"on", "test"}:
            return 0
        known = alerts.cards_of(session, [p.id or 0 for p in found]).get(place, {})
        desk = Desk(services, session, channel, readers_known(services, channel), known)
        for problem in found:
            if problem.shadow and problem.state == "open":
                desk.try_out(Fresh(problem, kind="opened"))
        live = _still_news(session, desk, [p for p in found if not p.shadow])
        return desk.decide([Fresh(problem, kind="opened") for problem in live])


def _still_news(
    session: Session, desk: Desk, found: Sequence[Problem]
) -> list[Problem]:
    """Return the problems that are still to be heard of; the others wait no more."""
    scope, subjects = scope_of(session, desk.channel), subjects_of(session, found)
    there, gone = [], []
    for problem in found:
        acted_on = problem.acknowledged_by or problem.assignee
        in_scope = scope.has(subjects[problem.subject], problem.cause)
        if problem.state == "open" and not acted_on and in_scope:
            there.append(problem)
        else:
            gone.append(problem)
    desk.drop(gone)
    return there
