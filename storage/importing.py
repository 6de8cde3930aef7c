"""Loads the rows of a file: staged without holding anybody up, merged in one piece."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import Session

from storage import staging
from storage.database import Database
from storage.merging import CUSTOMER, Counts, Refusal, Stamp, analyze, merge_facts
from storage.merging_customers import merge_customers, new_names
from storage.merging_invoices import merge_invoices
from storage.merging_others import PLANS, merge_rates, merge_relations
from storage.merging_payments import merge_payments
from storage.names import index_names
from storage.settling import INVOICE, PAYMENT
from storage.staging import STAGED
from storage.sweeps import sweep_again
from storage.tables import ImportedFile
from storage.touched import touch_of_import

_LOCK = 7_102_026
"""Names, on PostgreSQL, the lock by which one import is merged at a time."""

_MANY = 1_000
"""New rows of an import after which sizes are looked at again."""


class Load:
    """One file on its way in. Rows wait in tables of this connection alone."""

    def __init__(self, connection: Connection) -> None:
        """Begin with nothing staged."""
        self._connection = connection
        self._staged: set[str] = set()

    def stage(self, kind: str, rows: Sequence[staging.Row]) -> None:
        """Let `rows` of `kind` wait, as `storage.staging.columns(kind)` names them."""
        staging.put(self._connection, kind, rows)
        self._staged.add(kind)

    def merge(
        self,
        stamp: Stamp,
        accept: Callable[[list[Refusal]], bool],
        file: ImportedFile,
    ) -> tuple[dict[str, Counts], list[Refusal]]:
        """Merge all that waits, in one transaction; return the counts and refusals.

        It is kept if `accept` says so of the refusals, else undone. The database is
        written to by nobody else meanwhile, so a file loaded twice at once loads once.
        """
        self._connection.commit()
        self._connection.execution_options(begin="IMMEDIATE")
        with self._connection.begin() as transaction:
            self._lock()
            counts, refused, last_name = self._merge(stamp)
            if not accept(refused):
                transaction.rollback()
                return counts, refused
            with Session(self._connection) as session:
                index_names(session, new_names(self._connection, last_name))
                file.result = file.result | {
                    kind: vars(number) for kind, number in counts.items()
                }
                session.merge(file)
                session.flush()
            self._learn_sizes(counts)
        return counts, refused

    def _learn_sizes(self, counts: Mapping[str, Counts]) -> None:
        """Let PostgreSQL know how large tables have become, before they are swept.

        By itself it learns a minute later, and reads a table that it takes for empty
        again and again.
        """
        if sum(number.new for number in counts.values()) < _MANY:
            return
        grown = [plan.table for plan in PLANS if counts[plan.kind].new]
        for table in (CUSTOMER, INVOICE, PAYMENT, *grown):
            analyze(self._connection, table)

    def _lock(self) -> None:
        if self._connection.dialect.name == "postgresql":
            lock = func.pg_advisory_xact_lock(_LOCK)
            self._connection.execute(select(lock))

    def _merge(self, stamp: Stamp) -> tuple[dict[str, Counts], list[Refusal], int]:
        connection = self._connection
        for kind in sorted(self._staged):
            analyze(connection, STAGED[kind])
        customers, last_name = merge_customers(connection, stamp)
        invoices, derived, refused = merge_invoices(connection, stamp)
        payments, unpaid = merge_payments(connection, stamp)
        payments.add(derived)
        counts = {"customers": customers, "invoices": invoices, "payments": payments}
        refused += unpaid
        for plan in PLANS:
            counts[plan.kind], more = merge_facts(connection, plan, stamp)
            refused += more
        counts["relations"] = merge_relations(connection, stamp)
        counts["rates"] = merge_rates(connection, stamp)
        touch_of_import(connection, STAGED, stamp)
        if counts["rates"].new or counts["rates"].changed:
            sweep_again(connection, stamp.today)
        return counts, refused, last_name


@contextmanager
def loading(database: Database) -> Iterator[Load]:
    """Yield a load that nobody else sees until it is merged."""
    with database.engine.connect() as connection:
        connection.execution_options(begin="DEFERRED", **_isolation(database))
        staging.create(connection)
        connection.commit()
        try:
            yield Load(connection)
        finally:
            connection.rollback()
            connection.execution_options(begin="DEFERRED")
            staging.drop(connection)
            connection.commit()


def _isolation(database: Database) -> dict[str, Any]:
    """See, after waiting for the lock, what the one before has committed."""
    if database.dialect == "postgresql":
        return {"isolation_level": "READ COMMITTED"}
    return {}
