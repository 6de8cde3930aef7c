"""Merges staged rows into the facts, set by set.

What is new goes in, what changed is superseded, what is the same stays, and a second
word on the same thing is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Date,
    Dialect,
    FromClause,
    Integer,
    MetaData,
    Select,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.schema import CreateTable

from risk.errors import N_
from storage.columns import BigKey, Instant
from storage.staging import SHEET_ROWS, STAGED
from storage.tables import Customer

NEW: Final = 1
CHANGED: Final = 2
SAME: Final = 3
REFUSED: Final = 4

SAID_TWICE = N_("Line %(line)s says otherwise about the same thing.")

CUSTOMER: Table = Customer.__table__  # type: ignore[attr-defined] # SQLModel sets it


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every row of one import carries."""

    at: datetime
    today: date
    source: str
    by: str
    currency: str

    @property
    def moment(self) -> ColumnElement[Any]:
        """Return when it became known, as SQL."""
        return literal(self.at, Instant())

    @property
    def day(self) -> ColumnElement[Any]:
        """Return the company's date, as SQL."""
        return literal(self.today, Date())

    @property
    def origin(self) -> ColumnElement[Any]:
        """Return where it came from, as SQL."""
        return literal(self.source)

    @property
    def facts(self) -> dict[str, ColumnElement[Any]]:
        """Return the columns that it gives every fact, as SQL."""
        return {"known_at": self.moment, "source": self.origin}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that the database cannot take, by its place; `column` is what is wrong."""

    place: int
    column: str
    value: str
    reason: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass
class Counts:
    """How many rows of a kind were new, changed what stood, or said nothing new."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def add(self, other: "Counts") -> None:
        """Count `other` too."""
        self.new += other.new
        self.changed += other.changed
        self.same += other.same


@dataclass(frozen=True, slots=True)
class Plan:
    """How one kind of staged row becomes a fact."""

    kind: str
    table: Table
    keys: tuple[str, ...]
    values: tuple[str, ...]
    dated: str
    """The column that says when the fact held."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    newest: str | None = None
    """Of several rows with one key, the one latest in this column is taken."""

    @property
    def staged(self) -> Table:
        """Return where its rows wait."""
        return STAGED[self.kind]


def temporary(name: str, *columns: Column[Any]) -> Table:
    """Return a table that only its connection sees.

    Each is described once: what is asked of another description is made into SQL anew.
    """
    return Table(name, MetaData(), *columns, prefixes=["TEMPORARY"])


@cache
def matched_table(kind: str) -> Table:
    """Return the temporary table that holds what each staged row of `kind` meets."""
    return temporary(
        f"matched_{kind}",
        Column("place", BigKey, primary_key=True, autoincrement=False),
        Column("customer_id", BigInteger),
        Column("existing_id", BigInteger),
        Column("turn", Integer),
        Column("times", BigInteger),
        Column("state", Integer),
    )


def make_temporary(connection: Connection, table: Table) -> Table:
    """Make the temporary `table`, empty; return it."""
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table.name}")
    connection.exec_driver_sql(_creation(table, connection.dialect))
    return table


@cache
def _creation(table: Table, dialect: Dialect) -> str:
    return str(CreateTable(table).compile(dialect=dialect))


def analyze(connection: Connection, table: Table) -> None:
    """Let PostgreSQL's planner know how large a temporary table has become."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ANALYZE {table.name}")


def is_waiting(connection: Connection, kind: str) -> bool:
    """Return whether any row of `kind` is staged."""
    found = connection.execute(select(STAGED[kind].c.place).limit(1)).first()
    return found is not None


def merge_facts(
    connection: Connection, plan: Plan, stamp: Stamp
) -> tuple[Counts, list[Refusal]]:
    """Merge the staged rows of `plan`; return what became of them."""
    if not is_waiting(connection, plan.kind):
        return Counts(), []
    matched, refused = match_facts(connection, plan)
    supersede(connection, plan, matched, stamp)
    insert_facts(connection, plan, matched, stamp)
    return count(connection, matched), refused


