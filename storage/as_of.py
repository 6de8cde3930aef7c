"""As of which day, and as known when: conditions that every question shares.

A question is a function of its `Form`, which says what its SQL depends on. So its SQL
is made once, whoever is asked about, and as of whatever day.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, ClassVar

import numpy as np
from sqlalchemy import Float, Select, String, and_, bindparam, case, func, or_, select
from sqlmodel import Session, col

from storage.columns import MONEY_SCALE
from storage.prepared import Prepared
from storage.reading import AT_ONCE, Table, columns_of, is_in, listing

NO_RATES: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True)
class View:
    """What held on a day; as known now, or (`known_at`) as known then.

    History imported in bulk counts as known on its own dates.
    """

    on: date
    known_at: datetime | None = None
    is_today: bool = False
    """That `on` is today and nothing later is known: the books can be read as is."""


@dataclass(frozen=True)
class Who:
    """About whom: these customers, or all with ids `first` to `last`; and `others`."""

    ids: Collection[int] | None = None
    first: int = 0
    last: int = 0
    others: Collection[int] = ()

    def among(self, column: Any) -> Any:
        """Return the condition that `column` names one of them."""
        if self.is_listed:
            return is_in(column, self.listing)
        return col(column).between(self.first, self.last)

    @property
    def is_listed(self) -> bool:
        """Return whether each is named: "either … or …" would make SQLite scan."""
        return self.ids is not None or bool(self.others)

    @property
    def values(self) -> dict[str, object]:
        """Return what a question that asks `Form.among` is given."""
        if self.is_listed:
            return {"listing": self.listing}
        return {"first": self.first, "last": self.last}

    @cached_property
    def listing(self) -> str:
        """All of them, written once for the many questions about them."""
        own = range(self.first, self.last + 1) if self.ids is None else self.ids
        return listing({*own, *self.others})


@dataclass(frozen=True, slots=True)
class Form:
    """How a question is put: what makes its SQL another, its values apart."""

    is_listed: bool
    """Whether each customer is named, or all between two ids are meant."""
    is_then: bool
    """Whether it is about what was known at a moment."""
    is_today: bool
    currencies: tuple[str, ...] = ()
    """Those with a rate."""

    on: ClassVar[Any] = bindparam("on")
    moment: ClassVar[Any] = bindparam("moment")

    def among(self, column: Any) -> Any:
        """Return the condition that `column` names one of those in `Who.values`."""
        if self.is_listed:
            return is_in(column, bindparam("listing", type_=String))
        return col(column).between(bindparam("first"), bindparam("last"))

    def worth(self, column: Any) -> Any:
        """Return what a ten-thousandth of a row's currency is worth; NULL unknown."""
        known = {
            name: bindparam(f"rate_{n}", type_=Float)
            for n, name in enumerate(self.currencies)
        }
        return case(known, value=col(column))

    def standing(
        self, table: Any, columns: Sequence[Any], key: Sequence[Any], own_date: Any
    ) -> Select[Any]:
        """Return the question for `columns` of a fact, as it stood in the view.

        The customer's id comes first. `key` names a fact within its customer; of
        several known then the newest stood. Without `own_date` a fact may hold later.
        """
        asked = [table.customer_id, *columns]
        happened = [] if own_date is None else [col(own_date) <= self.on]
        if not self.is_then:
            mine, stands = self.among(table.customer_id), table.superseded_at
            return select(*asked).where(mine, *happened, col(stands).is_(None))
        nth = func.row_number().over(
            partition_by=[table.customer_id, *key],
            order_by=[col(table.known_at).desc(), col(table.id).desc()],
        )
        learnt = or_(col(table.assumed), col(table.known_at) <= self.moment)
        known = select(*asked, nth.label("nth")).where(
            *happened, learnt, self._stood(table)
        )
        then = known.subquery()
        return select(*list(then.c)[:-1]).where(then.c.nth == 1)

    def _stood(self, table: Any) -> Any:
        """Return the condition that a fact of those asked about stood at the moment.

        Whose it is is said of either half, and so each is found by an index of its own.
        """
        mine, until = self.among(table.customer_id), col(table.superseded_at)
        return or_(and_(mine, until.is_(None)), and_(mine, until > self.moment))


Question = Callable[[Form], Any]
"""A function of a module, which returns a statement."""


@cache
def prepared(question: Question, form: Form) -> Prepared:
    """Return a question ready to be asked, made once."""
    return Prepared(question(form))


@cache
def _any_of(table: Any) -> Prepared:
    return Prepared(select(table.id).limit(1))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's session, about whom it is, and as of when."""

    session: Session
    who: Who
    view: View

    def rows(self, question: Question) -> Sequence[Any]:
        """Return the rows that answer, each value in the type of its column."""
        form = self._form(NO_RATES)
        return prepared(question, form).rows(self.session, **self._values(NO_RATES))

    def table(self, question: Question, rate: Mapping[str, float] = NO_RATES) -> Table:
        """Return the answer's columns as rows of the table; NULL is NaN, true is 1.

        `rate` is what a unit of each currency is worth in base currency.
        """
        ready = prepared(question, self._form(rate))
        pieces = ready.pieces(self.session, AT_ONCE, **self._values(rate))
        numbers = (np.array(rows, np.float64) for rows in pieces)
        return columns_of(ready.width, numbers)

    def knows_any(self, table: Any) -> bool:
        """Return whether anything at all is kept in `table`, of whomever."""
        return bool(_any_of(table).rows(self.session))

    def _form(self, rate: Mapping[str, float]) -> Form:
        is_then = self.view.known_at is not None
        currencies = tuple(sorted(rate))
        return Form(self.who.is_listed, is_then, self.view.is_today, currencies)

    def _values(self, rate: Mapping[str, float]) -> dict[str, Any]:
        worth = {
            f"rate_{n}": rate[name] / MONEY_SCALE for n, name in enumerate(sorted(rate))
        }
        moment = {"on": self.view.on, "moment": self.view.known_at}
        return self.who.values | worth | moment


def known_then(table: Any, moment: Any) -> Any:
    """Return the condition that a fact was known at `moment`, and not yet corrected."""
    until = col(table.superseded_at)
    return and_(col(table.known_at) <= moment, or_(until.is_(None), until > moment))
