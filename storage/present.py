"""Which kinds of facts there are of one customer at all: most have only invoices.

One quick question in place of many that find nothing.
"""

from typing import Any

from sqlalchemy import bindparam, exists, or_, select
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

_KINDS: dict[str, tuple[Any, Any]] = {
    "orders": (Order, Order.customer_id),
    "statements": (Statement, Statement.customer_id),
    "ratings": (Rating, Rating.customer_id),
    "events": (CreditEvent, CreditEvent.customer_id),
    "notes": (Note, Note.customer_id),
    "ties": (Relation, Relation.customer_id),
    "tied": (Relation, Relation.other_id),
}


def _is_any(table: Any, whose: Any) -> Any:
    """Return whether there is any: what stands and what stood have an index each."""
    mine, stands = col(whose) == bindparam("whose"), col(table.superseded_at).is_(None)
    return or_(exists().where(mine, stands), exists().where(mine, ~stands))


_PRESENT = Prepared(
    select(*(_is_any(*about).label(kind) for kind, about in _KINDS.items()))
)
EVERY_KIND = frozenset(_KINDS)


def present(session: Session, customer_id: int) -> frozenset[str]:
    """Return the kinds of facts, old ones too, that there are of a customer."""
    row = _PRESENT.rows(session, whose=customer_id)[0]
    return frozenset(kind for kind, there in zip(_KINDS, row, strict=True) if there)
