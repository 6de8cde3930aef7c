"""The watchlist: whom a person watches, and what of; kept, listed, ended."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from risk.errors import N_, UserError
from risk.policy.monitor import CAUSES
from storage import customers, watches
from templates.messages.alerts import Watched, WatchLine, WatchList
from templates.messages.lookup import Choices
from workflows.finding import find_customer, let_in
from workflows.gone import CustomerGone
from workflows.services import Actor, Services

MOST_LISTED = 40

CAUSE_WORDS = {
    "付款": "payment",
    "订单": "orders",
    "额度": "limit",
    "保障": "cover",
    "担保": "cover",
    "集中度": "concentration",
    "评分": "score",
    "评级": "rating",
    "事件": "event",
    "报表": "statement",
    "关联": "related",
    "记录": "notes",
    "备注": "notes",
    "规则": "own",
    **{cause: cause for cause in CAUSES},
}
"""What causes are called where they are typed."""


@dataclass(eq=False)
class NotWatched(UserError):
    """Somebody ends what they do not do."""

    name: str
    message = N_("You do not watch %(name)s. `/risk watch` lists whom you watch.")


def split_causes(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the name that was typed and the causes after it, which may be none."""
    words = text.split()
    causes: list[str] = []
    while len(words) > 1:
        meant = [CAUSE_WORDS.get(w) for w in _parts(words[-1])]
        if not meant or None in meant:
            break
        causes = [cause for cause in meant if cause] + causes
        words.pop()
    return " ".join(words), tuple(dict.fromkeys(causes))


def watch_named(
    services: Services, actor: Actor, text: str
) -> Watched | Choices | WatchList:
    """Watch the customer that is named; or return whom it may mean, or the list.

    Raises:
        OursOnly, NobodyLike: as for a card.

    """
    name, causes = split_causes(text)
    if not name:
        return watch_list(services, actor)
    found = find_customer(services, actor, name)
    if isinstance(found, Choices):
        return replace(found, action=f"watch_choose/{','.join(causes)}")
    return watch_one(services, actor, found, causes)


def unwatch_named(services: Services, actor: Actor, text: str) -> Watched | Choices:
    """Watch the customer that is named no more; or return whom it may mean.

    Raises:
        OursOnly, NothingTyped, NobodyLike: as for a card.
        NotWatched: the customer is not watched.

    """
    found = find_customer(services, actor, text)
    if isinstance(found, Choices):
        return replace(found, action="customer_unwatch")
    return unwatch_one(services, actor, found)


def watch_one(
    services: Services, actor: Actor, customer_id: int, causes: Sequence[str] = ()
) -> Watched:
    """Watch a customer, for `causes` or for everything; again: as it is said now."""
    let_in(actor)
    with services.database.write() as session:
        number, name = _called(session, customer_id)
        watches.watch(
            session,
            actor.slack_id,
            customer_id,
            causes,
            language=actor.language,
            at=services.now(),
        )
    said = _said(services, actor, customer_id, on=True)
    return replace(said, number=number, name=name, causes=tuple(causes))


def unwatch_one(services: Services, actor: Actor, customer_id: int) -> Watched:
    """Watch a customer no more; raise NotWatched if it is not watched."""
    let_in(actor)
    with services.database.write() as session:
        number, name = _called(session, customer_id)
        if not watches.unwatch(session, actor.slack_id, customer_id):
            raise NotWatched(name)
    said = _said(services, actor, customer_id, on=False)
    return replace(said, number=number, name=name)


def watch_list(services: Services, actor: Actor) -> WatchList:
    """Return whom a person watches, by name."""
    let_in(actor)
    with services.database.read() as session:
        found = watches.list_of(session, actor.slack_id, MOST_LISTED)
        total = watches.count_of(session, actor.slack_id)
    return WatchList([WatchLine(*row) for row in found], total)


def _parts(word: str) -> list[str]:
    parts = word.casefold().replace("、", ",").replace("，", ",").split(",")
    return [part for part in parts if part]


def _called(session: Session, customer_id: int) -> tuple[str, str]:
    found = customers.customer_and_group(session, customer_id)
    if found is None:
        raise CustomerGone
    return found[0].number, found[0].name


def _said(services: Services, actor: Actor, customer_id: int, *, on: bool) -> Watched:
    policy = services.policy.policy.monitor.alerts
    return Watched(
        customer_id=customer_id,
        number="",
        name="",
        causes=(),
        on=on,
        quiet_from=policy.quiet_from,
        quiet_to=policy.quiet_to,
        timezone=actor.timezone,
    )
