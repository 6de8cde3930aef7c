"""“What if”: a customer's facts changed in thought, scored again, not kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlmodel import Session

from risk.case import Case, rescored
from risk.errors import N_, UserError
from risk.explain import Delta, Explained, deltas
from risk.offers import answer
from risk.order import NoRate, order_of
from risk.policy import CLASSES
from risk.whatif import Cover, Later, Limit, OnTime, Pay, Ship, Wait
from risk.whatif_money import position_if
from risk.whatif_told import Accounts, Change, Rated, rated
from storage import customers, positions
from templates.messages.whatif import ChangeLine, Scored, Stand, WhatIf
from workflows.check import account_of, ways
from workflows.finding import let_in
from workflows.position import Account, class_letter
from workflows.score import case_within, score_within
from workflows.services import Actor, Services
from workflows.whatif_lines import change_line

LONGEST_DAYS, LARGEST_SHARE = 3650, 10.0


@dataclass(eq=False)
class BeyondMeasure(UserError):
    """A supposition that no customer will live to see."""

    what: str
    most: str
    message = N_("%(what)s is beyond all measure; ask for %(most)s at most.")


@dataclass(eq=False)
class TooFarAhead(UserError):
    """More invoices than come within two years."""

    count: str
    day: str
    message = N_(
        "The next %(count)s invoices would last until %(day)s. That is too far ahead;"
        " ask for fewer."
    )


@dataclass(eq=False)
class NobodyLookedAt(UserError):
    """“They”, said by somebody who has looked at nobody."""

    message = N_(
        "Say whom you mean, for example “what if Acme pays the two oldest invoices”;"
        " “they” is the customer you looked at last."
    )


def looked_at_last(services: Services, actor: Actor) -> int:
    """Return the customer that the actor looked at last; raise NobodyLookedAt."""
    let_in(actor)
    with services.database.read() as session:
        found = customers.looked_at_last(session, actor.slack_id)
    if found is None:
        raise NobodyLookedAt
    return found


def what_if(
    services: Services, actor: Actor, customer_id: int, changes: Sequence[Change]
) -> WhatIf:
    """Return what the changes, one after the other, would do to a customer.

    Raises:
        OursOnly: a guest asks.
        CustomerGone: there is no such customer.
        UserError: what cannot be supposed of this customer, by name.

    """
    let_in(actor)
    with services.database.read() as session:
        account = account_of(services, session, customer_id)
        case = case_within(services, session, customer_id)
        stands = score_within(services, session, customer_id)
        meant = [_meant(services, session, case, change) for change in changes]
    lines, after = _apply(services, case, changes, meant)
    before, then = stands.explained, rescored(services.policy.policy, after)
    moved = deltas(before, then)
    class_then = _class_then(services, stands.risk_class, then)
    if stands.override is not None:
        class_then = stands.risk_class
    return WhatIf(
        customer_id=customer_id,
        name=account.customer.name,
        currency=services.currency,
        changes=lines,
        before=scored(before),
        after=scored(then),
        in_force=stands.risk_class,
        moved=[d for d in moved if not _assumed(d)],
        assumed=sum(d.points for d in moved if _assumed(d)),
        bounds=then.bounds,
        stands=_stand(services, account, [], stands.risk_class, meant),
        would_stand=_stand(services, account, meant, class_then, meant),
        cool_down_days=services.policy.policy.score.cool_down_days,
        policy_version=services.policy.version,
    )


def _assumed(delta: Delta) -> bool:
    known = (delta.before, delta.after) != (None, None)
    return not known and delta.measure != "adjustment"


def scored(found: Explained) -> Scored:
    """Return a score as messages show it."""
    return Scored(found.score, found.risk_class, found.confidence)


def _apply(
    services: Services, case: Case, typed: Sequence[Change], meant: Sequence[Change]
) -> tuple[list[ChangeLine], Case]:
    """Return each change in words, with what it does just then, and the case after."""
    lines, first = [], case.on
    for said, change in zip(typed, meant, strict=True):
        then = change.apply(case)
        if isinstance(change, OnTime) and (then.on - first).days > 2 * 365:
            raise TooFarAhead(f"{change.count}", then.on.isoformat())
        lines.append(change_line(services, said, change, case))
        case = then
    return lines, case


def _meant(services: Services, session: Session, case: Case, change: Change) -> Change:
    """Return a change in base currency and on a scale of the policy; or refuse it."""
    if isinstance(change, Rated):
        scales = services.policy.policy.scales
        return rated(case, scales, change.value, change.scale)
    if isinstance(change, Accounts) and not -1 <= change.share <= LARGEST_SHARE:
        raise BeyondMeasure(f"{change.share:+.0%}", f"-100% … +{LARGEST_SHARE:.0%}")
    if isinstance(change, Wait | Later) and abs(change.days) > LONGEST_DAYS:
        raise BeyondMeasure(f"{change.days}", f"{LONGEST_DAYS}")
    if isinstance(change, Pay | Ship | Cover | Limit):
        return _in_base(services, session, change)
    return change


def _in_base(
    services: Services, session: Session, change: Pay | Ship | Cover | Limit
) -> Change:
    currency = change.currency or services.currency
    largest = services.policy.policy.check.largest_order
    rate = Decimal(1)
    if currency != services.currency:
        rates = positions.dated_rates(session, services.today())
        if currency not in rates:
            raise NoRate(currency)
        rate = rates[currency].value
    if change.amount.adjusted() > largest.adjusted() + abs(rate.adjusted()) + 1 or (
        change.amount * rate > largest
    ):
        raise BeyondMeasure(f"{change.amount:.2E}", f"{largest:,.0f}")
    return replace(change, amount=change.amount * rate, currency=None)


def _class_then(
    services: Services, in_force: str | None, then: Explained
) -> str | None:
    """Return the class that would be in force at once: a better one only later."""
    letter = then.risk_class
    if letter is None or in_force is None or not _cools_down(services):
        return letter
    return max(letter, in_force, key=CLASSES.index)


def _cools_down(services: Services) -> bool:
    return services.policy.policy.score.cool_down_days > 0


def _stand(
    services: Services,
    account: Account,
    changes: Sequence[Change],
    letter: str | None,
    asked: Sequence[Change],
) -> Stand:
    """Return where the customer stands after `changes`, and may the order asked go."""
    rules = services.policy.policy.check
    ledger, position = account.ledger, account.position
    there = position_if(rules, position, ledger, changes, class_letter(letter))
    orders = [change for change in asked if isinstance(change, Ship)]
    worth = sum((o.amount for o in orders), Decimal(0))
    shipped = worth if any(isinstance(c, Ship) for c in changes) else Decimal(0)
    verdict, way = None, None
    if worth:
        terms = orders[0].terms_days
        if terms is None:
            terms = account.customer.terms_days
        order = order_of(
            rules,
            account.rates,
            amount=worth.quantize(Decimal("0.01")),
            currency=services.currency,
            terms_days=rules.usual_terms_days if terms is None else terms,
        )
        found = answer(rules, there, order)
        verdict = found.verdict
        way = next(iter(ways(order, found.offers, services.currency)), None)
    owed = replace(there.exposure, orders=there.exposure.orders + shipped)
    return Stand(owed.net, there.overdue, there.limit, verdict, way)


def remember_asked(services: Services, actor: Actor, told: WhatIf) -> None:
    """Keep that the actor looked at this customer, so that “they” means it next."""
    seen = {
        "exposure": str(told.stands.exposure),
        "overdue": str(told.stands.overdue),
        "class": told.in_force,
    }
    with services.database.write() as session:
        customers.remember_seen(
            session, actor.slack_id, told.customer_id, services.now(), seen
        )
