"""Looks a customer up as people type it, and puts together what the desk knows."""

from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from risk.exposure import utilisation
from storage import chat_evidence, customers, watches
from templates.messages.lookup import (
    Choices,
    CustomerCard,
    CustomerHistory,
    CustomerWindow,
    InvoiceLine,
    LimitLine,
    PaymentLine,
    Seen,
)
from workflows.finding import let_in, who_is, who_is_called
from workflows.gone import CustomerGone
from workflows.position import Account, account_within
from workflows.problems.heads import open_problems
from workflows.services import Actor, Services

MOST_PAYMENTS, PAGE = 5, 15


def look_up(services: Services, actor: Actor, query: str) -> CustomerCard | Choices:
    """Return the card of the customer meant, or the customers that may be.

    Raises:
        OursOnly: a guest asks.
        NothingTyped: the query is empty.
        NobodyLike: nobody's name is like it.

    """
    let_in(actor)
    with services.database.read() as session:
        found = who_is(session, query)
        if isinstance(found, int):
            return _card(services, session, actor, found)
        return found


def called(services: Services, actor: Actor, name: str) -> CustomerCard | None:
    """Return the card of the one customer of this very number or name, if there is one.

    Raises:
        OursOnly: a guest asks.

    """
    let_in(actor)
    with services.database.read() as session:
        found = who_is_called(session, name)
        return None if found is None else _card(services, session, actor, found)


def customer_card(services: Services, actor: Actor, customer_id: int) -> CustomerCard:
    """Return the card of the customer with this id.

    Raises:
        OursOnly: a guest asks.
        CustomerGone: there is no such customer.

    """
    let_in(actor)
    with services.database.read() as session:
        return _card(services, session, actor, customer_id)


def as_window(card: CustomerCard) -> CustomerWindow:
    """Return the card as a window over the Home."""
    return CustomerWindow(**{f.name: getattr(card, f.name) for f in fields(card)})


def remember_card(services: Services, actor: Actor, card: CustomerCard) -> None:
    """Keep what the reader saw, so that the next card can say what changed."""
    seen = {
        "exposure": str(card.exposure),
        "overdue": str(card.behaviour.ageing.overdue),
        "class": card.risk_class,
    }
    with services.database.write() as session:
        customers.remember_seen(
            session, actor.slack_id, card.customer_id, services.now(), seen
        )


def history(
    services: Services, actor: Actor, customer_id: int, page: int
) -> CustomerHistory:
    """Return a page of the customer's invoices, newest first; pages count from 1."""
    let_in(actor)
    with services.database.read() as session:
        customer, _ = _who(session, customer_id)
        rows = customers.invoices(session, customer_id)
    newest = sorted(rows, key=lambda r: (r.issued_on, r.number), reverse=True)
    pages = max(-(-len(newest) // PAGE), 1)
    page = min(max(page, 1), pages)
    return CustomerHistory(
        customer_id=customer_id,
        name=customer.name,
        page=page,
        pages=pages,
        invoices=[
            InvoiceLine(r.number, r.currency, r.amount, r.due_on, r.paid, r.settled_on)
            for r in newest[(page - 1) * PAGE : page * PAGE]
        ],
    )


def _who(session: Session, customer_id: int) -> tuple[Any, str | None]:
    found = customers.customer_and_group(session, customer_id)
    if found is None:
        raise CustomerGone
    return found


def _card(
    services: Services, session: Session, actor: Actor, customer_id: int
) -> CustomerCard:
    account = account_within(services, session, customer_id)
    if account is None:
        raise CustomerGone
    customer, position = account.customer, account.position
    called = customers.names(session, customer_id)
    paid = customers.last_payments(session, customer_id, MOST_PAYMENTS)
    owed = position.exposure
    return CustomerCard(
        customer_id=customer_id,
        number=customer.number,
        name=customer.name,
        other_names=[n for n in called if n != customer.name],
        owner=customer.owner,
        region=customer.region,
        group=account.group,
        hold=customer.hold,
        currency=services.currency,
        exposure=owed.net,
        orders=owed.orders + owed.deliveries,
        cover=owed.cover,
        limit=_limit(account),
        risk_class=position.risk_class,
        score=account.score,
        confidence=account.confidence,
        behaviour=account.behaviour,
        invoices=len(account.ledger),
        payments=[PaymentLine(*row) for row in paid],
        seen=_seen(customers.last_seen(session, actor.slack_id, customer_id)),
        without_rate=sorted({*owed.without_rate, *account.unrated}),
        evidence=chat_evidence.count_of(session, customer_id),
        watched=watches.is_watched(session, actor.slack_id, customer_id),
        problems=open_problems(services, session, customer_id),
    )


def _limit(account: Account) -> LimitLine | None:
    position = account.position
    if position.limit is None:
        return None
    used = utilisation(position.exposure.net, position.limit)
    return LimitLine(
        position.limit,
        used if position.limit else None,
        position.limit_until,
        position.limit_until is not None and position.limit_until < position.as_of,
    )


def _seen(viewing: tuple[datetime, dict[str, Any]] | None) -> Seen | None:
    if viewing is None:
        return None
    seen_at, seen = viewing
    return Seen(
        at=seen_at,
        exposure=Decimal(seen["exposure"]),
        overdue=Decimal(seen["overdue"]),
        risk_class=seen["class"],
    )
