"""What a customer's limit rests on: facts, position, the proposal, what stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args

from sqlmodel import Session

from risk.check import Position
from risk.exposure import Rate
from risk.ledger import ZERO
from risk.limit_facts import Accounts, Fault, Sold, faults_of, limit_facts
from risk.limits import DAYS_OF_A_YEAR, LimitFacts, LimitProposal, propose
from risk.policy.limit import Class, LimitPolicy
from storage import limits
from storage.customers import Known
from storage.positions import dated_rates
from storage.tables import CreditLimit, LimitRequest, Statement
from storage.trade_references import references
from workflows.gone import CustomerGone
from workflows.position import account_within
from workflows.services import Actor, Services

_CLASSES: frozenset[str] = frozenset(get_args(Class))


@dataclass(frozen=True, slots=True)
class Group:
    """The group a customer belongs to; amounts in base currency."""

    name: str
    companies: int
    limits: Decimal
    without_limit: int
    without_rate: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LimitGround:
    """All that a limit of one customer rests on, as known on `as_of`."""

    as_of: date
    customer: Known
    customer_id: int
    position: Position
    group: Group | None
    facts: LimitFacts
    class_known: bool
    terms_agreed: bool
    accounts: Accounts | None
    faults: tuple[Fault, ...]
    later_accounts: date | None
    sold_without_rate: tuple[str, ...]
    proposal: LimitProposal
    rates: Mapping[str, Rate]
    standing: CreditLimit | None
    waiting: LimitRequest | None

    @property
    def limit_id(self) -> int:
        """Return what names the standing limit; 0 where none was ever set."""
        return (self.standing.id if self.standing else None) or 0

    @property
    def without_rate(self) -> tuple[str, ...]:
        """Return the currencies in which something could not be counted."""
        return tuple(
            sorted({*self.position.exposure.without_rate, *self.sold_without_rate})
        )

    @property
    def as_inputs(self) -> dict[str, Any]:
        """Return what a receipt keeps, so that the proposal can be made again."""
        facts = {name: getattr(self.facts, name) for name in LimitFacts.__slots__}
        ended = self.accounts.period_end.isoformat() if self.accounts else None
        return {
            "as_of": self.as_of.isoformat(),
            "facts": {name: _plain(value) for name, value in facts.items()},
            "accounts_of": ended,
            "accounts_faults": list(self.faults),
            "class_known": self.class_known,
            "exposure": str(self.position.exposure.net),
            "standing": _limit_as_input(self.standing),
            "proposed": _plain(self.proposal.amount),
            "binding": self.proposal.binding,
        }


@dataclass(frozen=True, slots=True)
class Case:
    """A decision on a limit as it is made: by whom, on what grounds, in a session."""

    services: Services
    session: Session
    actor: Actor
    ground: LimitGround


def facts_in(inputs: Mapping[str, Any]) -> LimitFacts:
    """Return the facts that a receipt of a limit keeps."""
    kept = dict(inputs["facts"])
    given: dict[str, Any] = {
        "risk_class": kept.pop("risk_class"),
        "terms_days": kept.pop("terms_days"),
        "references": [Decimal(amount) for amount in kept.pop("references")],
    }
    amounts = {name: v and Decimal(v) for name, v in kept.items()}
    return LimitFacts(**given | amounts)


def ground_within(
    services: Services, session: Session, customer_id: int
) -> LimitGround:
    """Return what the customer's limit rests on; raise CustomerGone if it is gone."""
    day, policy = services.today(), services.policy.policy
    account = account_within(services, session, customer_id)
    if account is None:
        raise CustomerGone
    customer, position = account.customer, account.position
    rates = {**dated_rates(session, day), services.currency: Rate(Decimal(1))}
    statement, later = limits.latest_statement(session, customer_id, day)
    accounts = _accounts(statement, rates)
    sold, unsold = _sold(session, customer_id, day, rates)
    letter = position.risk_class
    told, untold = _references(session, customer_id, policy.limit, day, rates)
    facts = replace(
        limit_facts(
            letter or policy.check.class_if_unknown,
            accounts,
            sold,
            customer.terms_days,
            position.group_exposure,
        ),
        references=told,
    )
    return LimitGround(
        as_of=day,
        customer=customer,
        customer_id=customer_id,
        position=position,
        group=_group(session, customer, account.group, day, rates),
        facts=facts,
        class_known=letter is not None,
        terms_agreed=customer.terms_days is not None,
        accounts=accounts,
        faults=_faults(accounts, rates),
        later_accounts=later,
        sold_without_rate=tuple(sorted({*unsold, *untold})),
        proposal=propose(policy.limit, facts, day),
        rates=rates,
        standing=limits.standing(session, customer_id),
        waiting=limits.waiting_for(session, customer_id),
    )


