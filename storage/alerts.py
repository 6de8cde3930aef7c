"""Questions about who hears of problems: places, their budgets, what was held back."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, literal, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select, text

from storage.bulk import insert_rows
from storage.outbox import insert_once
from storage.tables import (
    AlertChannel,
    Customer,
    CustomerGroup,
    OwnRule,
    Problem,
    ProblemCard,
    Signal,
)

AT_ONCE = 500
"""Values in one question; engines take some thousands at most."""

COUNTED = ("value", "class_e")
"""Why a card was posted that counts as an interruption."""

OFFERED = (*COUNTED, "budget", "worth_less")
"""Why a card was posted or held that the budget decided on."""

HELD_BACK = ("budget", "worth_less")

HEARING = ("on", "paused", "test")
"""States of a place in which cards are posted there, or changed."""


def at_work(
    session: Session, *, lock: bool = False, states: Sequence[str] = ("on",)
) -> list[AlertChannel]:
    """Return the places that hear of problems, in order.

    Locked, they are decided on by this transaction alone, so that none overspends.
    """
    wanted = select(AlertChannel).where(col(AlertChannel.state).in_(states))
    wanted = wanted.order_by(col(AlertChannel.id))
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return list(session.exec(wanted))


def at(session: Session, place: str, *, lock: bool = False) -> AlertChannel | None:
    """Return how a place is set."""
    wanted = select(AlertChannel).where(AlertChannel.place == place)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.exec(wanted).first()


def within(session: Session, channel: str) -> list[AlertChannel]:
    """Return how a channel and its threads are set, those turned off too."""
    wanted = (
        select(AlertChannel)
        .where(
            (col(AlertChannel.place) == channel)
            | col(AlertChannel.place).startswith(f"{channel}/", autoescape=True)
        )
        .order_by(col(AlertChannel.place))
    )
    return list(session.exec(wanted))


def add(session: Session, row: dict[str, Any]) -> bool:
    """Set a place up; return False if somebody did so meanwhile."""
    return insert_once(session, AlertChannel, row, ["place"])


def change(session: Session, channel_id: int, version: int, **values: Any) -> bool:
    """Change how a place is set; return False if `version` is not the newest."""
    statement = (
        update(AlertChannel)
        .where(col(AlertChannel.id) == channel_id, col(AlertChannel.version) == version)
        .values(version=version + 1, **values)
    )
    return session.connection().execute(statement).rowcount == 1


def note_readers(session: Session, channel_id: int, at: datetime) -> None:
    """Remember that only our own people read there, as seen at `at`."""
    statement = (
        update(AlertChannel)
        .where(col(AlertChannel.id) == channel_id)
        .values(readers_checked_at=at)
    )
    session.connection().execute(statement)


def readers_unchecked(session: Session, since: datetime) -> list[AlertChannel]:
    """Return the places whose readers nobody looked at since, in order."""
    wanted = (
        select(AlertChannel)
        .where(
            col(AlertChannel.state).in_(HEARING),
            col(AlertChannel.readers_checked_at).is_(None)
            | (col(AlertChannel.readers_checked_at) <= since),
        )
        .order_by(col(AlertChannel.id))
    )
    return list(session.exec(wanted))


# Asked of every place in every sweep that finds something, so they are built once.
_SPENT: Any = select(func.count()).where(
    col(ProblemCard.place) == bindparam("place"),
    col(ProblemCard.state) == "posted",
    col(ProblemCard.decided_at) > bindparam("since"),
    col(ProblemCard.reason).in_(bindparam("reasons", expanding=True)),
)
_WORTHS: Any = (
    columns(col(ProblemCard.problem_id), col(ProblemCard.value))
    .where(
        col(ProblemCard.place) == bindparam("place"),
        col(ProblemCard.state).in_(("posted", "held")),
        col(ProblemCard.decided_at) > bindparam("since"),
        col(ProblemCard.reason).in_(OFFERED),
    )
    .order_by(col(ProblemCard.value).desc())
    .limit(bindparam("most"))
)


def spent(
    session: Session,
    place: str,
    since: datetime,
    reasons: Sequence[str] = COUNTED,
) -> int:
    """Return how often a place was interrupted since, for these reasons."""
    asked = {"place": place, "since": since, "reasons": list(reasons)}
    return int(session.connection().execute(_SPENT, asked).scalar_one())


def worths(
    session: Session, place: str, since: datetime, most: int, but: Collection[int]
) -> Sequence[Decimal]:
    """Return what a place was offered since, the `most` most valuable; `but` problems.

    Both what came through and what was held back.
    """
    asked_anew = set(but)
    asked = {"place": place, "since": since, "most": most + len(asked_anew)}
    found = session.connection().execute(_WORTHS, asked)
    return [value for problem, value in found if problem not in asked_anew][:most]


def cards_of(
    session: Session, problem_ids: Collection[int]
) -> dict[str, dict[int, ProblemCard]]:
    """Return all cards that these problems have, by place and problem."""
    found: dict[str, dict[int, ProblemCard]] = {}
    for some in _chunks(problem_ids):
        wanted = select(ProblemCard).where(col(ProblemCard.problem_id).in_(some))
        for card in session.exec(wanted):
            found.setdefault(card.place, {})[card.problem_id] = card
    return found


def keep(session: Session, cards: Sequence[Mapping[str, Any]]) -> None:
    """Keep that problems are held back in a place, or wait there: their first cards."""
    insert_rows(session, ProblemCard, cards)


def waiting(session: Session, places: Collection[str]) -> list[tuple[str, str, int]]:
    """Return (place, reason, problem id) of what waits to be decided on there."""
    about: list[Any] = [ProblemCard.place, ProblemCard.reason, ProblemCard.problem_id]
    wanted = (
        select(*about)
        .where(col(ProblemCard.place).in_(places), col(ProblemCard.state) == "waiting")
        .order_by(col(ProblemCard.id))
    )
    found = session.connection().execute(wanted)
    return [(row[0], row[1], row[2]) for row in found]


def best_held(session: Session, place: str, since: datetime, most: int) -> list[int]:
    """Return the problems that a budget held back since and nobody has heard of yet.

    Open ones on which nobody acts, the most valuable first, `most` at most.
    """
    wanted = (
        select(ProblemCard.problem_id)
        .join(Problem, col(Problem.id) == col(ProblemCard.problem_id))
        .where(
            ProblemCard.place == place,
            col(ProblemCard.state) == "held",
            col(ProblemCard.decided_at) > since,
            col(ProblemCard.reason).in_(HELD_BACK),
            col(ProblemCard.told_at).is_(None),
            col(Problem.state) == "open",
            col(Problem.acknowledged_by).is_(None),
            col(Problem.assignee).is_(None),
            col(Problem.snoozed_until).is_(None),
        )
        .order_by(col(Problem.value).desc(), col(Problem.id))
        .limit(most)
    )
    return list(session.exec(wanted))


def count_untold(session: Session, place: str) -> int:
    """Return how many open problems a budget holds back that no digest has told of."""
    wanted = (
        select(func.count())
        .select_from(ProblemCard)
        .join(Problem, col(Problem.id) == col(ProblemCard.problem_id))
        .where(
            col(ProblemCard.place) == place,
            col(ProblemCard.state) == "held",
            col(ProblemCard.reason).in_(HELD_BACK),
            col(ProblemCard.told_at).is_(None),
            col(Problem.state) == "open",
        )
    )
    return int(session.exec(wanted).one())


def count_open(session: Session) -> int:
    """Return how many problems are open, those of rules being tried left out."""
    wanted = (
        select(func.count())
        .select_from(Problem)
        .where(text("problem.state = 'open'"), text("NOT problem.shadow"))
    )
    return int(session.exec(wanted).one())


def test_channels(
    session: Session, problem_ids: Collection[int]
) -> dict[int, set[tuple[str, str]]]:
    """Return where rules that are being tried are heard of: (channel, author)s.

    By the problems that their signals feed.
    """
    about: list[Any] = [Signal.problem_id, OwnRule.test_channel, OwnRule.author]
    wanted = (
        select(*about)
        .join(OwnRule, literal("own:").concat(col(OwnRule.name)) == col(Signal.rule))
        .where(
            col(Signal.problem_id).in_(problem_ids),
            col(Signal.state) == "on",
            col(OwnRule.test_channel).is_not(None),
        )
        .distinct()
    )
    found: dict[int, set[tuple[str, str]]] = {}
    for problem, channel, author in session.connection().execute(wanted):
        found.setdefault(problem, set()).add((channel, author))
    return found


def customers_of(
    session: Session, ids: Collection[int]
) -> dict[int, tuple[str, str, str | None, str | None]]:
    """Return number, name, owner and region of customers, by id."""
    about: list[Any] = [
        Customer.id,
        Customer.number,
        Customer.name,
        Customer.owner,
        Customer.region,
    ]
    found: dict[int, tuple[str, str, str | None, str | None]] = {}
    for some in _chunks(ids):
        wanted = select(*about).where(col(Customer.id).in_(some))
        for row in session.connection().execute(wanted):
            found[row[0]] = (row[1], row[2], row[3], row[4])
    return found


def group_names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return what groups of customers are called, by id."""
    about: list[Any] = [CustomerGroup.id, CustomerGroup.name]
    wanted = select(*about).where(col(CustomerGroup.id).in_(ids))
    return {row[0]: row[1] for row in session.connection().execute(wanted)}


def _chunks(values: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(set(values))
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
