"""Which kinds of facts there are of one customer at all: most have only invoices.

One quick question in place of many that find nothing.
"""

from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlmodel import Session, col

from storage.prepared import Prepared
from storage.tables import (
    CreditEvent,
    Note,
    Order,
    Rating,
    Relation,
    Statement,
)

_KINDS: dict[str, Any] = {
    "orders": Order.customer_id,
    "statements": Statement.customer_id,
    "ratings": Rating.customer_id,
    "events": CreditEvent.customer_id,
    "notes": Note.customer_id,
    "ties": Relation.customer_id,
    "tied": Relation.other_id,
}
_PRESENT = Prepared(
    select(
        *(
            exists().where(col(whose) == bindparam("whose")).label(kind)
            for kind, whose in _KINDS.items()
        )
    )
)
EVERY_KIND = frozenset(_KINDS)


def present(session: Session, customer_id: int) -> frozenset[str]:
    """Return the kinds of facts, old ones too, that there are of a customer."""
    row = _PRESENT.rows(session, whose=customer_id)[0]
    return frozenset(kind for kind, there in zip(_KINDS, row, strict=True) if there)
