"""Questions about credit limits: what they rest on, which stands, who asked for more.

A limit that is set supersedes the one before; nothing is overwritten. Amounts are in
their own currency.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from storage.tables import (
    CreditLimit,
    Customer,
    Invoice,
    LimitRequest,
    OutboxMessage,
    Statement,
    User,
)
from storage.touched import touch

Rows = Sequence[Any]


def lock_customer(session: Session, customer_id: int) -> Customer | None:
    """Return a customer, locked against others who decide on it at the same time."""
    wanted = select(Customer).where(Customer.id == customer_id)
    return session.exec(wanted.with_for_update()).first()


def standing(session: Session, customer_id: int) -> CreditLimit | None:
    """Return the limit that was set last, though it has run out; None if none was."""
    wanted = select(CreditLimit).where(
        CreditLimit.customer_id == customer_id,
        col(CreditLimit.superseded_at).is_(None),
    )
    return session.exec(wanted).first()


def replace_limit(session: Session, limit: CreditLimit) -> CreditLimit:
    """Let `limit` stand from its `known_at` on; the one before is kept as superseded.

    Call `lock_customer` first: of two at the same time the later must see the earlier.
    """
    session.connection().execute(
        update(CreditLimit)
        .where(
            col(CreditLimit.customer_id) == limit.customer_id,
            col(CreditLimit.superseded_at).is_(None),
        )
        .values(superseded_at=limit.known_at)
    )
    session.add(limit)
    session.flush()
    touch(session, [limit.customer_id], limit.known_at)
    return limit


def latest_statement(
    session: Session, customer_id: int, on: date
) -> tuple[Statement | None, date | None]:
    """Return the newest accounts ended by `on`; and the end of any dated later."""
    stands = (
        col(Statement.customer_id) == customer_id,
        col(Statement.superseded_at).is_(None),
    )
    newest = col(Statement.period_end).desc()
    ended = select(Statement).where(*stands, col(Statement.period_end) <= on)
    later = columns(col(Statement.period_end)).where(
        *stands, col(Statement.period_end) > on
    )
    return (
        session.exec(ended.order_by(newest).limit(1)).first(),
        session.connection().execute(later.order_by(newest).limit(1)).scalar(),
    )


def invoiced(session: Session, customer_id: int, since: date, until: date) -> Rows:
    """Return (currency, amount, issued, due) of what was invoiced in these days."""
    wanted = columns(
        col(Invoice.currency),
        col(Invoice.amount),
        col(Invoice.issued_on),
        col(Invoice.due_on),
    ).where(
        col(Invoice.customer_id) == customer_id,
        col(Invoice.superseded_at).is_(None),
        col(Invoice.issued_on).between(since, until),
    )
    return session.connection().execute(wanted).all()


def has_invoices(session: Session, customer_id: int) -> bool:
    """Return whether the customer was ever invoiced, as far as we know."""
    wanted = select(Invoice.id).where(
        Invoice.customer_id == customer_id, col(Invoice.superseded_at).is_(None)
    )
    return session.exec(wanted.limit(1)).first() is not None


def group_limits(session: Session, group_id: int, on: date) -> Rows:
    """Return (amount, currency) of each member's limit on `on`; None: it has none."""
    holds = (
        (col(CreditLimit.customer_id) == col(Customer.id))
        & col(CreditLimit.superseded_at).is_(None)
        & (col(CreditLimit.valid_from) <= on)
        & (
            col(CreditLimit.valid_until).is_(None)
            | (col(CreditLimit.valid_until) >= on)
        )
    )
    wanted = (
        columns(col(CreditLimit.amount), col(CreditLimit.currency))
        .select_from(Customer)
        .join(CreditLimit, holds, isouter=True)
        .where(col(Customer.group_id) == group_id)
    )
    return session.connection().execute(wanted).all()


def add_request(session: Session, request: LimitRequest) -> LimitRequest:
    """Keep a new request; return it with its id."""
    session.add(request)
    session.flush()
    return request


def request_by_id(session: Session, request_id: int) -> LimitRequest | None:
    """Return one request for a limit."""
    return session.get(LimitRequest, request_id)


def waiting_for(session: Session, customer_id: int) -> LimitRequest | None:
    """Return the request for the customer's limit that waits to be decided."""
    wanted = (
        select(LimitRequest)
        .where(LimitRequest.customer_id == customer_id, LimitRequest.state == "waiting")
        .order_by(col(LimitRequest.id).desc())
    )
    return session.exec(wanted).first()


def settle_request(
    session: Session,
    request: LimitRequest,
    *,
    state: str,
    by: str,
    at: datetime,
    reason: str | None,
) -> bool:
    """Decide on a waiting request; return False if it is no longer as it was read."""
    values = {
        "state": state,
        "version": request.version + 1,
        "decided_by": by,
        "decided_at": at,
        "decision_reason": reason,
    }
    settled = (
        update(LimitRequest)
        .where(
            col(LimitRequest.id) == request.id,
            col(LimitRequest.version) == request.version,
            col(LimitRequest.state) == "waiting",
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if session.connection().execute(settled).rowcount != 1:
        return False
    session.refresh(request)
    return True


def owed_by_key(session: Session, keys: Sequence[str]) -> dict[str, str]:
    """Return key → channel of those messages named `keys` that were put out."""
    wanted = select(OutboxMessage.key, OutboxMessage.channel).where(
        col(OutboxMessage.key).in_(keys)
    )
    return dict(session.exec(wanted).all())


def called(session: Session, slack_id: str) -> User | None:
    """Return what we know of a person."""
    return session.get(User, slack_id)


def currencies_of(session: Session, customer_id: int) -> list[str]:
    """Return the currencies the customer is invoiced in, the most used first."""
    count: Any = func.count()
    wanted = (
        select(Invoice.currency)
        .where(Invoice.customer_id == customer_id, col(Invoice.superseded_at).is_(None))
        .group_by(col(Invoice.currency))
        .order_by(count.desc(), col(Invoice.currency))
    )
    return list(session.exec(wanted))
