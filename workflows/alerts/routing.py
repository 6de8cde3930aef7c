"""Decides where problems are posted: in channels, threads, to people, to watchers."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from storage import alerts, schedules, watches
from storage.tables import AlertChannel, Problem, ProblemCard, User, Watch
from workflows.alerts.deciding import Desk
from workflows.alerts.hours import open_for
from workflows.alerts.readers import readers_known
from workflows.alerts.scope import Scope
from workflows.monitor.moves import Subject
from workflows.problems import cards
from workflows.problems.kinds import Fresh, Place
from workflows.services import Services

Cards = Mapping[str, Mapping[int, ProblemCard]]
"""The cards of problems, by place and problem."""


def place(
    services: Services,
    session: Session,
    fresh: Sequence[Fresh],
    subjects: Mapping[str, Subject],
) -> None:
    """Post each problem wherever it is to be heard of, or keep that it is held back.

    In the transaction of what made it fresh. A place is locked while it is decided on,
    so of two sweeps at once none spends what the other has spent. What was held back
    and is fresh again is looked at again; what is posted already is left alone.
    """
    tried = [one for one in fresh if one.problem.shadow]
    live = [one for one in fresh if not one.problem.shadow]
    if live:
        channels = alerts.at_work(session, lock=True)
        known = alerts.cards_of(session, [one.problem.id or 0 for one in live])
        told = _to_watchers(services, session, live, known)
        for channel in channels:
            scope = scope_of(session, channel)
            mine = [
                one
                for one in live
                if scope.has(subjects[one.problem.subject], one.problem.cause)
                and (channel.place, one.problem.id) not in told
            ]
            there, ours = known.get(channel.place, {}), readers_known(services, channel)
            Desk(services, session, channel, ours, there).decide(mine)
    if tried:
        _try_out(services, session, tried)


def scope_of(session: Session, channel: AlertChannel) -> Scope:
    """Return of whom and of what a place hears."""
    chosen = channel.scope.get("owners") or ()
    owners = schedules.names_of(session, chosen) if chosen else ()
    return Scope.of(channel.scope, owners)


def _to_watchers(
    services: Services, session: Session, live: Sequence[Fresh], known: Cards
) -> set[tuple[str, int | None]]:
    """Tell those who watch a customer, each in their language and at their hours.

    Return who was told of which problem now.
    """
    told: set[tuple[str, int | None]] = set()
    ids = {f.problem.customer_id for f in live if f.problem.customer_id is not None}
    found = watches.watchers(session, ids)
    for one in live:
        for watch, user in found.get(one.problem.customer_id or 0, ()):
            card = known.get(watch.slack_id, {}).get(one.problem.id or 0)
            has_it = card is not None and card.state == "posted"
            if not has_it and _is_for(one, watch, user, services):
                _tell_watcher(services, session, one.problem, watch, user)
                told.add((watch.slack_id, one.problem.id))
    return told


def _is_for(one: Fresh, watch: Watch, user: User | None, services: Services) -> bool:
    if watch.causes and one.problem.cause not in watch.causes:
        return False
    if one.problem.snoozed_until and one.problem.snoozed_until > services.now():
        return False
    return user is not None and not (user.guest or user.stranger)


def _tell_watcher(
    services: Services,
    session: Session,
    problem: Problem,
    watch: Watch,
    user: User | None,
) -> None:
    """Post a card to one who watches."""
    opens = open_for(services, user)
    place = Place(
        id=watch.slack_id,
        language=user.language if user else watch.language,
        not_before=opens if opens > services.now() else None,
        reason="watched",
    )
    cards.post(services, session, problem, place)


def _try_out(services: Services, session: Session, tried: Sequence[Fresh]) -> None:
    """Post what rules find that are being tried to their test channels alone.

    There is no budget for them, but nobody else's people may read them either.
    """
    ids = [one.problem.id or 0 for one in tried]
    wanted, known = alerts.test_channels(session, ids), alerts.cards_of(session, ids)
    for one in tried:
        for channel, author in sorted(wanted.get(one.problem.id or 0, ())):
            found = _test_place(services, session, channel, author)
            if found is not None:
                ours = readers_known(services, found)
                there = known.get(channel, {})
                Desk(services, session, found, ours, there).try_out(one)


def _test_place(
    services: Services, session: Session, channel: str, author: str
) -> AlertChannel | None:
    """Return a test channel's place, made where it hears of nothing else; or None."""
    new = {
        "place": channel,
        "scope": {},
        "budget": 0,
        "quiet_from": "00:00",
        "quiet_to": "00:00",
        "holidays": "",
        "timezone": str(services.timezone),
        "language": schedules.language_of(session, author),
        "verbosity": "card",
        "state": "test",
        "created_by": author,
        "changed_at": services.now(),
        "version": 1,
    }
    alerts.add(session, new)
    found = alerts.at(session, channel, lock=True)
    if found is None or found.state == "broken":
        return None
    if found.state == "off":
        found.state = "test"
    return found