def match_facts(connection: Connection, plan: Plan) -> tuple[Table, list[Refusal]]:
    """Find what each staged row meets; return the answers and the rows refused."""
    staged = plan.staged
    matched = make_temporary(connection, matched_table(plan.kind))
    keys = [CUSTOMER.c.id, *(staged.c[key] for key in plan.keys)]
    order: list[ColumnElement[Any]] = [staged.c.place]
    if plan.newest:
        order.insert(0, staged.c[plan.newest].desc())
    turn = func.row_number().over(partition_by=keys, order_by=order)
    times = func.count().over(partition_by=keys)
    repeated = _repeated(connection, plan)
    alone = _meeting(plan, literal(1), literal(1)).where(~repeated)
    among = _meeting(plan, turn, times).where(repeated)
    for found in (alone, among):
        connection.execute(insert(matched).from_select(list(matched.c.keys()), found))
    analyze(connection, matched)
    return matched, refuse_repeats(connection, plan, matched)


def _repeated(connection: Connection, plan: Plan) -> ColumnElement[bool]:
    """Return the condition that another staged row has the same key.

    Rows are counted only where it holds: to number all takes longer than all else.
    """
    staged = plan.staged
    keys = [staged.c[name] for name in ("customer", *plan.keys)]
    table = make_temporary(connection, _repeated_table(plan.kind, *keys))
    several = select(*keys).group_by(*keys).having(func.count() > 1)
    known = several.where(*(key.is_not(None) for key in keys))
    connection.execute(insert(table).from_select(list(table.c.keys()), known))
    analyze(connection, table)
    return exists().where(*(table.c[key.name] == key for key in keys))


@cache
def _repeated_table(kind: str, *keys: Column[Any]) -> Table:
    same = (Column(key.name, key.type, primary_key=True) for key in keys)
    return temporary(f"repeated_{kind}", *same)


def _meeting(plan: Plan, turn: ColumnElement[int], times: ColumnElement[int]) -> Any:
    """Ask what each staged row meets: a row of `matched_table`."""
    staged, table = plan.staged, plan.table
    state = case(
        (table.c.id.is_(None), NEW),
        (differs(staged, table, plan.values), CHANGED),
        else_=SAME,
    )
    return select(
        staged.c.place, CUSTOMER.c.id, table.c.id, turn, times, state
    ).select_from(
        staged.join(CUSTOMER, CUSTOMER.c.number == staged.c.customer).outerjoin(
            table, _stands(plan, staged, CUSTOMER.c.id)
        )
    )


