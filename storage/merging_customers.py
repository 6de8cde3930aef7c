"""Merges staged customers, and those named only in other rows, into what is known."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    String,
    Table,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)

from storage.columns import BigKey
from storage.merging import (
    CUSTOMER,
    Counts,
    Stamp,
    analyze,
    is_waiting,
    make_temporary,
    temporary,
)
from storage.staging import STAGED
from storage.tables import CustomerChange, CustomerGroup, CustomerName

FIELDS = ("name", "owner", "region", "country", "industry", "company_type")
COUNTED = ("terms_days", "hold")
_NAMES_AT_ONCE = 20_000
NAMES = ("name", "short", "chinese", "former", "english")

_NAME: Table = CustomerName.__table__  # type: ignore[attr-defined] # SQLModel sets it
_CHANGE: Table = CustomerChange.__table__  # type: ignore[attr-defined] # SQLModel sets it
_GROUP: Table = CustomerGroup.__table__  # type: ignore[attr-defined] # SQLModel sets it


_FOLDED = temporary(
    "folded_customers",
    Column("customer", String, primary_key=True),
    Column("customer_id", BigInteger),
    *(Column(name, String) for name in FIELDS),
    Column("group_id", BigInteger),
    Column("terms_days", Integer),
    Column("hold", Boolean),
    Column("told", Boolean),
    Column("known", Boolean),
    Column("changed", Boolean),
)
"""One row a customer that the file speaks of."""

_TOLD_NAMES = temporary(
    "told_names",
    Column("customer_id", BigKey),
    Column("kind", String),
    Column("name", String),
)
"""Each name that the file gives a customer."""


def merge_customers(connection: Connection, stamp: Stamp) -> tuple[Counts, int]:
    """Create and correct customers; return the counts, and the last name known before.

    `new_names` gives the names that came since.
    """
    _resolve_names(connection)
    folded = _fold(connection)
    _create(connection, folded, stamp)
    _correct(connection, folded, stamp)
    last = connection.execute(select(func.coalesce(func.max(_NAME.c.id), 0))).scalar()
    _learn_names(connection, folded, stamp)
    return _count(connection, folded), int(last or 0)


def new_names(connection: Connection, last: int) -> Iterator[tuple[int, str]]:
    """Give (customer id, name) of each name that came after the name `last`."""
    rows = True
    while rows:
        found = connection.execute(
            select(_NAME.c.id, _NAME.c.customer_id, _NAME.c.name)
            .where(_NAME.c.id > last)
            .order_by(_NAME.c.id)
            .limit(_NAMES_AT_ONCE)
        ).all()
        rows = bool(found)
        for place, customer_id, name in found:
            last = place
            yield customer_id, name


def _resolve_names(connection: Connection) -> None:
    """Where a file has names and no numbers, find the number a name stands for."""
    mentions = STAGED["mentions"]
    by_name = select(mentions.c.customer).where(mentions.c.by_name)
    if connection.execute(by_name.limit(1)).first() is None:
        return
    named = (
        select(_NAME.c.name, func.min(CUSTOMER.c.number).label("number"))
        .join(CUSTOMER, CUSTOMER.c.id == _NAME.c.customer_id)
        .where(_NAME.c.superseded_at.is_(None), _NAME.c.name.in_(by_name))
        .group_by(_NAME.c.name)
        .having(func.count(func.distinct(CUSTOMER.c.id)) == 1)
        .subquery()
    )
    known = select(CUSTOMER.c.number)
    found = connection.execute(
        select(named.c.name, named.c.number).where(named.c.name.not_in(known))
    ).all()
    for kind, staged in STAGED.items():
        if found and "customer" in staged.c and is_waiting(connection, kind):
            for name, number in found:
                connection.execute(
                    update(staged)
                    .where(staged.c.customer == name)
                    .values(customer=number)
                )


def _fold(connection: Connection) -> Table:
    """Gather what the file says of each customer: its last row, or its first name."""
    folded = make_temporary(connection, _FOLDED)
    told, mentions = STAGED["customers"], STAGED["mentions"]
    turn = func.row_number().over(
        partition_by=told.c.customer, order_by=told.c.place.desc()
    )
    last = select(told, turn.label("turn")).subquery()
    said = ["customer", *FIELDS, *COUNTED]
    connection.execute(
        insert(folded).from_select(
            [*said, "told"],
            select(*(last.c[name] for name in said), literal(value=True)).where(
                last.c.turn == 1
            ),
        )
    )
    turn = func.row_number().over(
        partition_by=mentions.c.customer,
        order_by=[mentions.c.name.is_(None), mentions.c.place],
    )
    first = select(mentions.c.customer, mentions.c.name, turn.label("turn")).subquery()
    connection.execute(
        insert(folded).from_select(
            ["customer", "name", "told"],
            select(first.c.customer, first.c.name, literal(value=False)).where(
                first.c.turn == 1, first.c.customer.not_in(select(folded.c.customer))
            ),
        )
    )
    _place_groups(connection, folded)
    _find(connection, folded)
    connection.execute(
        update(folded).values(known=folded.c.customer_id.is_not(None), changed=False)
    )
    analyze(connection, folded)
    return folded


def _place_groups(connection: Connection, folded: Table) -> None:
    """Make the groups the file names, and say which customer is in which."""
    told = STAGED["customers"]
    names = select(told.c.group_name).where(told.c.group_name.is_not(None)).distinct()
    if connection.execute(names.limit(1)).first() is None:
        return
    missing = names.where(told.c.group_name.not_in(select(_GROUP.c.name)))
    connection.execute(insert(_GROUP).from_select(["name"], missing))
    group = (
        select(func.max(_GROUP.c.id))
        .join(told, told.c.group_name == _GROUP.c.name)
        .where(told.c.customer == folded.c.customer)
        .scalar_subquery()
    )
    connection.execute(update(folded).where(folded.c.told).values(group_id=group))


def _find(connection: Connection, folded: Table) -> None:
    number = (
        select(CUSTOMER.c.id)
        .where(CUSTOMER.c.number == folded.c.customer)
        .scalar_subquery()
    )
    connection.execute(update(folded).values(customer_id=number))


def _create(connection: Connection, folded: Table, stamp: Stamp) -> None:
    said: dict[str, ColumnElement[Any]] = {
        name: folded.c[name] for name in [*FIELDS[1:], "group_id", "terms_days"]
    }
    said |= {
        "number": folded.c.customer,
        "name": func.coalesce(folded.c.name, folded.c.customer),
        "hold": func.coalesce(folded.c.hold, literal(value=False)),
    } | stamp.facts
    missing = folded.c.customer_id.is_(None)
    chosen = select(*said.values()).where(missing).order_by(folded.c.customer)
    connection.execute(insert(CUSTOMER).from_select(list(said), chosen))
    _find(connection, folded)


def _correct(connection: Connection, folded: Table, stamp: Stamp) -> None:
    """Change the fields a file says otherwise, and keep what they said before."""
    for name in [*FIELDS, *COUNTED, "group_id"]:
        says = and_(
            folded.c.customer_id == CUSTOMER.c.id,
            folded.c.known,
            folded.c[name].is_not(None),
            or_(CUSTOMER.c[name].is_(None), CUSTOMER.c[name] != folded.c[name]),
        )
        if name == "name":  # a row about something else may name, but not rename
            unnamed = CUSTOMER.c.name == CUSTOMER.c.number
            says = and_(says, or_(folded.c.told, unnamed))
        there = select(CUSTOMER.c.id).join(folded, says)
        if connection.execute(there.limit(1)).first() is None:
            continue
        _keep_before(connection, folded, name, says, stamp)
        connection.execute(
            update(folded).where(folded.c.customer_id.in_(there)).values(changed=True)
        )
        connection.execute(update(CUSTOMER).where(says).values({name: folded.c[name]}))


def _keep_before(
    connection: Connection,
    folded: Table,
    name: str,
    says: ColumnElement[bool],
    stamp: Stamp,
) -> None:
    """Write down what the field said until now."""
    value: ColumnElement[Any] = cast(CUSTOMER.c[name], String)
    if name == "hold":
        value = case((CUSTOMER.c.hold, "true"), else_="false")
    if name == "group_id":
        value = (
            select(_GROUP.c.name)
            .where(_GROUP.c.id == CUSTOMER.c.group_id)
            .scalar_subquery()
        )
    field = "group" if name == "group_id" else name
    since = (
        select(func.max(_CHANGE.c.superseded_at))
        .where(_CHANGE.c.customer_id == CUSTOMER.c.id, _CHANGE.c.field == field)
        .scalar_subquery()
    )
    said = {
        "customer_id": CUSTOMER.c.id,
        "field": literal(field),
        "value": value,
        "known_at": func.coalesce(since, CUSTOMER.c.known_at),
        "superseded_at": stamp.moment,
        "source": stamp.origin,
    }
    before = select(*said.values()).select_from(CUSTOMER.join(folded, says))
    connection.execute(insert(_CHANGE).from_select(list(said), before))


def _learn_names(connection: Connection, folded: Table, stamp: Stamp) -> None:
    """Add every name a file gives that is not known yet."""
    told = make_temporary(connection, _TOLD_NAMES)
    connection.execute(
        insert(told).from_select(["customer_id", "kind", "name"], _names_said(folded))
    )
    analyze(connection, told)
    _revive(connection, told)
    _tell_former(connection, folded)
    stands = select(_NAME.c.id).where(
        _NAME.c.customer_id == told.c.customer_id, _NAME.c.name == told.c.name
    )
    fresh = ~stands.exists()
    changed = select(told.c.customer_id).where(fresh).distinct()
    connection.execute(
        update(folded).where(folded.c.customer_id.in_(changed)).values(changed=True)
    )
    rows = (
        select(told.c.customer_id, func.min(told.c.kind), told.c.name, stamp.moment)
        .where(fresh)
        .group_by(told.c.customer_id, told.c.name)
        .order_by(told.c.customer_id)
    )
    connection.execute(
        insert(_NAME).from_select(["customer_id", "kind", "name", "known_at"], rows)
    )


def _names_said(folded: Table) -> Any:
    """Return each (customer, kind, name) that the file gives, as one question."""
    parts = []
    for kind, column in [("customers", name) for name in NAMES] + [
        ("mentions", "name")
    ]:
        staged = STAGED[kind]
        is_shown = staged.c[column] == CUSTOMER.c.name
        legal = case((is_shown, "legal"), else_="other")
        kept = {"short": "short", "chinese": "chinese", "former": "former"}
        parts.append(
            select(
                CUSTOMER.c.id,
                literal(kept[column]) if column in kept else legal,
                staged.c[column],
            )
            .join(CUSTOMER, CUSTOMER.c.number == staged.c.customer)
            .where(staged.c[column] != CUSTOMER.c.number)  # a number is no name
            .distinct()
        )
    shown = select(CUSTOMER.c.id, literal("legal"), CUSTOMER.c.name).join(
        folded, folded.c.customer_id == CUSTOMER.c.id
    )
    return union_all(*parts, shown)


def _revive(connection: Connection, told: Table) -> None:
    """Let a name stand again that was given up and is said once more."""
    again = (
        select(told.c.customer_id)
        .where(told.c.customer_id == _NAME.c.customer_id, told.c.name == _NAME.c.name)
        .exists()
    )
    connection.execute(
        update(_NAME)
        .where(_NAME.c.superseded_at.is_not(None), again)
        .values(superseded_at=None)
    )


def _tell_former(connection: Connection, folded: Table) -> None:
    """Call a name former once the customer is shown by another, and back again."""
    shown = (
        select(CUSTOMER.c.name)
        .where(CUSTOMER.c.id == _NAME.c.customer_id)
        .scalar_subquery()
    )
    theirs = _NAME.c.customer_id.in_(
        select(folded.c.customer_id).where(folded.c.changed)
    )
    for before, after, is_right in (
        ("legal", "former", _NAME.c.name != shown),
        ("former", "legal", _NAME.c.name == shown),
    ):
        connection.execute(
            update(_NAME)
            .where(theirs, _NAME.c.kind == before, is_right)
            .values(kind=after)
        )


def _count(connection: Connection, folded: Table) -> Counts:
    state = case((~folded.c.known, "new"), (folded.c.changed, "changed"), else_="same")
    found = connection.execute(select(state, func.count()).group_by(state))
    return Counts(**{name: number for name, number in found})  # noqa: C416 - rows are no pairs to mypy
