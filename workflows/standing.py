"""A customer's score as of now, without counting it again where it was just counted."""

from sqlmodel import Session

from risk.explain import CustomerScore
from storage import standings
from storage.standings import Standing
from workflows.score import score_within
from workflows.services import Services


def standing_within(services: Services, session: Session, customer_id: int) -> Standing:
    """Return the customer's score as of today, and keep it if it had to be counted.

    Raises:
        CustomerGone: there is no such customer.

    """
    version = services.policy.version
    kept = standings.standing(session, customer_id, services.today(), version)
    if kept is not None:
        return kept
    counted = _as_row(services, score_within(services, session, customer_id))
    row = counted._asdict()
    services.afterwards(lambda: _keep(services, row))
    return counted


def _as_row(services: Services, found: CustomerScore) -> Standing:
    return Standing(
        customer_id=found.customer_id,
        as_of=found.as_of,
        known_at=services.now(),
        policy_version=found.policy_version,
        score=found.score,
        computed_class=found.computed_class,
        risk_class=found.risk_class,
        confidence=found.confidence,
    )


def _keep(services: Services, row: dict[str, object]) -> None:
    with services.database.write() as session:
        standings.keep(session, row)