def _stands(
    plan: Plan, staged: FromClause, customer_id: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Return the condition that a fact stands with the same key as a staged row."""
    same = [plan.table.c[key] == staged.c[key] for key in plan.keys]
    mine = plan.table.c.customer_id == customer_id
    return and_(mine, *same, plan.table.c.superseded_at.is_(None))


def differs(
    staged: FromClause, table: FromClause, values: Sequence[str]
) -> ColumnElement[bool]:
    """Return the condition that a staged row says something else than `table` does."""
    return or_(
        *(
            and_(
                staged.c[name].is_not(None),
                or_(table.c[name].is_(None), table.c[name] != staged.c[name]),
            )
            for name in values
        )
    )


def refuse_repeats(connection: Connection, plan: Plan, matched: Table) -> list[Refusal]:
    """Keep the first of several rows with one key; return those that contradict it."""
    repeats = matched.c.turn > 1
    if connection.execute(select(matched.c.place).where(repeats).limit(1)).first():
        contradictions = _contradictions(connection, plan, matched)
        connection.execute(update(matched).where(repeats).values(state=SAME))
        refuse(connection, matched, contradictions)
        return contradictions
    return []


def _contradictions(
    connection: Connection, plan: Plan, matched: Table
) -> list[Refusal]:
    first, again = matched.alias("first"), matched.alias("again")
    one, two = plan.staged.alias("one"), plan.staged.alias("two")
    key = plan.keys[0] if plan.keys else "customer"
    same = [one.c[name] == two.c[name] for name in plan.keys]
    told = [one.c[name] != two.c[name] for name in plan.values]
    found = select(again.c.place, first.c.place, two.c[key]).select_from(
        again.join(two, two.c.place == again.c.place)
        .join(
            first, and_(first.c.customer_id == again.c.customer_id, first.c.turn == 1)
        )
        .join(one, and_(one.c.place == first.c.place, *same))
    )
    rows = connection.execute(found.where(again.c.turn > 1, or_(*told)))
    return [
        Refusal(place, key, str(value), SAID_TWICE, {"line": before % SHEET_ROWS})
        for place, before, value in rows
    ]


def refuse(connection: Connection, matched: Table, refusals: Sequence[Refusal]) -> None:
    """Mark the rows that are `refusals`, so that nothing is made of them."""
    if refusals:
        connection.exec_driver_sql(
            f"UPDATE {matched.name} SET state = {REFUSED} WHERE place = "  # noqa: S608 - our own name
            + ("%s" if connection.dialect.name == "postgresql" else "?"),
            [(refusal.place,) for refusal in refusals],
        )


def supersede(connection: Connection, plan: Plan, matched: Table, stamp: Stamp) -> None:
    """End the facts that staged rows correct."""
    corrected = select(matched.c.existing_id).where(matched.c.state == CHANGED)
    connection.execute(
        update(plan.table)
        .where(plan.table.c.id.in_(corrected))
        .values(superseded_at=stamp.moment)
    )


def insert_facts(
    connection: Connection, plan: Plan, matched: Table, stamp: Stamp
) -> None:
    """Insert what is new or corrects; what a row leaves unsaid stays as it was."""
    chosen = facts_that_go_in(plan, matched, stamp, stamp.facts)
    names = list(chosen.selected_columns.keys())
    connection.execute(insert(plan.table).from_select(names, chosen))


def facts_that_go_in(
    plan: Plan, matched: Table, stamp: Stamp, more: Mapping[str, ColumnElement[Any]]
) -> Select[Any]:
    """Ask for the facts of what is new or corrects, each column by its name, and more.

    By customer and key, so that what is read together is kept together.
    """
    staged, before = plan.staged, plan.table.alias("before")
    said: dict[str, ColumnElement[Any]] = {name: staged.c[name] for name in plan.keys}
    said |= {
        name: func.coalesce(
            staged.c[name], before.c[name], *_default(plan, name, stamp)
        )
        for name in plan.values
    }
    said |= {
        "customer_id": matched.c.customer_id,
        "assumed": and_(matched.c.state == NEW, said[plan.dated] < stamp.day),
    } | dict(more)
    return (
        select(*(value.label(name) for name, value in said.items()))
        .select_from(
            matched.join(staged, staged.c.place == matched.c.place).outerjoin(
                before, before.c.id == matched.c.existing_id
            )
        )
        .where(matched.c.state.in_([NEW, CHANGED]))
        .order_by(matched.c.customer_id, *(staged.c[key] for key in plan.keys))
    )


def number_on(
    connection: Connection, table: Table, kept: Table, chosen: Select[Any]
) -> None:
    """Fill a temporary table, its rows numbered on from where those of `kept` end."""
    names = list(chosen.selected_columns.keys())
    filled = insert(table).from_select(names, chosen)
    if connection.dialect.name == "postgresql":
        sequence = connection.scalar(
            select(func.pg_get_serial_sequence(kept.name, table.c.id.name))
        )
        connection.exec_driver_sql(
            f"ALTER TABLE {table.name} ALTER id SET DEFAULT nextval('{sequence}')"
        )
        connection.execute(filled)
    else:  # which numbers on from the highest there is
        last = connection.scalar(select(func.max(kept.c.id))) or 0
        connection.execute(insert(table).values(id=last))
        connection.execute(filled)
        connection.execute(delete(table).where(table.c.id == last))
    analyze(connection, table)


def _default(plan: Plan, name: str, stamp: Stamp) -> list[ColumnElement[Any]]:
    """Return what a column says where neither the row nor an older fact does."""
    if name not in plan.defaults:
        return []
    value = plan.defaults[name]
    if value == "today":
        return [stamp.day]
    if name == "currency":
        return [literal(stamp.currency)]
    return [literal(value, plan.table.c[name].type)]


def count(connection: Connection, matched: Table) -> Counts:
    """Return how many of the matched rows were new, changed or the same."""
    found = connection.execute(
        select(matched.c.state, func.count()).group_by(matched.c.state)
    )
    states = {state: number for state, number in found}  # noqa: C416 - rows are no pairs to mypy
    return Counts(states.get(NEW, 0), states.get(CHANGED, 0), states.get(SAME, 0))
