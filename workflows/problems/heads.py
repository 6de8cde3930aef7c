"""Open problems in lines, for cards of customers and the Home."""

from sqlmodel import Session

from storage import problem_lists
from templates.messages.problems import ProblemHead
from workflows.problems.drawing import sketch
from workflows.services import Actor, Services


def open_problems(
    services: Services, session: Session, customer_id: int
) -> list[ProblemHead]:
    """Return a customer's open problems, the most valuable first."""
    rows = problem_lists.of_customer(session, customer_id)
    if not rows:
        return []
    drawn = sketch(services, session, rows)
    return [drawn.head(row) for row in rows]


def my_problems(
    services: Services, session: Session, actor: Actor, most: int
) -> tuple[list[ProblemHead], int]:
    """Return the open problems that are the actor's, and how many there are."""
    rows, total = problem_lists.mine(session, actor.slack_id, actor.names, most)
    drawn = sketch(services, session, rows)
    return [drawn.head(row) for row in rows], total
