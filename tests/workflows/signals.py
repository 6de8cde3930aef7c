"""Signals as a sweep hands them on, for tests of what becomes of them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from storage.tables import (
    Customer,
    OutboxMessage,
    Problem,
    ProblemEntry,
    Signal,
)
from tests.rows import in_order
from workflows.monitor.moves import Move, Subject
from workflows.problems.cards import post
from workflows.problems.feed import take_moves
from workflows.problems.kinds import Fresh, Place
from workflows.services import Services

LIMIT = {"utilisation": 1.1, "exposure": 110000.0, "limit": 100000.0}
SLOWER = {"days_late_recent": 23.0, "days_late_usual": 4.0, "paid_recent": 5.0}
OVERDUE = {"overdue": 45000.0, "overdue_oldest": 31.0, "open_amount": 80000.0}


class Sweep:
    """A sweep over one customer, that posts what is fresh to some places."""

    def __init__(
        self, services: Services, customer_id: int, places: Sequence[Place] = ()
    ) -> None:
        self.services, self.customer_id, self.places = services, customer_id, places
        self.fresh: list[Fresh] = []
        self.risk_class, self.exposure = "D", Decimal(120340)

    def __call__(self, *moved: tuple[str, str, dict[str, float]], **about: Any) -> None:
        """Let rules begin, grow or be over: (kind, rule, evidence) each."""
        with self.services.database.write() as session:
            subject = self._subject(session)
            moves = [
                Move(kind, self._signal(session, kind, rule, evidence, about))  # type: ignore[arg-type] # tests name kinds
                for kind, rule, evidence in moved
            ]
            session.flush()
            take_moves(
                self.services, session, moves, {subject.key: subject}, self._place
            )

    def _subject(self, session: Session) -> Subject:
        row = session.get(Customer, self.customer_id)
        assert row is not None
        return Subject(
            key=f"customer:{row.id}",
            customer_id=row.id,
            number=row.number,
            name=row.name,
            owner=row.owner,
            region=row.region,
            risk_class=self.risk_class,
            exposure=self.exposure,
        )

    def _signal(
        self,
        session: Session,
        kind: str,
        rule: str,
        evidence: dict[str, float],
        about: dict[str, Any],
    ) -> Signal:
        now = self.services.now()
        asked = select(Signal).where(Signal.rule == rule, Signal.state == "on")
        known = session.exec(asked.order_by(col(Signal.id).desc())).first()
        if known is None:
            given: dict[str, Any] = {"cause": "payment", "severity": 2} | about
            known = Signal(
                subject=f"customer:{self.customer_id}",
                customer_id=self.customer_id,
                rule=rule,
                began_on=now.date(),
                seen_on=now.date(),
                known_at=now,
                policy_version="test",
                **given,
            )
        if kind == "over":
            known.state, known.over_at = "over", now
        else:
            known.evidence = evidence
        session.add(known)
        return known

    def _place(
        self,
        services: Services,
        session: Session,
        fresh: Sequence[Fresh],
        _subjects: Mapping[str, Subject],
    ) -> None:
        self.fresh = list(fresh)
        for one in fresh:
            for place in self.places:
                if one.kind != "stronger" and not one.problem.snoozed_until:
                    post(services, session, one.problem, place)


def all_problems(services: Services) -> list[Problem]:
    with services.database.read() as session:
        return in_order(session, Problem)


def lives(services: Services) -> list[str]:
    with services.database.read() as session:
        asked = select(ProblemEntry).order_by(col(ProblemEntry.id))
        return [entry.kind for entry in session.exec(asked)]


def owed(services: Services) -> list[OutboxMessage]:
    with services.database.read() as session:
        asked = select(OutboxMessage).order_by(col(OutboxMessage.id))
        return list(session.exec(asked))
