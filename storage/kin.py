"""Who is tied to whom: one company owns or vouches for another, or both are in a group.

Asked for each customer that a person looks at, so each question is made once.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, String, bindparam, select, union_all
from sqlmodel import Session, col

from storage.as_of import Form, Who, prepared
from storage.prepared import Prepared
from storage.present import present
from storage.reading import is_in, listing
from storage.tables import Customer, Relation

_GROUP = Prepared(
    select(col(Customer.group_id)).where(col(Customer.id) == bindparam("whose"))
)
_MEMBERS = Prepared(
    select(col(Customer.id))
    .where(is_in(Customer.group_id, bindparam("groups", type_=String)))
    .order_by(col(Customer.id) + 0)  # else an engine may read all, for their order
    .limit(bindparam("most", type_=Integer))
)


def related_ids(
    session: Session, customers: Sequence[int], steps: int, most: int
) -> list[int]:
    """Return customers and those tied to them within `steps`, `most` at most.

    The nearest come first; a group's members are one step from each other.
    """
    found = list(customers)
    if len(found) == 1 and not _has_kin(session, found[0]):
        return found
    around = kin(session, Who(ids=customers), steps, max(most - len(found), 0))
    return found + around


def _has_kin(session: Session, customer_id: int) -> bool:
    """Return whether anybody may be tied to the customer."""
    if present(session, customer_id) & {"ties", "tied"}:
        return True
    return any(row[0] is not None for row in _GROUP.rows(session, whose=customer_id))


def kin(session: Session, who: Who, steps: int, most: int) -> list[int]:
    """Return who is tied to customers within `steps` and not one of them, `most`.

    The nearest come first; a group's members are one step from each other.
    """
    seen = set(who.ids) if who.ids is not None else set()
    found: list[int] = []
    edge = who
    for _ in range(steps):
        if len(found) >= most or (edge.ids is not None and not edge.ids):
            break
        near = _beside(session, edge, most) - seen
        if who.ids is None:
            near = {n for n in near if not who.first <= n <= who.last}
        fresh = sorted(near)[: most - len(found)]
        seen.update(fresh)
        found += fresh
        edge = Who(ids=fresh)
    return found


def _beside(session: Session, who: Who, most: int) -> set[int]:
    """Return who is tied to one of these, or in one group with it; and these."""
    near = {n for pair in _rows(session, _ask_pairs, who) for n in pair}
    near.update(_mates(session, who, most + len(near)))
    return near


def _mates(session: Session, who: Who, most: int) -> list[int]:
    """Return the first members, `most`, of the groups that these are in.

    The groups are asked first: where hardly anybody is in one, an engine asked for
    both at once reads all customers.
    """
    groups = {row[0] for row in _rows(session, _ask_groups, who)}
    if not groups:
        return []
    members = _MEMBERS.rows(session, groups=listing(groups), most=most)
    return [row[0] for row in members]


def _rows(session: Session, question: Any, who: Who) -> Sequence[Any]:
    form = Form(who.is_listed, is_then=False, is_today=True)
    return prepared(question, form).rows(session, **who.values)


def _ask_pairs(form: Form) -> Any:
    """Ask (one, other) of all that is or was tied, by an index each."""
    pair = select(col(Relation.customer_id), col(Relation.other_id))
    mine, stands = form.among(Relation.customer_id), col(Relation.superseded_at)
    return union_all(
        pair.where(mine, stands.is_(None)),
        pair.where(mine, stands.is_not(None)),
        pair.where(form.among(Relation.other_id)),
    )


def _ask_groups(form: Form) -> Any:
    return select(col(Customer.group_id)).where(
        form.among(Customer.id), col(Customer.group_id).is_not(None)
    )
