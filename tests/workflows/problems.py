"""Problems and places that hear of them, for tests, in a line each."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from storage.tables import AlertChannel, OutboxMessage, Problem, ProblemCard, Signal
from tests.workflows.ledger import customer
from workflows.alerts.routing import place
from workflows.problems.kinds import Fresh
from workflows.problems.subjects import subjects_of
from workflows.services import Services


def hears(services: Services, where: str = "C1", **about: Any) -> int:
    """Let a place hear of problems, at all hours, ten a week; return its id."""
    given: dict[str, Any] = {
        "place": where,
        "quiet_from": "00:00",
        "quiet_to": "00:00",
        "timezone": "UTC",
        "language": "en",
        "readers_checked_at": datetime(2100, 1, 1, tzinfo=UTC),  # for good
        "created_by": "U1",
        "changed_at": services.now(),
    }
    with services.database.write() as session:
        row = AlertChannel(**(given | about))
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


def problem(
    session: Session, at: datetime, value: int, whose: int | None = None, **about: Any
) -> Problem:
    """Open a problem worth `value` at a customer of its own, or at `whose`."""
    if whose is None and "subject" not in about:
        number = f"{len(session.exec(select(Problem.id)).all()) + 1}"
        whose = customer(session, f"P{number}", at, name=f"Customer {number}")
    given: dict[str, Any] = {
        "subject": f"customer:{whose}",
        "customer_id": whose,
        "cause": "payment",
        "value": Decimal(value),
        "exposure": Decimal(value * 10),
        "risk_class": "C",
        "severity": 2,
        "opened_at": at,
        "changed_at": at,
    }
    rule = about.pop("rule", "overdue")
    row = Problem(**(given | about))
    session.add(row)
    session.flush()
    session.add(
        Signal(
            subject=row.subject,
            customer_id=row.customer_id,
            rule=rule,
            cause=row.cause,
            severity=row.severity,
            shadow=row.shadow,
            evidence={"overdue": 1234.0, "overdue_days": 20.0},
            began_on=at.date(),
            seen_on=at.date(),
            known_at=at,
            policy_version="1",
            problem_id=row.id,
        )
    )
    session.flush()
    return row


def tell(
    services: Services,
    *values: int,
    kind: Any = "opened",
    interrupts: bool = True,
    **about: Any,
) -> list[int]:
    """Open a problem for each of `values`, place them together; return their ids."""
    with services.database.write() as session:
        made = [problem(session, services.now(), value, **about) for value in values]
        put(services, session, made, kind=kind, interrupts=interrupts)
        return [one.id or 0 for one in made]


def tell_again(
    services: Services, problem_id: int, *, kind: Any = "stronger", **changed: Any
) -> None:
    """Change a problem, and place it again."""
    with services.database.write() as session:
        found = session.get(Problem, problem_id)
        assert found is not None
        for name, value in changed.items():
            setattr(found, name, value)
        session.add(found)
        session.flush()
        put(services, session, [found], kind=kind)


def put(
    services: Services,
    session: Session,
    found: list[Problem],
    *,
    kind: Any = "opened",
    interrupts: bool = True,
) -> None:
    """Place problems, as a sweep does."""
    fresh = [Fresh(one, interrupts, kind) for one in found]
    place(services, session, fresh, subjects_of(session, found))


def cards(services: Services, where: str = "C1") -> dict[int, tuple[str, str]]:
    """Return (state, reason) of each problem's card in a place, by problem."""
    with services.database.read() as session:
        rows = session.exec(select(ProblemCard).where(ProblemCard.place == where))
        return {row.problem_id: (row.state, row.reason) for row in rows}


def posted(services: Services, where: str = "C1") -> list[int]:
    """Return the problems that were posted in a place, in order of the outbox."""
    with services.database.read() as session:
        by_key = {
            card.outbox_key: card.problem_id
            for card in session.exec(
                select(ProblemCard).where(ProblemCard.place == where)
            )
        }
        rows = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id)))
        return [by_key[row.key] for row in rows if row.key in by_key]
