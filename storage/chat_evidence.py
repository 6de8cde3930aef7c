"""What people brought from chat: notes on customers, and promises to pay.

A fact that is taken back, or judged anew, is superseded; nothing is overwritten but
what a promise's payments add up to.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, bindparam, cast, func, literal, or_, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from storage.prepared import Prepared
from storage.tables import Customer, Note, Payment, PaymentPromise, Viewing

VERDICTS = ("promise_kept", "promise_broken")
"""Kinds of notes that the desk writes itself, of what came of a promise."""


def keep(session: Session, fact: Note | PaymentPromise) -> int:
    """Keep a new note or promise; return its id."""
    session.add(fact)
    session.flush()
    return fact.id or 0


def note_by_id(session: Session, note_id: int) -> Note | None:
    """Return one note, locked against others who take it back at the same time."""
    asked = select(Note).where(Note.id == note_id).with_for_update()
    return session.exec(asked).first()


def promise_by_id(session: Session, promise_id: int) -> PaymentPromise | None:
    """Return one promise, locked against others who take it back at the same time."""
    asked = select(PaymentPromise).where(PaymentPromise.id == promise_id)
    return session.exec(asked.with_for_update()).first()


def notes_of(session: Session, customer_id: int, most: int) -> Sequence[Note]:
    """Return what people noted of a customer and did not take back, newest first."""
    asked = (
        select(Note)
        .where(
            Note.customer_id == customer_id,
            col(Note.superseded_at).is_(None),
            col(Note.kind).not_in(VERDICTS),
        )
        .order_by(col(Note.noted_on).desc(), col(Note.id).desc())
    )
    return session.exec(asked.limit(most)).all()


def promises_of(
    session: Session, customer_id: int, most: int
) -> Sequence[PaymentPromise]:
    """Return a customer's promises that were not taken back, the latest first."""
    asked = (
        select(PaymentPromise)
        .where(
            PaymentPromise.customer_id == customer_id,
            col(PaymentPromise.superseded_at).is_(None),
        )
        .order_by(col(PaymentPromise.due_on).desc(), col(PaymentPromise.id).desc())
    )
    return session.exec(asked.limit(most)).all()


def promises_to_judge(
    session: Session, customer_ids: Sequence[int], since: date
) -> Sequence[PaymentPromise]:
    """Return the standing promises of customers that were due since a day, or are."""
    asked = select(PaymentPromise).where(
        col(PaymentPromise.customer_id).in_(customer_ids),
        col(PaymentPromise.superseded_at).is_(None),
        or_(col(PaymentPromise.state) == "open", col(PaymentPromise.due_on) >= since),
    )
    return session.exec(asked.order_by(col(PaymentPromise.id))).all()


def who_promised(session: Session, before: date) -> list[int]:
    """Return the customers with a promise still open that was due before a day."""
    asked = columns(col(PaymentPromise.customer_id)).where(
        col(PaymentPromise.state) == "open",
        col(PaymentPromise.superseded_at).is_(None),
        col(PaymentPromise.due_on) < before,
    )
    return list(session.connection().execute(asked.distinct()).scalars())


def with_promises(session: Session, customer_ids: Iterable[int]) -> list[int]:
    """Return those of the customers who ever promised anything."""
    asked = columns(col(PaymentPromise.customer_id)).where(
        col(PaymentPromise.customer_id).in_(list(customer_ids)),
        col(PaymentPromise.superseded_at).is_(None),
    )
    return sorted(session.connection().execute(asked.distinct()).scalars())


def received(
    session: Session, customer_ids: Sequence[int], since: date
) -> Sequence[Any]:
    """Return (customer id, paid on, amount, currency) of money in since a day."""
    asked: list[Any] = [
        Payment.customer_id,
        Payment.paid_on,
        Payment.amount,
        Payment.currency,
    ]
    statement = columns(*asked).where(
        col(Payment.customer_id).in_(customer_ids),
        col(Payment.superseded_at).is_(None),
        col(Payment.kind) == "payment",
        col(Payment.paid_on) >= since,
    )
    order = (col(Payment.paid_on), col(Payment.id))
    return session.connection().execute(statement.order_by(*order)).all()


def drop_verdicts(session: Session, source: str, at: datetime) -> None:
    """Supersede what the desk noted of a promise before; `source` names it."""
    session.connection().execute(
        update(Note)
        .where(
            col(Note.source) == source,
            col(Note.kind).in_(VERDICTS),
            col(Note.superseded_at).is_(None),
        )
        .values(superseded_at=at)
    )


def drop_verdicts_of_superseded(
    session: Session, customer_ids: Sequence[int], at: datetime
) -> None:
    """Supersede verdicts on promises that a newer fact has corrected."""
    gone = columns(literal("promise:") + cast(col(PaymentPromise.id), String)).where(
        col(PaymentPromise.customer_id).in_(customer_ids),
        col(PaymentPromise.superseded_at).is_not(None),
    )
    session.connection().execute(
        update(Note)
        .where(
            col(Note.customer_id).in_(customer_ids),
            col(Note.source).in_(gone),
            col(Note.kind).in_(VERDICTS),
            col(Note.superseded_at).is_(None),
        )
        .values(superseded_at=at)
    )


def countries_of(session: Session, ids: Sequence[int]) -> dict[int, str | None]:
    """Return the country of each customer."""
    asked: list[Any] = [Customer.id, Customer.country]
    rows = session.connection().execute(
        columns(*asked).where(col(Customer.id).in_(ids))
    )
    return {row[0]: row[1] for row in rows}


def last_viewed(session: Session, slack_id: str) -> int | None:
    """Return the customer that a person looked at last: whom “they” means."""
    asked = (
        columns(col(Viewing.customer_id))
        .where(col(Viewing.slack_id) == slack_id)
        .order_by(col(Viewing.seen_at).desc())
    )
    return session.connection().execute(asked.limit(1)).scalar()


_STANDING = Prepared(
    columns(
        columns(func.count())
        .select_from(Note)
        .where(
            col(Note.customer_id) == bindparam("whose"),
            col(Note.superseded_at).is_(None),
            col(Note.kind).not_in(VERDICTS),
        )
        .scalar_subquery()
        + columns(func.count())
        .select_from(PaymentPromise)
        .where(
            col(PaymentPromise.customer_id) == bindparam("whose"),
            col(PaymentPromise.superseded_at).is_(None),
        )
        .scalar_subquery()
    )
)


def count_of(session: Session, customer_id: int) -> int:
    """Return how many notes and promises stand for a customer."""
    return int(_STANDING.rows(session, whose=customer_id)[0][0] or 0)
