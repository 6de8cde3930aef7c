"""Questions that cards of problems ask: whose they are, what settings a place has."""

from collections.abc import Collection

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from storage.tables import (
    AlertChannel,
    Customer,
    CustomerGroup,
    OwnRule,
    Problem,
    ProblemCard,
    User,
)

OWN = "own:"


def whose(
    session: Session, customer_ids: Collection[int]
) -> dict[int, tuple[str, str, str | None]]:
    """Return number, name and owner of customers, by id."""
    asked = (
        columns(
            col(Customer.id),
            col(Customer.number),
            col(Customer.name),
            col(Customer.owner),
            col(User.name),
        )
        .outerjoin(User, col(User.slack_id) == col(Customer.owner))
        .where(col(Customer.id).in_(customer_ids))
    )
    return {
        id_ or 0: (number, name, called or owner)
        for id_, number, name, owner, called in session.connection().execute(asked)
    }


def groups(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return what groups of customers are called, by id."""
    if not ids:
        return {}
    asked = select(CustomerGroup.id, CustomerGroup.name)
    found = session.exec(asked.where(col(CustomerGroup.id).in_(ids)))
    return {id_: name for id_, name in found if id_ is not None}


def own_titles(session: Session, rules: Collection[str]) -> dict[str, str]:
    """Return what people call their own rules, by `own:<name>`."""
    if not rules:
        return {}
    names = [rule.removeprefix(OWN) for rule in rules]
    asked = select(OwnRule.name, OwnRule.title).where(col(OwnRule.name).in_(names))
    return {f"{OWN}{name}": title for name, title in session.exec(asked)}


def channels(session: Session, ids: Collection[int]) -> dict[int, AlertChannel]:
    """Return alert channels as they are set now, by id."""
    if not ids:
        return {}
    asked = select(AlertChannel).where(col(AlertChannel.id).in_(ids))
    return {one.id or 0: one for one in session.exec(asked)}


def put_card(session: Session, card: ProblemCard) -> None:
    """Keep where a problem is shown."""
    session.add(card)
    session.flush()


def owner_of(session: Session, problem: Problem) -> tuple[str | None, str | None]:
    """Return the owner of a problem's customer, as written down, and the region."""
    asked = select(Customer.owner, Customer.region).where(
        Customer.id == problem.customer_id
    )
    return session.exec(asked).first() or (None, None)
