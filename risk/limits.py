"""Credit limits: every method side by side, the one chosen, and what bound it.

Source: the domain reference, 3.5. A method that lacks its facts says which; it never
counts as 0. Amounts are in base currency.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import mean, median
from typing import Literal

from risk.ledger import ZERO
from risk.policy.limit import Class, LimitPolicy

DAYS_OF_A_YEAR, MONTHS_OF_A_YEAR = 365, 12

MethodKey = Literal[
    "net_worth",
    "working_capital",
    "monthly_sales",
    "references",
    "grade",
    "capacity",
    "need",
]
Binding = Literal["cap", "group", "aggregate", "need", "class", "nothing_known"]


@dataclass(frozen=True, slots=True)
class LimitFacts:
    """What the methods rest on; None is not known."""

    risk_class: Class
    net_worth: Decimal | None = None
    tangible_net_worth: Decimal | None = None
    working_capital: Decimal | None = None
    turnover: Decimal | None = None
    """The customer's own sales, a year."""
    sales_to_it: Decimal | None = None
    """What we sold it, a year."""
    terms_days: int | None = None
    references: Sequence[Decimal] = ()
    """The high credits that other suppliers name."""
    group_exposure: Decimal = ZERO
    """Net exposure to the other companies of its group."""


@dataclass(frozen=True, slots=True)
class Method:
    """What one method gives; None where its facts are not known."""

    key: MethodKey
    amount: Decimal | None
    missing: str = ""
    """The fact that is not known."""


@dataclass(frozen=True, slots=True)
class LimitProposal:
    """All methods, what they come to, and why it is not more."""

    methods: tuple[Method, ...]
    aggregate: Decimal | None
    """The methods brought together, the need left out; None if none is known."""
    need: Decimal | None
    most: Decimal
    """The policy's cap, less what the rest of the group owes."""
    factor: Decimal
    amount: Decimal | None
    """The proposal; None where nothing is known to rest one on."""
    binding: Binding
    gap: Decimal
    """Need beyond the proposal: to be prepaid or secured."""
    valid_until: date

    def method(self, key: MethodKey) -> Method:
        """Return one of the methods."""
        return next(m for m in self.methods if m.key == key)


def propose(policy: LimitPolicy, facts: LimitFacts, as_of: date) -> LimitProposal:
    """Return min(cap, aggregate of methods, need) × class factor, rounded down."""
    methods = _methods(policy, facts)
    known = [m.amount for m in methods if m.amount is not None and m.key != "capacity"]
    joined = _aggregate(policy, known) if known else None
    need = _need(facts)
    most = max(policy.most - facts.group_exposure, ZERO)
    factor = policy.class_factor[facts.risk_class]
    bounds: list[tuple[Decimal, Binding]] = [
        (most, "group" if facts.group_exposure > 0 else "cap")
    ]
    bounds += [(joined, "aggregate")] if joined is not None else []
    bounds += [(need.amount, "need")] if need.amount is not None else []
    least, binding = min(bounds, key=lambda bound: bound[0])
    amount: Decimal | None = None
    if joined is not None or need.amount is not None:
        amount = least * factor // policy.round_to * policy.round_to
        binding = "class" if factor == 0 else binding
    else:
        binding = "nothing_known"
    days = policy.valid_days[facts.risk_class]
    return LimitProposal(
        methods=(*methods, need),
        aggregate=joined,
        need=need.amount,
        most=most,
        factor=factor,
        amount=amount,
        binding=binding,
        gap=max((need.amount or ZERO) - (amount or ZERO), ZERO),
        valid_until=as_of + timedelta(days=days),
    )


def _methods(policy: LimitPolicy, facts: LimitFacts) -> tuple[Method, ...]:
    month = None if facts.turnover is None else facts.turnover / MONTHS_OF_A_YEAR
    simple: list[Method] = [
        _share("net_worth", facts.net_worth, policy.net_worth_share),
        _share("working_capital", facts.working_capital, policy.working_capital_share),
        _share("monthly_sales", month, policy.monthly_sales_share),
        _references(facts.references),
        _grade(policy, facts),
    ]
    known = [m.amount for m in simple if m.amount is not None]
    average = Method("capacity", mean(known)) if known else Method("capacity", None)
    return (*simple, average)


def _share(key: MethodKey, of: Decimal | None, share: Decimal) -> Method:
    """Return a share of a figure; of one below zero, nothing."""
    if of is None:
        return Method(key, None, key)
    return Method(key, max(of * share, ZERO))


def _references(named: Sequence[Decimal]) -> Method:
    if not named:
        return Method("references", None, "references")
    return Method("references", median(named))


def _grade(policy: LimitPolicy, facts: LimitFacts) -> Method:
    """Return the lesser of the shares of tangible net worth and of turnover."""
    if facts.tangible_net_worth is None:
        return Method("grade", None, "net_worth")
    if facts.turnover is None:
        return Method("grade", None, "turnover")
    by_worth = policy.tangible_share[facts.risk_class] * facts.tangible_net_worth
    by_sales = policy.turnover_share[facts.risk_class] * facts.turnover
    return Method("grade", max(min(by_worth, by_sales), ZERO))


def _need(facts: LimitFacts) -> Method:
    """Return annual sales to the customer × term days ÷ 365."""
    if facts.sales_to_it is None:
        return Method("need", None, "sales_to_it")
    if facts.terms_days is None:
        return Method("need", None, "terms")
    return Method(
        "need",
        max(facts.sales_to_it, ZERO) * facts.terms_days / DAYS_OF_A_YEAR,
    )


def _aggregate(policy: LimitPolicy, amounts: Sequence[Decimal]) -> Decimal:
    if policy.aggregate == "min":
        return min(amounts)
    return median(amounts) if policy.aggregate == "median" else mean(amounts)
