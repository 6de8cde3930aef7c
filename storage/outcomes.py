"""What became of invoices, as known now: to hold a score to."""

from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlmodel import Session, col

from risk.backtest import Days, Fates
from risk.measures import OPEN
from storage.as_of import Asked, Form
from storage.ledgers import days, places
from storage.reading import units
from storage.tables import Invoice, Payment

WRITTEN_OFF = "write_off"


def fates(asked: Asked, ids: Days) -> Fates:
    """Return when each standing invoice of `ids` (ascending) was due and was paid.

    What was written off, in whole or in part, was never paid. Credit notes are none.
    """
    rows = asked.rows(_ask_fates)
    settled = [OPEN if r[2] is None or r[3] else r[2].toordinal() for r in rows]
    return Fates(
        places(ids, (r[0] for r in rows)),
        days(r[1] for r in rows),
        np.array(settled, np.int64),
        len(ids),
    )


def _ask_fates(form: Form) -> Any:
    """Ask (customer, due, settled, whether something of it was written off)."""
    lost = select(col(Payment.invoice_id)).where(
        form.among(Payment.customer_id),
        col(Payment.kind) == WRITTEN_OFF,
        col(Payment.superseded_at).is_(None),
        col(Payment.invoice_id).is_not(None),
    )
    columns: list[Any] = [Invoice.customer_id, Invoice.due_on, Invoice.settled_on]
    return select(*columns, col(Invoice.id).in_(lost).label("lost")).where(
        form.among(Invoice.customer_id),
        col(Invoice.superseded_at).is_(None),
        units(Invoice.amount) > 0,
    )


def last_day(session: Session) -> date | None:
    """Return the day of the last invoice or payment; None without an invoice."""
    ends = [
        select(func.max(column)).where(col(table.superseded_at).is_(None))
        for table, column in ((Invoice, Invoice.issued_on), (Payment, Payment.paid_on))
    ]
    issued, paid = (session.connection().execute(end).scalar() for end in ends)
    if issued is None:
        return None
    return max(issued, paid or issued)


def currencies(session: Session) -> set[str]:
    """Return the currencies that invoices are in."""
    stands = col(Invoice.superseded_at).is_(None)
    asked = select(col(Invoice.currency)).where(stands).distinct()
    return set(session.connection().execute(asked).scalars())
