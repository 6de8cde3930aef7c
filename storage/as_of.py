"""As of which day, and as known when: conditions that every question shares."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlmodel import Session, col

from storage.reading import is_in, listing


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
        if self.ids is None and not self.others:
            return col(column).between(self.first, self.last)
        return is_in(column, self._listing)  # "either … or …" would make SQLite scan

    @cached_property
    def _listing(self) -> str:
        """All of them, written once for the many questions about them."""
        own = range(self.first, self.last + 1) if self.ids is None else self.ids
        return listing({*own, *self.others})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's session, about whom it is, and as of when."""

    session: Session
    who: Who
    view: View

    def rows(self, question: Any) -> Sequence[Any]:
        """Return the rows that answer a question."""
        return self.session.connection().execute(question).all()

    def knows_any(self, table: Any) -> bool:
        """Return whether anything at all is kept in `table`, of whomever."""
        return (
            self.session.connection().execute(select(table.id).limit(1)).first()
            is not None
        )

    def standing(
        self, table: Any, columns: Sequence[Any], key: Sequence[Any], own_date: Any
    ) -> Select[Any]:
        """Return the question for `columns` of a fact, as it stood in the view.

        The customer's id comes first. `key` names a fact within its customer; of
        several known then the newest stood. Without `own_date` a fact may hold later.
        """
        asked = [table.customer_id, *columns]
        happened = [self.who.among(table.customer_id)]
        if own_date is not None:
            happened.append(col(own_date) <= self.view.on)
        if self.view.known_at is None:
            stands = col(table.superseded_at).is_(None)
            return select(*asked).where(*happened, stands)
        nth = func.row_number().over(
            partition_by=[table.customer_id, *key],
            order_by=[col(table.known_at).desc(), col(table.id).desc()],
        )
        known = known_then(table, self.view.known_at, assumed=table.assumed)
        then = select(*asked, nth.label("nth")).where(*happened, known).subquery()
        return select(*list(then.c)[:-1]).where(then.c.nth == 1)


def known_then(table: Any, moment: datetime, assumed: Any = None) -> Any:
    """Return the condition that a fact was known at `moment`, and not yet corrected."""
    learnt = col(table.known_at) <= moment
    return and_(
        learnt if assumed is None else or_(col(assumed), learnt),
        or_(col(table.superseded_at).is_(None), col(table.superseded_at) > moment),
    )
