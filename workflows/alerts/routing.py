"""Decides where problems are posted: in channels, threads, to people, to watchers."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from storage import alerts, schedules, watches
from storage.tables import AlertChannel, Problem, User, Watch
from workflows.alerts.deciding import Desk
from workflows.alerts.hours import open_for
from workflows.alerts.readers import readers_known
from workflows.alerts.scope import Scope
from workflows.monitor.moves import Subject
from workflows.problems import cards
from workflows.problems.kinds import Fresh, Place
from workflows.services import Services


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
        _to_watchers(services, session, live)
        for channel in alerts.at_work(session, lock=True):
            scope = scope_of(session, channel)
            mine = [
                one
                for one in live
                if scope.has(subjects[one.problem.subject], one.problem.cause)
            ]
            known = readers_known(services, channel)
            Desk(services, session, channel, known).decide(mine)
    if tried:
        _try_out(services, session, tried)


def scope_of(session: Session, channel: AlertChannel) -> Scope:
    """Return of whom and of what a place hears."""
    chosen = channel.scope.get("owners") or ()
    owners = schedules.names_of(session, chosen) if chosen else ()
    return Scope.of(channel.scope, owners)


def _to_watchers(services: Services, session: Session, live: Sequence[Fresh]) -> None:
    """Tell those who watch a customer, each in their language and at their hours."""
    ids = {f.problem.customer_id for f in live if f.problem.customer_id is not None}
    found = watches.watchers(session, ids)
    if not found:
        return
    for one in live:
        for watch, user in found.get(one.problem.customer_id or 0, ()):
            if _is_for(one, watch, user, services):
                _tell_watcher(services, session, one.problem, watch, user)


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
    """Post a card to one who watches, unless they have it."""
    card = alerts.cards_at(session, watch.slack_id, [problem.id or 0])
    if any(one.state == "posted" for one in card.values()):
        return
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
    wanted = alerts.test_channels(session, [one.problem.id or 0 for one in tried])
    for one in tried:
        for channel, author in sorted(wanted.get(one.problem.id or 0, ())):
            found = _test_place(services, session, channel, author)
            if found is not None:
                known = readers_known(services, found)
                Desk(services, session, found, known).try_out(one)


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
