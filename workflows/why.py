"""Explains a customer's score to its last point, as of any day."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from risk.errors import N_, UserError
from risk.explain import CustomerScore, Explained, deltas
from risk.ledger import Invoice
from risk.news import worth_of
from storage.as_of import Asked, View, Who
from storage.sources import Source, sources
from templates.messages.score import (
    CustomerWhy,
    FactorLine,
    Moved,
    Proof,
    Weighty,
)
from workflows.finding import let_in
from workflows.gone import CustomerGone
from workflows.position import Account, account_within
from workflows.score import score_within
from workflows.services import Actor, Services

LOOK_BACK = timedelta(days=30)
MOST_INVOICES = 5


@dataclass(eq=False)
class DaysWrong(UserError):
    """A score of a day to come, or held to a day after it."""

    day: str
    since: str
    message = N_(
        "A score of %(day)s cannot be held to %(since)s. Choose days up to today, the"
        " earlier one to compare with."
    )


def explain(
    services: Services,
    actor: Actor,
    customer_id: int,
    on: date | None = None,
    *,
    known_then: bool = False,
    since: date | None = None,
) -> CustomerWhy:
    """Return how the score of a day came about, and what moved it since another.

    `on` is today by default, `since` a month earlier; `known_then` leaves out what was
    learnt later.

    Raises:
        OursOnly: a guest asks.
        CustomerGone: there is no such customer.
        DaysWrong: a day to come, or `since` is not before `on`.

    """
    let_in(actor)
    day, today = on or services.today(), services.today()
    since = since or day - LOOK_BACK
    if not since < day <= today:
        raise DaysWrong(day.isoformat(), since.isoformat())
    known_at = _end_of(services, day) if known_then else None
    with services.database.read() as session:
        account = account_within(services, session, customer_id)
        if account is None:
            raise CustomerGone
        now = score_within(services, session, customer_id, on, known_at)
        moved = _moved(services, session, now, since)
        view = View(day, known_at, known_at is None and day >= today)
        proofs = sources(Asked(session, Who([customer_id]), view))
    told = _why(services, account, now, moved)
    return replace(
        told,
        proofs=[
            Proof(
                p.kind, p.what, p.scale, p.day, p.source, p.link, _counts(services, p)
            )
            for p in proofs
        ],
        today=today,
        since=since,
    )


def _counts(services: Services, found: Source) -> bool:
    """Return whether the score can read a fact: a rating needs a scale that has it."""
    scale = services.policy.policy.scales.get(found.scale)
    known = scale is not None and worth_of(scale, found.what) is not None
    return known or found.kind != "rating"


def _end_of(services: Services, day: date) -> datetime:
    """Return the moment at which `day` ends at the company."""
    return datetime.combine(day + timedelta(days=1), time(0), services.timezone)


def _moved(
    services: Services, session: Session, now: CustomerScore, since: date
) -> Moved | None:
    known_at = _end_of(services, since) if now.known_at else None
    before = score_within(services, session, now.customer_id, since, known_at)
    if before.score is None or now.score is None:
        return None
    old, new = before.points, now.points
    gained = {key: new.get(key, 0) - old.get(key, 0) for key in {**old, **new}}
    by_factor = sorted(gained.items(), key=lambda one: -abs(one[1]))
    return Moved(
        since,
        before.score,
        before.computed_class,
        deltas(before.explained, now.explained),
        [(key, points) for key, points in by_factor if points],
    )


def _why(
    services: Services, account: Account, now: CustomerScore, moved: Moved | None
) -> CustomerWhy:
    told = now.explained
    ledger = [i for i in account.ledger if i.issued_on <= now.as_of]
    paid = [i for i in ledger if i.settled_on and i.settled_on <= now.as_of]
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
        invoices=(len(ledger), len(ledger) - len(paid)),
        proofs=(),
        today=now.as_of,
        since=now.as_of,
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
