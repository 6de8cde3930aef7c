"""Changes that may happen to a customer, drawn by numbers, for tests of sweeps."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from storage import touched
from storage.tables import (
    Clause,
    Cover,
    CreditEvent,
    CreditLimit,
    Customer,
    CustomerGroup,
    Invoice,
    Note,
    PaymentPromise,
    Relation,
)
from tests.workflows.ledger import invoice, limit, pay
from workflows.services import Services

Change = tuple[int, int, int]
"""What kind, of which customer, and a number that says how."""

Made = Callable[[Services, Session, list[int], int, int], None]


def change(services: Services, ids: list[int], drawn: Change) -> None:
    """Do one change, and touch whom it is about, in one transaction."""
    kind, which, number = drawn
    whose = ids[which % len(ids)]
    with services.database.write() as session:
        KINDS[kind % len(KINDS)](services, session, ids, whose, number)
        touched.touch(session, [whose, _other(ids, number)], services.now())


def _other(ids: list[int], number: int) -> int:
    return ids[number % len(ids)]


def _about(services: Services, whose: int) -> dict[str, Any]:
    return {"customer_id": whose, "known_at": services.now(), "source": "test"}


def _bills(
    services: Services, session: Session, _: list[int], whose: int, number: int
) -> None:
    due = services.today() - timedelta(days=number - 40)
    bill = invoice(session, whose, f"{number * 100 + 1}", due, services.now())
    if number % 3:
        paid_on = min(due + timedelta(days=number % 20), services.today())
        pay(session, bill, paid_on, services.now())


def _pays(
    services: Services, session: Session, _: list[int], whose: int, __: int
) -> None:
    unpaid = select(Invoice).where(
        Invoice.customer_id == whose, col(Invoice.settled_on).is_(None)
    )
    for bill in session.exec(unpaid).all():
        pay(session, bill, services.today(), services.now())


def _is_tied(
    services: Services, session: Session, ids: list[int], whose: int, number: int
) -> None:
    other = _other(ids, number)
    same = select(Relation).where(
        Relation.customer_id == whose, Relation.other_id == other
    )
    if other != whose and session.exec(same).first() is None:
        at = services.now()
        session.add(
            Relation(
                customer_id=whose, other_id=other, kind="x", source="t", known_at=at
            )
        )


def _joins_group(
    _: Services, session: Session, __: list[int], whose: int, number: int
) -> None:
    group = session.merge(CustomerGroup(id=number % 2 + 1, name=f"G{number % 2}"))
    row = session.get(Customer, whose)
    if row is not None and row.group_id is None:
        row.group_id = group.id
        session.add(row)


def _fails(
    services: Services, session: Session, _: list[int], whose: int, number: int
) -> None:
    kind = ("insolvency", "suit", "default")[number % 3]
    if not _has(session, CreditEvent, whose):
        event: dict[str, Any] = {"kind": kind, "happened_on": services.today()}
        session.add(CreditEvent(**event, **_about(services, whose)))


def _gets_limit(
    services: Services, session: Session, _: list[int], whose: int, number: int
) -> None:
    if not _has(session, CreditLimit, whose):
        limit(session, whose, f"{number * 60}", services.now())


def _is_noted(
    services: Services, session: Session, _: list[int], whose: int, number: int
) -> None:
    note: dict[str, Any] = {
        "kind": "distress",
        "text": "idle",
        "author": "U1",
        "weight": number % 8,
    }
    told = note | {"noted_on": services.today()}
    session.add(Note(**told, **_about(services, whose)))


def _is_covered(
    services: Services, session: Session, _: list[int], whose: int, number: int
) -> None:
    if not _has(session, Cover, whose):
        day = services.today()
        cover: dict[str, Any] = {
            "reference": "R",
            "kind": "guarantee",
            "currency": "USD",
        }
        ends: dict[str, Any] = {
            "valid_from": day,
            "valid_until": day + timedelta(days=number % 40),
        }
        amount = Decimal(number * 30)
        session.add(Cover(amount=amount, **cover, **ends, **_about(services, whose)))


def _breaks_promise(
    services: Services, session: Session, _: list[int], whose: int, number: int
) -> None:
    if not _has(session, PaymentPromise, whose):
        day = services.today()
        told: dict[str, Any] = {"reference": "P", "currency": "USD", "author": "U1"}
        told |= {"state": "broken", "amount": Decimal(number + 1)}
        when: dict[str, Any] = {
            "promised_on": day - timedelta(9),
            "due_on": day - timedelta(3),
        }
        session.add(PaymentPromise(**told, **when, **_about(services, whose)))


def _is_reviewed(
    services: Services, session: Session, _: list[int], whose: int, number: int
) -> None:
    if not _has(session, Clause, whose):
        ends = services.today() + timedelta(days=number - 30)
        clause: dict[str, Any] = {"kind": "review", "reference": "R", "ends_on": ends}
        session.add(Clause(**clause, **_about(services, whose)))


def _has(session: Session, table: Any, whose: int) -> bool:
    return (
        session.exec(select(table).where(table.customer_id == whose)).first()
        is not None
    )


KINDS: tuple[Made, ...] = (
    _bills,
    _bills,
    _bills,
    _pays,
    _is_tied,
    _is_tied,
    _joins_group,
    _fails,
    _gets_limit,
    _is_noted,
    _is_covered,
    _breaks_promise,
    _is_reviewed,
)