def _accounts(
    statement: Statement | None, rates: Mapping[str, Rate]
) -> Accounts | None:
    """Return the accounts in base currency; without a rate, without figures."""
    if statement is None:
        return None
    rate = rates[statement.currency].value if statement.currency in rates else None

    def worth(amount: Decimal | None) -> Decimal | None:
        return None if amount is None or rate is None else amount * rate

    return Accounts(
        period_end=statement.period_end,
        period_days=statement.period_days,
        currency=statement.currency,
        audited=statement.audited,
        total_assets=worth(statement.total_assets),
        total_liabilities=worth(statement.total_liabilities),
        equity=worth(statement.equity),
        current_assets=worth(statement.current_assets),
        current_liabilities=worth(statement.current_liabilities),
        sales=worth(statement.sales),
    )


def _faults(accounts: Accounts | None, rates: Mapping[str, Rate]) -> tuple[Fault, ...]:
    if accounts is None:
        return ()
    unrated: tuple[Fault, ...] = () if accounts.currency in rates else ("rate",)
    return (*faults_of(accounts), *unrated)


def _sold(
    session: Session, customer_id: int, day: date, rates: Mapping[str, Rate]
) -> tuple[Sold | None, tuple[str, ...]]:
    """Return a year's sales to the customer, and the currencies left out of them.

    A customer that was never invoiced is unknown; one that bought nothing is not.
    """
    since = day - timedelta(days=DAYS_OF_A_YEAR - 1)
    rows = limits.invoiced(session, customer_id, since, day)
    left_out = tuple(sorted({row[0] for row in rows} - set(rates)))
    known = [
        (amount * rates[currency].value, (due - issued).days)
        for currency, amount, issued, due in rows
        if currency in rates
    ]
    if not known and (left_out or not limits.has_invoices(session, customer_id)):
        return None, left_out
    bills = [(amount, days) for amount, days in known if amount > 0 and days >= 0]
    whole = sum((amount for amount, _ in bills), ZERO)
    weighed = sum((amount * days for amount, days in bills), ZERO)
    total = max(sum((amount for amount, _ in known), ZERO), ZERO)
    return Sold(total, round(weighed / whole) if whole else None), left_out


def _references(
    session: Session,
    customer_id: int,
    policy: LimitPolicy,
    day: date,
    rates: Mapping[str, Rate],
) -> tuple[list[Decimal], set[str]]:
    """Return the high credits that suppliers name, and the currencies left out."""
    since = day - timedelta(days=policy.reference_days)
    told = references(session, customer_id, since, day)
    known = [
        one.amount * (rates[one.currency].value if one.currency else 1)
        for one in told
        if one.currency is None or one.currency in rates
    ]
    return known, {one.currency for one in told if one.currency} - set(rates)


def _group(
    session: Session,
    customer: Known,
    name: str | None,
    day: date,
    rates: Mapping[str, Rate],
) -> Group | None:
    if customer.group_id is None or name is None:
        return None
    members = limits.group_limits(session, customer.group_id, day)
    held = [(amount, currency) for amount, currency in members if amount is not None]
    return Group(
        name=name,
        companies=len(members),
        limits=sum((a * rates[c].value for a, c in held if c in rates), ZERO),
        without_limit=len(members) - len(held),
        without_rate=tuple(sorted({c for _, c in held} - set(rates))),
    )


def _limit_as_input(limit: CreditLimit | None) -> dict[str, Any] | None:
    if limit is None:
        return None
    return {
        "id": limit.id,
        "amount": str(limit.amount),
        "currency": limit.currency,
        "valid_until": limit.valid_until.isoformat() if limit.valid_until else None,
    }


def _plain(value: Any) -> Any:
    """Return a value as JSON keeps it: decimals as exact text."""
    if isinstance(value, Decimal):
        return str(value)
    return [str(v) for v in value] if isinstance(value, list | tuple) else value
