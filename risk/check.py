"""“Would this order pass?”: the tests of the policy, one by one, with their figures.

Pure: a position and an order in, outcomes out; the same code answers a question, looks
for conditions that make it pass, and replays a receipt. Rules: the domain reference,
3.5 and 3.7. Each test says OK, failed, or not applicable.

Two amounts decide what a test is about. The *credit* is what the customer does not pay
before; a hold and stale data stand against any. What stays *open* is the credit less
new security and less existing cover beyond what it stands for; all else is about that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from risk.behaviour import oldest_material
from risk.exposure import Exposure
from risk.ledger import ZERO
from risk.order import Order
from risk.policy.check import CheckPolicy, TestKey
from risk.policy.limit import Class

State = Literal["ok", "failed", "not_applicable"]
Verdict = Literal["yes", "yes_if", "ask"]
Figure = Decimal | int | date | str | None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a customer stands, in base currency; None is not known."""

    as_of: date
    exposure: Exposure
    overdue: Decimal
    owed: Decimal
    """Open invoices, credit notes deducted: what `overdue` is a share of."""
    oldest_overdue: int
    overdue_items: tuple[tuple[int, Decimal], ...]
    """(days past due, amount open), oldest first."""
    claims: Decimal
    """Open invoices, credit notes left out."""
    days_beyond_terms: Decimal | None
    risk_class: Class | None
    hold: bool
    limit: Decimal | None
    limit_until: date | None
    country: str | None
    country_class: int | None
    group_exposure: Decimal | None
    """Net exposure to the rest of its group; None if it belongs to none."""
    known_on: date | None
    """The newest day on which anything was learnt of its ledger."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a test says: what was found, what is allowed, and why if it needs saying."""

    key: TestKey
    state: State
    found: Figure = None
    allowed: Figure = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Case:
    """An order put to a position, with what the tests share worked out once."""

    policy: CheckPolicy
    position: Position
    order: Order
    open: Decimal
    """What the order leaves open, new security and spare cover deducted."""
    after: Decimal
    """Net exposure with the order, by all cover that is valid now."""
    after_lasting: Decimal
    """The same, by the cover that outlasts the order's due date."""

    @property
    def risk_class(self) -> Class:
        """Return the class the customer is treated as."""
        return self.position.risk_class or self.policy.class_if_unknown


def run_check(
    policy: CheckPolicy, position: Position, order: Order
) -> tuple[Outcome, ...]:
    """Return what each test of the policy says of `order`, in the policy's order."""
    case = _case(policy, position, order)
    return tuple(_TESTS[key](case) for key in policy.tests)


def passes(policy: CheckPolicy, position: Position, order: Order) -> bool:
    """Return whether no test fails; the same tests as `run_check`, stopping early."""
    case = _case(policy, position, order)
    return all(_TESTS[key](case).state != "failed" for key in policy.tests)


def stays_open(policy: CheckPolicy, position: Position, order: Order) -> Decimal:
    """Return what `order` leaves open, in base currency."""
    return _case(policy, position, order).open


def ceiling(policy: CheckPolicy, position: Position) -> Decimal | None:
    """Return the most net exposure that passes; None where no limit is set."""
    if position.limit is None:
        return None
    return position.limit * (1 + policy.over_limit_tolerance)


def after_collecting(position: Position, amount: Decimal) -> Position:
    """Return where the customer stands once `amount` of the overdue came in."""
    left, open_items = amount, []
    for days, open_amount in position.overdue_items:
        taken = min(left, open_amount)
        left -= taken
        if open_amount > taken:
            open_items.append((days, open_amount - taken))
    came_in = amount - left
    claims, exposure = position.claims - came_in, position.exposure
    return replace(
        position,
        exposure=replace(exposure, invoices=exposure.invoices - came_in),
        overdue=position.overdue - came_in,
        owed=position.owed - came_in,
        claims=claims,
        overdue_items=tuple(open_items),
        oldest_overdue=oldest_material(open_items, claims),
    )


def _case(policy: CheckPolicy, position: Position, order: Order) -> _Case:
    if order.collected:
        position = after_collecting(position, order.collected)
    exposure = position.exposure
    unsecured = order.open_after(policy.secure_haircut)
    until = order.due_on(position.as_of) + timedelta(days=policy.cover_margin_days)
    cover, lasting = exposure.cover_until(None), exposure.cover_until(until)
    spare = max(lasting - exposure.gross, ZERO)
    return _Case(
        policy,
        position,
        order,
        open=max(unsecured - spare, ZERO),
        after=max(exposure.gross + unsecured - cover, ZERO),
        after_lasting=max(exposure.gross + unsecured - lasting, ZERO),
    )


def _hold(case: _Case) -> Outcome:
    if not case.order.credit:
        return Outcome("hold", "not_applicable", why="prepaid")
    return Outcome("hold", "failed" if case.position.hold else "ok")


def _headroom(case: _Case) -> Outcome:
    most = ceiling(case.policy, case.position)
    if not case.open:
        return _covered("headroom", case)
    if most is None:
        return Outcome("headroom", "failed", case.after, None, "no_limit")
    why = "cash_only" if most == 0 else ""
    return _at_most("headroom", case.after, most, why)


