"""A customer's credit limit: every method side by side, the form to set or ask for it.

Setting, asking and deciding are in `workflows.limit_decision`.
"""

import json
from dataclasses import replace
from decimal import Decimal

from sqlmodel import Session

from risk.exposure import utilisation, warning
from risk.ledger import ZERO
from risk.limits import MONTHS_OF_A_YEAR, Method
from storage import limits
from templates.messages.limit import (
    AccountsLine,
    GroupLine,
    LimitForm,
    LimitView,
    MethodRow,
    Proposal,
    StandingLimit,
    WaitingLine,
)
from templates.messages.lookup import Choices
from workflows.finding import find_customer, let_in
from workflows.limit_ground import LimitGround, ground_within
from workflows.limit_rights import most_alone
from workflows.limit_wish import worth_of_row
from workflows.services import Actor, Services

Figures = tuple[list[Decimal | None], list[Decimal]]
"""What a method rests on, and its shares of them."""

MOST_CURRENCIES = 100
MISSING_OF_ALL = "all"
MOST_REFERENCES = 8
"""Said of an average where none of the methods before it is known."""


def limit_of(services: Services, actor: Actor, query: str) -> LimitView | Choices:
    """Return the limit of the customer meant, or the customers that may be.

    Raises:
        OursOnly, NothingTyped, NobodyLike: as for the card.

    """
    found = find_customer(services, actor, query)
    if isinstance(found, Choices):
        return replace(found, action="limit_show")
    return limit_proposal(services, actor, found)


def limit_proposal(services: Services, actor: Actor, customer_id: int) -> LimitView:
    """Return all methods, what they come to, and the limit in force.

    Raises:
        OursOnly: a guest asks.
        CustomerGone: there is no such customer.

    """
    let_in(actor)
    with services.database.read() as session:
        ground = ground_within(services, session, customer_id)
        alone = most_alone(services, session, actor, ground.customer.region)
    return LimitView(
        customer_id=customer_id,
        number=ground.customer.number,
        name=ground.customer.name,
        currency=services.currency,
        exposure=ground.position.exposure.net,
        proposal=proposal_of(ground),
        rows=_rows(services, ground),
        standing=standing_of(services, ground),
        group=group_of(services, ground),
        accounts=_accounts(ground),
        later_accounts=ground.later_accounts,
        terms_days=ground.facts.terms_days,
        terms_agreed=ground.terms_agreed,
        waiting=_waiting(ground),
        may_set=alone is not None,
        without_rate=ground.without_rate,
    )


def limit_form(services: Services, actor: Actor, customer_id: int) -> LimitForm:
    """Return the form, filled in with what the policy proposes; raise as above."""
    let_in(actor)
    with services.database.read() as session:
        ground = ground_within(services, session, customer_id)
        alone = most_alone(services, session, actor, ground.customer.region)
        currencies = _currencies(services, session, ground)
    proposed = ground.proposal.amount
    return LimitForm(
        name=ground.customer.name,
        metadata=json.dumps({"customer": customer_id, "seen": ground.limit_id}),
        may_set=alone is not None,
        alone=alone,
        currency=services.currency,
        amount=f"{proposed:f}" if proposed is not None else "",
        chosen=services.currency,
        currencies=currencies,
        until=ground.proposal.valid_until,
        risk_class=ground.facts.risk_class,
        proposed=proposed,
        standing=standing_of(services, ground),
        waiting=_waiting(ground),
    )


def read_metadata(metadata: str) -> tuple[int, int]:
    """Return the customer, and what named its limit, that a form carries."""
    kept = json.loads(metadata)
    return int(kept["customer"]), int(kept["seen"])


def proposal_of(ground: LimitGround) -> Proposal:
    """Return what the policy proposes, as messages say it."""
    made = ground.proposal
    rounded = made.binding == "need" and made.factor >= 1
    bounds = {
        "cap": made.most,
        "group": made.most,
        "aggregate": made.aggregate,
        "need": made.need,
    }
    return Proposal(
        amount=made.amount,
        until=made.valid_until,
        binding=made.binding,
        bound=bounds.get(made.binding),
        factor=made.factor,
        risk_class=ground.facts.risk_class,
        class_known=ground.class_known,
        need=made.need,
        gap=ZERO if rounded else made.gap,
        others=ground.facts.group_exposure,
    )


