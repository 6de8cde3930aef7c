"""Signals: what is on, what began, what is over. One a subject and rule at a time."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from storage.as_of import Who
from storage.bulk import insert_rows
from storage.reading import is_listed, rows_of
from storage.tables import Customer, RuleFailure, Signal

CUSTOMER = "customer:"


@dataclass(frozen=True, slots=True)
class On:
    """A signal that is on, as a sweep compares it."""

    id: int
    subject: str
    customer_id: int | None
    rule: str
    strength: float
    shadow: bool


def on_of(session: Session, who: Who) -> Iterator[On]:
    """Yield the signals that are on of customers."""
    return _on(session, who.among(Signal.customer_id))


def on_elsewhere(session: Session) -> Iterator[On]:
    """Yield the signals that are on and not about a customer, or of the portfolio."""
    return _on(session, ~col(Signal.subject).startswith(CUSTOMER))


def on_by_rules(session: Session, rules: Collection[str]) -> Iterator[On]:
    """Yield the signals that are on of these rules."""
    return _on(session, col(Signal.rule).in_(rules))


def _on(session: Session, about: Any) -> Iterator[On]:
    asked: list[Any] = [
        Signal.id,
        Signal.subject,
        Signal.customer_id,
        Signal.rule,
        Signal.strength,
        Signal.shadow,
    ]
    is_on = col(Signal.state) == "on"
    return (On(*row) for row in rows_of(session, select(*asked).where(about, is_on)))


def begin(session: Session, rows: Sequence[dict[str, Any]]) -> Sequence[Signal]:
    """Keep signals that began, each column given; return them with their ids.

    Call `scores.one_at_a_time` first: what is newest then is what this call put there.
    """
    if not rows:
        return []
    newest = session.connection().execute(select(func.max(Signal.id))).scalar() or 0
    insert_rows(session, Signal, rows)
    fresh = select(Signal).where(col(Signal.id) > newest).order_by(col(Signal.id))
    return session.execute(fresh).scalars().all()


def by_ids(session: Session, ids: Collection[int]) -> Mapping[int, Signal]:
    """Return signals by their id."""
    if not ids:
        return {}
    asked = select(Signal).where(is_listed(Signal.id, ids))
    return {row.id or 0: row for row in session.execute(asked).scalars()}


def still_on(session: Session, who: Who, day: date) -> None:
    """Say that what is on of customers was seen to hold on a day."""
    mine = who.among(Signal.customer_id)
    session.connection().execute(
        update(Signal)
        .where(mine, col(Signal.state) == "on", col(Signal.seen_on) < day)
        .values(seen_on=day)
    )


def began_days(session: Session, rules: Collection[str]) -> dict[str, list[date]]:
    """Return the days on which each rule began to fire for somebody, in order."""
    asked: list[Any] = [Signal.rule, Signal.began_on]
    rows = session.connection().execute(
        select(*asked)
        .where(col(Signal.rule).in_(rules), col(Signal.shadow).is_(False))
        .distinct()
        .order_by(col(Signal.rule), col(Signal.began_on))
    )
    found: dict[str, list[date]] = {}
    for rule, day in rows:
        found.setdefault(rule, []).append(day)
    return found


def failing(session: Session, since: datetime) -> dict[str, int]:
    """Return for how many customers each rule could not be evaluated since."""
    rows = session.connection().execute(
        select(col(RuleFailure.rule), func.sum(col(RuleFailure.customers)))
        .where(col(RuleFailure.at) >= since)
        .group_by(col(RuleFailure.rule))
    )
    return {rule: int(number) for rule, number in rows}


def about(session: Session, customer_ids: Collection[int]) -> dict[int, Any]:
    """Return (id, number, name, owner, region) of customers, by id."""
    asked: list[Any] = [
        Customer.id,
        Customer.number,
        Customer.name,
        Customer.owner,
        Customer.region,
    ]
    mine = is_listed(Customer.id, customer_ids)
    return {
        row[0]: row for row in session.connection().execute(select(*asked).where(mine))
    }


def counts(session: Session) -> dict[str, int]:
    """Return how many signals of each rule are on, the most first."""
    number = func.count()
    rows = session.connection().execute(
        select(col(Signal.rule), number)
        .where(col(Signal.state) == "on")
        .group_by(col(Signal.rule))
        .order_by(number.desc(), col(Signal.rule))
    )
    return {rule: count for rule, count in rows}  # noqa: C416 - rows are no pairs to mypy
