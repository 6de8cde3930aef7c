"""One customer as a case: all its score rests on, to be changed and scored again."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from risk.explain import Explained, explain_one
from risk.facts import Evidence, Found, facts_of
from risk.habits import Orders
from risk.measures import Ledger
from risk.news import News, Ratings
from risk.policy import Policy
from risk.related import ALONE, Ties

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one customer, on a day; amounts in base currency."""

    known: Evidence
    related: float
    """Trouble of related companies that reaches it; NaN where none does."""
    on: date

    @property
    def today(self) -> int:
        """Return the day as an ordinal."""
        return self.on.toordinal()

    @property
    def ledger(self) -> Ledger:
        """Return the customer's invoices."""
        return self.known.ledger

    def with_ledger(self, **columns: Any) -> "Case":
        """Return the case with other columns in its ledger."""
        ledger = replace(self.known.ledger, **columns)
        return replace(self, known=replace(self.known, ledger=ledger))


def case_of(known: Evidence, found: Found, row: int, on: date) -> Case:
    """Return the customer in `row` by itself; `found` is what the evidence says.

    What related companies do to it is kept as it is.
    """
    one = slice(row, row + 1)
    ledger, orders = known.ledger, known.orders
    alone = replace(
        known,
        ids=known.ids[one],
        ledger=_columns(ledger, ledger.customer == row),
        orders=_columns(orders, orders.customer == row),
        statements={name: values[one] for name, values in known.statements.items()},
        year_before={name: values[one] for name, values in known.year_before.items()},
        statement_day=known.statement_day[one],
        model=known.model[one],
        ratings=_told(known.ratings, row),
        events=_told(known.events, row),
        notes=_told(known.notes, row),
        ties=Ties(_NONE, _NONE, np.full(1, ALONE, np.int64)),
        industry=known.industry[one],
        country=known.country[one],
    )
    return Case(alone, float(found.facts["related_trouble"][row]), on)


def rescored(policy: Policy, case: Case) -> Explained:
    """Return the score of a case, explained to its last point."""
    facts = facts_of(policy, case.known, case.on).facts
    return explain_one(policy, facts | {"related_trouble": np.array([case.related])})


def added(column: npt.NDArray[Any], values: npt.ArrayLike) -> npt.NDArray[Any]:
    """Return a column with values at its end."""
    return np.concatenate([column, np.asarray(values).astype(column.dtype)])


Table = TypeVar("Table", Ledger, Orders)
Told = TypeVar("Told", News, Ratings)


def _columns(table: Table, mine: npt.NDArray[np.bool_]) -> Table:
    """Return the rows of one customer, which becomes row 0 of one."""
    names = [f.name for f in fields(table) if f.name not in {"customer", "size"}]
    columns: dict[str, Any] = {name: getattr(table, name)[mine] for name in names}
    own = np.zeros(int(mine.sum()), np.int64)
    return replace(table, customer=own, size=1, **columns)


def _told(told: Told, row: int) -> Told:
    """Return what was told of one customer, which becomes row 0."""
    mine = np.flatnonzero(told.customer == row)
    names = [f.name for f in fields(told) if f.name != "customer"]
    columns: dict[str, Any] = {
        name: _taken(getattr(told, name), mine) for name in names
    }
    return replace(told, customer=np.zeros(len(mine), np.int64), **columns)


def _taken(column: Any, mine: Rows) -> Any:
    if isinstance(column, np.ndarray):
        return column[mine]
    return [column[n] for n in mine]
