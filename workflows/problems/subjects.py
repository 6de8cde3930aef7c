"""Whom a problem is about, as routing needs to know it outside a sweep."""

from sqlmodel import Session

from storage import customers, problem_places
from storage.tables import Problem
from workflows.monitor.moves import Subject


def subject_of(session: Session, problem: Problem) -> Subject:
    """Return whom a problem is about, as it stood when the problem last moved."""
    found = (
        customers.customer_and_group(session, problem.customer_id)
        if problem.customer_id is not None
        else None
    )
    customer = found[0] if found else None
    owner, region = problem_places.owner_of(session, problem)
    return Subject(
        key=problem.subject,
        customer_id=problem.customer_id,
        number=customer.number if customer else "",
        name=customer.name if customer else problem.subject.partition(":")[2],
        owner=owner,
        region=region,
        risk_class=problem.risk_class,
        exposure=problem.exposure,
    )
