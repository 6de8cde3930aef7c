"""Explains a customer's score to its last point, as of any day."""

from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from risk.explain import CustomerScore, Explained, deltas
from risk.ledger import Invoice
from templates.messages.score import CustomerWhy, FactorLine, Moved, Weighty
from workflows.finding import let_in
from workflows.gone import CustomerGone
from workflows.position import Account, account_within
from workflows.score import score_within
from workflows.services import Actor, Services

LOOK_BACK = timedelta(days=30)
MOST_INVOICES = 5


def explain(
    services: Services,
    actor: Actor,
    customer_id: int,
    on: date | None = None,
    *,
    known_then: bool = False,
) -> CustomerWhy:
    """Return how the score of a day came about, and what moved it in the month before.

    `on` is today by default; `known_then` leaves out what was learnt later.

    Raises:
        OursOnly: a guest asks.
        CustomerGone: there is no such customer.

    """
    let_in(actor)
    day = on or services.today()
    with services.database.read() as session:
        account = account_within(services, session, customer_id)
        if account is None:
            raise CustomerGone
        known_at = _end_of(services, day) if known_then else None
        now = score_within(services, session, customer_id, on, known_at)
        moved = _moved(services, session, now)
    return _why(services, account, now, moved)


def _end_of(services: Services, day: date) -> datetime:
    """Return the moment at which `day` ends at the company."""
    return datetime.combine(day + timedelta(days=1), time(0), services.timezone)


def _moved(services: Services, session: Session, now: CustomerScore) -> Moved | None:
    since = now.as_of - LOOK_BACK
    known_at = _end_of(services, since) if now.known_at else None
    before = score_within(services, session, now.customer_id, since, known_at)
    if before.score is None or now.score is None:
        return None
    return Moved(since, before.score, deltas(before.explained, now.explained))


def _why(
    services: Services, account: Account, now: CustomerScore, moved: Moved | None
) -> CustomerWhy:
    told = now.explained
    return CustomerWhy(
        customer_id=now.customer_id,
        name=now.name,
        currency=services.currency,
        as_of=now.as_of,
        known_then=now.known_at is not None,
        score=now.score,
        risk_class=now.risk_class,
        computed_class=now.computed_class,
        confidence=now.confidence,
        default_chance=now.default_chance,
        policy_version=now.policy_version,
        override=now.override,
        override_id=now.override.number if now.override else None,
        factors=_factors(told),
        lines=[n for n in told.lines if n.most or n.points],
        adjustment=told.adjustment,
        bounds=told.bounds,
        kin=now.kin,
        moved=moved,
        weightiest=_weightiest(account.ledger, now.as_of),
    )


def _factors(told: Explained) -> list[FactorLine]:
    most: dict[str, int] = {}
    for line in told.lines:
        most[line.factor] = most.get(line.factor, 0) + line.most
    return [
        FactorLine(key, points, most.get(key, 0))
        for key, points in told.by_factor().items()
        if points or most.get(key)
    ]


def _weightiest(ledger: tuple[Invoice, ...], day: date) -> list[Weighty]:
    """Return the invoices with the most amount × days late by then, if any was late."""
    late = [
        i
        for i in ledger
        if i.issued_on <= day and i.amount > 0 and i.days_late(day) > 0
    ]
    late.sort(key=lambda i: (-i.days_late(day) * i.amount, i.number))
    return [
        Weighty(i.number, i.amount, i.due_on, i.settled_on, i.days_late(day))
        for i in late[:MOST_INVOICES]
    ]
