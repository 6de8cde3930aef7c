"""Where a customer stands today: exposure, limit, overdue, habits. One reading for all.

The card, the check and the limit say the same figures because they read them here.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from sqlmodel import Session

from risk.behaviour import Behaviour, behaviour, overdue_items
from risk.check import Position
from risk.exposure import Claim, Exposure, Rate, exposure, roll_up
from risk.ledger import ZERO, Invoice
from risk.policy.limit import Class
from storage import customers, positions
from workflows.services import Services
from workflows.standing import standing_within


@dataclass(frozen=True, slots=True)
class Limit:
    """The credit limit in its own currency; it may have run out."""

    amount: Decimal
    currency: str
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Account:
    """A customer, where it stands in base currency, and what that was read from."""

    customer: customers.Known
    group: str | None
    position: Position
    behaviour: Behaviour
    ledger: tuple[Invoice, ...]
    unrated: tuple[str, ...]
    """Currencies of invoices that no rate is known for; the ledger is without them."""
    rates: dict[str, Rate]
    """Of the currencies that occur, and of the base currency, which is 1."""
    limit: Limit | None
    score: int | None
    confidence: int


@dataclass(frozen=True, slots=True)
class _Read:
    """What was asked of the books, in its own currencies."""

    bills: customers.Rows
    own: positions.Books
    others: list[positions.Books] | None
    limit: Limit | None

    def currencies(self) -> set[str]:
        books = [self.own, *(self.others or [])]
        used = {row.currency for row in self.bills}
        used |= {claim.currency for book in books for claim in book.claims}
        used |= {cover.currency for book in books for cover in book.covers}
        return used | ({self.limit.currency} if self.limit else set())


def account_within(
    services: Services, session: Session, customer_id: int, currency: str | None = None
) -> Account | None:
    """Return where the customer stands; None if there is no such customer.

    `currency` is one more whose rate is wanted.
    """
    found = customers.customer_and_group(session, customer_id)
    if found is None:
        return None
    customer, group = found
    today = services.today()
    read = _read(session, customer_id, customer.group_id, today)
    used = read.currencies() | ({currency} if currency else set())
    rates = _rates(services, session, used)
    ledger = _ledger(read.bills, rates)
    known = behaviour(ledger, today)
    rated = standing_within(services, session, customer_id)
    own, others = _exposed(services, read, rates)
    country, classes = customer.country, services.policy.policy.country_classes
    position = Position(
        as_of=today,
        exposure=own,
        overdue=known.ageing.overdue,
        owed=known.ageing.total,
        oldest_overdue=known.oldest_overdue,
        overdue_items=overdue_items(ledger, today),
        claims=sum((i.open_amount for i in ledger if i.open_amount > 0), ZERO),
        days_beyond_terms=known.days_beyond_terms,
        risk_class=class_letter(rated.risk_class),
        hold=customer.hold,
        limit=_in_base(read.limit, rates),
        limit_until=read.limit.valid_until if read.limit else None,
        country=country,
        country_class=classes.get(country) if country else None,
        group_exposure=others,
        known_on=_learnt_on(services, session, customer_id),
    )
    return Account(
        customer=customer,
        group=group,
        position=position,
        behaviour=known,
        ledger=tuple(ledger),
        unrated=tuple(sorted({row.currency for row in read.bills} - set(rates))),
        rates={n: r for n, r in rates.items() if n in used | {services.currency}},
        limit=read.limit,
        score=rated.score,
        confidence=rated.confidence,
    )


def _exposed(
    services: Services, read: _Read, rates: dict[str, Rate]
) -> tuple[Exposure, Decimal | None]:
    """Return what the customer may cost us, and what the rest of its group may, net.

    None is for a customer in no group.
    """
    horizon = services.policy.policy.check.horizon_days
    cost = partial(exposure, rates=rates, as_of=services.today(), horizon_days=horizon)
    own = cost([*_open(read.bills), *read.own.claims], read.own.covers)
    if read.others is None:
        return own, None
    return own, roll_up(cost(book.claims, book.covers) for book in read.others)


def _learnt_on(services: Services, session: Session, customer_id: int) -> date | None:
    learnt = positions.learnt_at(session, customer_id)
    return learnt.astimezone(services.timezone).date() if learnt else None


def _read(
    session: Session, customer_id: int, group_id: int | None, today: date
) -> _Read:
    given = positions.limit_begun(session, customer_id, today)
    return _Read(
        bills=customers.invoices(session, customer_id),
        own=positions.own_books(session, customer_id),
        others=None
        if group_id is None
        else positions.others_books(session, customer_id, group_id),
        limit=Limit(*given) if given else None,
    )


def _rates(services: Services, session: Session, used: set[str]) -> dict[str, Rate]:
    """Return the rates of today; asked only if a currency is foreign."""
    base = {services.currency: Rate(Decimal(1))}
    if not used - set(base):
        return base
    return positions.dated_rates(session, services.today()) | base


def _ledger(bills: customers.Rows, rates: dict[str, Rate]) -> list[Invoice]:
    """Return the invoices in base currency, those without a rate left out."""
    return [
        Invoice(
            number=row.number,
            amount=row.amount * rates[row.currency].value,
            issued_on=row.issued_on,
            due_on=row.due_on,
            paid=row.paid * rates[row.currency].value,
            settled_on=row.settled_on,
            disputed=row.disputed,
        )
        for row in bills
        if row.currency in rates
    ]


def _open(bills: customers.Rows) -> list[Claim]:
    """Return what is open of each invoice; a credit note is negative."""
    return [
        Claim("invoice", row.currency, row.amount - row.paid)
        for row in bills
        if row.settled_on is None
    ]


def _in_base(limit: Limit | None, rates: dict[str, Rate]) -> Decimal | None:
    """Return the limit in base currency; unknown where it cannot be converted."""
    if limit is None or limit.currency not in rates:
        return None
    return limit.amount * rates[limit.currency].value


def class_letter(name: str | None) -> Class | None:
    """Return a letter as the class it is; None where there is none."""
    letters: dict[str | None, Class] = {c: c for c in ("A", "B", "C", "D", "E")}
    return letters.get(name)