def _limit_validity(case: _Case) -> Outcome:
    until = case.position.limit_until
    if not case.open:
        return _covered("limit_validity", case)
    if case.position.limit is None:
        return Outcome("limit_validity", "not_applicable", why="no_limit")
    if until is None:
        return Outcome("limit_validity", "ok", why="no_end")
    good = until >= case.position.as_of
    return Outcome(
        "limit_validity", "ok" if good else "failed", until, case.position.as_of
    )


def _overdue_share(case: _Case) -> Outcome:
    position = case.position
    if not case.open:
        return _covered("overdue_share", case)
    if position.overdue <= 0:
        return Outcome("overdue_share", "ok", ZERO, case.policy.most_overdue_share)
    if position.owed <= 0:
        return Outcome("overdue_share", "not_applicable", why="nothing_owed")
    share = position.overdue / position.owed
    return _at_most("overdue_share", share, case.policy.most_overdue_share)


def _oldest_overdue(case: _Case) -> Outcome:
    if not case.open:
        return _covered("oldest_overdue", case)
    days = case.position.oldest_overdue
    return _at_most("oldest_overdue", days, case.policy.most_overdue_days)


def _behaviour(case: _Case) -> Outcome:
    days = case.position.days_beyond_terms
    if not case.open:
        return _covered("behaviour", case)
    if days is None:
        return Outcome("behaviour", "not_applicable", why="nothing_paid")
    return _at_most("behaviour", days, case.policy.most_days_beyond_terms)


def _risk_class(case: _Case) -> Outcome:
    """Return whether no more stays open than the class may have without cover."""
    if not case.open:
        return _covered("risk_class", case)
    share = case.policy.unsecured_share[case.risk_class]
    good = case.open <= share * case.order.worth
    why = "" if case.position.risk_class else "no_class"
    state: State = "ok" if good else "failed"
    return Outcome("risk_class", state, case.risk_class, share, why)


def _terms(case: _Case) -> Outcome:
    if not case.open:
        return _covered("terms", case)
    most = case.policy.terms_days[case.risk_class]
    return _at_most("terms", case.order.terms_days, most)


def _country(case: _Case) -> Outcome:
    position, policy = case.position, case.policy
    if not case.open:
        return _covered("country", case)
    if position.country_class is None:
        why = "no_country" if position.country is None else "country_not_rated"
        return Outcome("country", "not_applicable", position.country, why=why)
    most = policy.country_terms_days[position.country_class]
    share = policy.country_unsecured_share[position.country_class]
    found = f"{position.country} {position.country_class}"
    if case.order.terms_days > most:
        return Outcome("country", "failed", found, most, "terms")
    if case.open > share * case.order.worth:
        return Outcome("country", "failed", found, share, "share")
    return Outcome("country", "ok", found, share, "share")


def _cover(case: _Case) -> Outcome:
    """Return whether the order does without cover that runs out before it is due."""
    exposure = case.position.exposure
    if not case.open and not case.order.credit:
        return _covered("cover", case)
    if not exposure.covers:
        return Outcome("cover", "not_applicable", why="no_cover")
    ends = [c.valid_until for c in exposure.covers if c.valid_until]
    most = ceiling(case.policy, case.position)
    if not case.open or case.after_lasting == case.after or most is None:
        return Outcome("cover", "ok", min(ends, default=None))
    needed = case.after <= most < case.after_lasting
    until = case.order.due_on(case.position.as_of)
    until += timedelta(days=case.policy.cover_margin_days)
    return Outcome("cover", "failed" if needed else "ok", min(ends), until)


def _group(case: _Case) -> Outcome:
    others = case.position.group_exposure
    if not case.open:
        return _covered("group", case)
    if others is None:
        return Outcome("group", "not_applicable", why="no_group")
    return _at_most("group", others + case.after, case.policy.most_group_exposure)


def _freshness(case: _Case) -> Outcome:
    position = case.position
    if not case.order.credit:
        return Outcome("freshness", "not_applicable", why="prepaid")
    missing = position.exposure.without_rate
    if missing:
        return Outcome("freshness", "failed", ", ".join(missing), why="no_rate")
    if position.known_on is None:
        return Outcome("freshness", "not_applicable", why="no_ledger")
    days = (position.as_of - position.known_on).days
    return _at_most("freshness", days, case.policy.stale_after_days)


def _covered(key: TestKey, case: _Case) -> Outcome:
    """Return that nothing stays open for this test to be about."""
    return Outcome(
        key, "not_applicable", why="covered" if case.order.credit else "prepaid"
    )


def _at_most(
    key: TestKey, found: Decimal | int, allowed: Decimal | int, why: str = ""
) -> Outcome:
    state: State = "ok" if found <= allowed else "failed"
    return Outcome(key, state, found, allowed, why)


_TESTS: Mapping[TestKey, Callable[[_Case], Outcome]] = {
    "hold": _hold,
    "headroom": _headroom,
    "limit_validity": _limit_validity,
    "overdue_share": _overdue_share,
    "oldest_overdue": _oldest_overdue,
    "behaviour": _behaviour,
    "risk_class": _risk_class,
    "terms": _terms,
    "country": _country,
    "cover": _cover,
    "group": _group,
    "freshness": _freshness,
}
