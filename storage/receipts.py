"""Receipts: each carries the hash of the one before, so that none can be changed."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from storage.tables import Receipt

FIRST = "0" * 64
_LOCK = 7476
_PAGE = 500


def write(session: Session, receipt: Receipt) -> Receipt:
    """Add `receipt` to the chain; return it with its hashes.

    Receipts are chained one at a time: SQLite has one writer, PostgreSQL waits here.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    newest = select(Receipt.hash).order_by(col(Receipt.id).desc()).limit(1)
    receipt.previous_hash = session.exec(newest).first() or FIRST
    receipt.hash = digest(receipt)
    session.add(receipt)
    session.flush()
    return receipt


def digest(receipt: Receipt) -> str:
    """Return the SHA-256 of what `receipt` says and of the receipt before it."""
    said: dict[str, Any] = {
        "kind": receipt.kind,
        "customer": receipt.customer_id,
        "actor": receipt.actor,
        "made_at": receipt.made_at.astimezone(UTC).isoformat(),
        "policy": receipt.policy_version,
        "inputs": receipt.inputs,
        "outcome": receipt.outcome,
        "words": receipt.words,
        "previous": receipt.previous_hash,
    }
    text_ = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text_.encode()).hexdigest()


def chain(session: Session) -> Iterator[Receipt]:
    """Yield every receipt, oldest first, read a page at a time."""
    last = 0
    while page := session.exec(
        select(Receipt)
        .where(col(Receipt.id) > last)
        .order_by(col(Receipt.id))
        .limit(_PAGE)
    ).all():
        yield from page
        last = page[-1].id or last


def broken_at(session: Session) -> int | None:
    """Return the id of the first receipt that was tampered with; None if none was."""
    previous = FIRST
    for receipt in chain(session):
        if receipt.previous_hash != previous or digest(receipt) != receipt.hash:
            return receipt.id
        previous = receipt.hash
    return None


def by_id(session: Session, receipt_id: int) -> Receipt | None:
    """Return one receipt."""
    return session.get(Receipt, receipt_id)
