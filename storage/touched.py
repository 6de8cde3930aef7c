"""Customers about whom something changed, until a sweep has looked at them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session

from storage.tables import Touched


def touch(session: Session, customer_ids: Iterable[int], at: datetime) -> None:
    """Let the next sweep look at these customers."""
    rows = [{"customer_id": id_, "at": at} for id_ in sorted(set(customer_ids))]
    if rows:
        session.connection().execute(insert(Touched), rows)
