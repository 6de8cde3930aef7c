"""A person's App Home: what needs them today, their customers, their digests."""

import numpy as np
from sqlmodel import Session

from risk.behaviour import CLASSES
from risk.portfolio import UNKNOWN, Booleans, Portfolio
from storage import digests
from storage.columns import from_units
from storage.database import Database
from templates.messages.home import ClassTotal, ClosedHome, Home, MyCustomer, MyDigest
from workflows.digest_ledger import read_ledger
from workflows.digest_settings import digests_of
from workflows.problems.heads import my_problems
from workflows.services import Actor, Services

PAGE, MOST_NEEDING = 10, 5
WORRYING = 3
"""Grade from which a customer with something overdue needs its owner: D."""


def home(services: Services, actor: Actor, page: int = 1) -> Home | ClosedHome:
    """Return the actor's Home, at a page of their customers; pages count from 1."""
    if actor.guest:
        return ClosedHome()
    with services.database.read() as session:
        ledger = read_ledger(
            session, services.today(), services.currency, only=actor.names
        )
        mine = ledger.positions
        worst = np.lexsort((mine.ids, -mine.exposure, -mine.overdue, -mine.grade))
        needing = worst[_needs_owner(mine)[worst]]
        pages = max(-(-len(worst) // PAGE), 1)
        page = min(max(page, 1), pages)
        shown = worst[(page - 1) * PAGE : page * PAGE]
        lines = _lines(session, mine, [*needing[:MOST_NEEDING], *shown])
        troubles, count = my_problems(services, session, actor, MOST_NEEDING)
    first = len(needing[:MOST_NEEDING])
    return Home(
        name=actor.name or actor.slack_id,
        currency=services.currency,
        customers=len(worst),
        classes=_by_class(mine),
        needs_me=lines[:first],
        problems=troubles,
        problem_count=count,
        needing=len(needing),
        rows=lines[first:],
        page=page,
        pages=pages,
        digests=[
            MyDigest(schedule.channel, schedule.state, following)
            for schedule, following in digests_of(services, actor.slack_id)
        ],
        metadata=str(page),
    )


def _needs_owner(mine: Portfolio) -> Booleans:
    """Return who is over their limit, or pays so late that somebody should call."""
    late: Booleans = (mine.overdue > 0) & (mine.grade >= WORRYING)
    return late | mine.over_limit


def _lines(session: Session, mine: Portfolio, places: list[int]) -> list[MyCustomer]:
    names = digests.numbers_and_names(session, {int(mine.ids[p]) for p in places})
    return [
        MyCustomer(
            customer_id=int(mine.ids[place]),
            number=names[int(mine.ids[place])][0],
            name=names[int(mine.ids[place])][1],
            risk_class=_letter(int(mine.grade[place])),
            exposure=from_units(mine.exposure[place]),
            overdue=from_units(mine.overdue[place]),
            days=int(mine.days[place]),
            limit=from_units(mine.limit[place]) if mine.limit[place] >= 0 else None,
        )
        for place in places
    ]


def _by_class(mine: Portfolio) -> list[ClassTotal]:
    """Return the totals of each class that the actor has customers of, best first."""
    totals = []
    for grade in (*range(len(CLASSES)), UNKNOWN):
        of_class = mine.grade == grade
        if of_class.any():
            totals.append(
                ClassTotal(
                    risk_class=_letter(grade),
                    customers=int(of_class.sum()),
                    exposure=from_units(mine.exposure[of_class].sum()),
                    overdue=from_units(mine.overdue[of_class].sum()),
                )
            )
    return totals


def _letter(grade: int) -> str | None:
    return CLASSES[grade] if grade >= 0 else None


def has_customers(database: Database) -> bool:
    """Return whether the desk knows any customer."""
    with database.read() as session:
        return next(digests.customers(session), None) is not None
