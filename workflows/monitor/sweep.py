"""Sweeps: what changed is looked at within seconds, everybody once a day.

Both look at customers by the same code, so that both find the same. What is looked at
is kept piece by piece, each in one transaction with all that follows from it: a sweep
that is killed goes on where it stopped.
"""

import logging
from collections.abc import Callable, Collection

from sqlmodel import Session

from storage import sweeps, touched
from storage.as_of import Who
from storage.kin import kin
from storage.tables import Sweep
from workflows.monitor.keep import keep
from workflows.monitor.look import MOST_KIN, Looked, look
from workflows.monitor.portfolio import look_at_all
from workflows.promises import settle_promises
from workflows.rules.effective import rule_set
from workflows.services import Services

log = logging.getLogger(__name__)

PIECE = 20_000
"""Customers looked at and kept at a time: others write in between."""

TOUCHED_AT_ONCE = 5_000

Tell = Callable[[float], None]
"""Is told the share of the work that is done, 0–1."""


def nobody(_: float) -> None:
    """Tell nobody how far it is."""


def sweep_touched(services: Services) -> int:
    """Look at everybody about whom something changed; return how many these were."""
    number = 0
    with services.database.read() as session:
        if not touched.is_any(session):
            return 0
    while True:
        with services.database.read() as guard:
            if not sweeps.alone(guard, sweeps.TOUCHED):
                return number
            rows = touched.waiting(guard, TOUCHED_AT_ONCE)
            if not rows:
                return number
            whose = {customer for _, customer in rows}
            number += _look_and_keep(services, guard, whose, [id_ for id_, _ in rows])
        services.wake_delivery()


def sweep_some(services: Services, customer_ids: Collection[int]) -> int:
    """Look at some customers, and those their trouble reaches; return how many."""
    if not customer_ids:
        return 0
    with services.database.read() as session:
        waiting = touched.of_customers(session, customer_ids)
        number = _look_and_keep(services, session, set(customer_ids), waiting)
    services.wake_delivery()
    return number


def _look_and_keep(
    services: Services, session: Session, whose: set[int], waiting: Collection[int]
) -> int:
    _judge(services, whose)
    steps = services.policy.policy.score.related_distance
    reached = kin(session, Who(ids=whose), steps, MOST_KIN)
    found = look(services, session, Who(ids={*whose, *reached}))
    with services.database.write() as writing:
        keep(services, writing, found)
        touched.seen(writing, waiting)
    facts = {"customers": len(whose), "related": len(reached)}
    log.info("sweep.touched", extra=facts)
    return len(found.ids)


def sweep_due(services: Services) -> int:
    """Look at everybody unless that is done for today; return how many were."""
    with services.database.read() as session:
        rules = rule_set(session, services.policy.version)
        done = sweeps.sweep_of(session, services.today(), rules)
    if done is not None and done.finished_at is not None:
        return 0
    return sweep_all(services)


def sweep_all(services: Services, tell: Tell = nobody, *, again: bool = False) -> int:
    """Look at everybody as of today, going on where it stopped; return how many were.

    `again` begins anew though it is done. Of several replicas one does it; the others
    return 0.
    """
    day = services.today()
    with services.database.read() as session:
        version = rule_set(session, services.policy.version)
    with services.database.read() as guard:  # asked nothing, it holds no snapshot
        if not sweeps.alone(guard, sweeps.ALL):
            return 0
        number = 0
        spent: dict[str, float] = {}
        owed = []
        with services.database.write() as session:
            if again:
                sweeps.sweep_again(session.connection(), day)
            sweep = sweeps.begin(session, day, version, services.now())
        whole = sweep.seen_to == 0
        while sweep.seen_to < sweep.last_id:
            found = _piece(services, sweep, spent)
            whole &= found is not None
            if found is not None:
                number += len(found.ids)
                owed.append((found.ids, found.facts["exposure"]))
            sweep = _fresh(services, sweep)
            tell(min(sweep.seen_to / max(sweep.last_id, 1), 1.0))
        if sweep.finished_at is None:
            look_at_all(services, owed if whole else None)
            with services.database.write() as session:
                sweeps.finish(session, sweep, services.now())
            log.info("sweep.finished", extra={"customers": sweep.customers})
    services.wake_delivery()
    return number


def _piece(services: Services, sweep: Sweep, spent: dict[str, float]) -> Looked | None:
    """Look at the next customers and keep it; None if another process did meanwhile."""
    first = sweep.seen_to + 1
    last = min(sweep.seen_to + PIECE, sweep.last_id)
    with services.database.read() as session:
        waiting = _done_with(services, session, first, last)
    _judge(services, {customer for _, customer in waiting})
    with services.database.read() as session:
        found = look(services, session, Who(first=first, last=last), spent)
    with services.database.write() as session:
        on = keep(services, session, found)
        if not sweeps.advance(session, sweep, last, len(found.ids), on):
            session.rollback()  # another process did, or it was begun anew
            return None
        touched.seen(session, [id_ for id_, _ in waiting])
    services.wake_delivery()
    return found


def _done_with(
    services: Services, session: Session, first: int, last: int
) -> list[tuple[int, int]]:
    """Return what waits about these customers and needs no other look than this.

    Whose trouble may reach customers beyond these is left to wait: they are looked at
    for it then.
    """
    steps = services.policy.policy.score.related_distance
    beyond = kin(session, Who(first=first, last=last), steps, MOST_KIN)
    tied = set(kin(session, Who(ids=beyond), steps, MOST_KIN)) if beyond else set()
    waiting = touched.of_range(session, first, last)
    return [(id_, customer) for id_, customer in waiting if customer not in tied]


def _judge(services: Services, whose: Collection[int]) -> None:
    """Judge customers' promises by what has come in; a new verdict is looked at next.

    Not in this look: it may have begun before the verdict was written.
    """
    if whose:
        with services.database.write() as session:
            moved = settle_promises(services, session, whose)
            touched.touch(session, moved, services.now())


def _fresh(services: Services, sweep: Sweep) -> Sweep:
    """Return how far the sweep is now; one that was begun anew meanwhile, too."""
    with services.database.write() as session:
        return sweeps.begin(session, sweep.as_of, sweep.policy_version, services.now())