def standing_of(services: Services, ground: LimitGround) -> StandingLimit | None:
    """Return the limit that was set last, and how much of it is used."""
    row, policy = ground.standing, services.policy.policy.limit
    if row is None:
        return None
    worth = worth_of_row(ground, row)
    used = None
    if worth.base:
        used = utilisation(ground.position.exposure.net, worth.base)
    steps = (policy.warn_at, policy.alarm_at, policy.hold_at)
    told = warning(used, warn_at=steps[0], alarm_at=steps[1], hold_at=steps[2])
    return StandingLimit(
        worth=worth,
        set_on=row.valid_from,
        until=row.valid_until,
        expired=row.valid_until is not None and row.valid_until < ground.as_of,
        used=used,
        warning=told,
        set_by=row.set_by,
        approved_by=row.approved_by,
        reason=row.reason,
    )


def group_of(services: Services, ground: LimitGround) -> GroupLine | None:
    """Return the customer's group as a whole."""
    if ground.group is None:
        return None
    return GroupLine(
        name=ground.group.name,
        companies=ground.group.companies,
        own=ground.position.exposure.net,
        others=ground.position.group_exposure or ZERO,
        limits=ground.group.limits,
        without_limit=ground.group.without_limit,
        without_rate=ground.group.without_rate,
        most=services.policy.policy.check.most_group_exposure,
    )


def _rows(services: Services, ground: LimitGround) -> list[MethodRow]:
    """Return each method, then what they come to together, then the policy's cap."""
    made, policy = ground.proposal, services.policy.policy.limit
    rows = [_row(services, ground, method) for method in made.methods]
    binds = made.binding
    need = rows.pop()
    joined = MethodRow(
        policy.aggregate,
        made.aggregate,
        missing="" if made.aggregate is not None else MISSING_OF_ALL,
        binds=binds == "aggregate",
    )
    capped = [policy.most]
    if ground.facts.group_exposure:
        capped.append(ground.facts.group_exposure)
    cap = MethodRow("cap", made.most, capped, binds=binds in {"cap", "group"})
    return [*rows, joined, need, cap]


def _row(services: Services, ground: LimitGround, method: Method) -> MethodRow:
    policy, facts = services.policy.policy.limit, ground.facts
    letter = facts.risk_class
    month = None if facts.turnover is None else facts.turnover / MONTHS_OF_A_YEAR
    of: dict[str, Figures] = {
        "net_worth": ([facts.net_worth], [policy.net_worth_share]),
        "working_capital": ([facts.working_capital], [policy.working_capital_share]),
        "monthly_sales": ([month], [policy.monthly_sales_share]),
        "grade": (
            [facts.tangible_net_worth, facts.turnover],
            [policy.tangible_share[letter], policy.turnover_share[letter]],
        ),
        "references": ([*sorted(facts.references)[:MOST_REFERENCES]], []),
        "need": ([facts.sales_to_it], []),
    }
    figures, shares = of.get(method.key, ([], []))
    missing = method.missing
    if method.key == "capacity" and method.amount is None:
        missing = MISSING_OF_ALL
    return MethodRow(
        key=method.key,
        amount=method.amount,
        figures=[figure for figure in figures if figure is not None],
        shares=shares,
        days=facts.terms_days if method.key == "need" else None,
        missing=missing,
        binds=method.key == "need" and ground.proposal.binding == "need",
    )


def _accounts(ground: LimitGround) -> AccountsLine | None:
    if ground.accounts is None:
        return None
    accounts = ground.accounts
    return AccountsLine(
        accounts.period_end, accounts.currency, accounts.audited, ground.faults
    )


def _waiting(ground: LimitGround) -> WaitingLine | None:
    request = ground.waiting
    if request is None:
        return None
    return WaitingLine(
        worth=worth_of_row(ground, request),
        asked_by=request.asked_by,
        asked_at=request.asked_at,
    )


def _currencies(services: Services, session: Session, ground: LimitGround) -> list[str]:
    """Return what a limit may be given in: base, the customer's, then the others."""
    own = limits.currencies_of(session, ground.customer_id)
    wanted = [services.currency, *own, *sorted(ground.rates)]
    rated = dict.fromkeys(c for c in wanted if c in ground.rates)
    return list(rated)[:MOST_CURRENCIES]
