"""A class set by people against the score: proposed by one, approved by another.

It has a reason and an end; until then it wins. Rights, state and version are looked at
again under a lock at every click.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from risk.errors import N_, UserError
from risk.ledger import ZERO
from risk.policy import CLASSES
from storage import receipts, scores
from storage.tables import Receipt, ScoreOverride
from storage.touched import touch
from templates.messages.overrides import (
    OverrideAsk,
    OverrideDone,
    OverrideForm,
    OverrideNews,
)
from workflows.check import account_of
from workflows.finding import let_in
from workflows.monitor.sweep import sweep_some
from workflows.naming import is_person
from workflows.position import Account
from workflows.rights import NobodyDecides, NotYours, deciders, holds, named
from workflows.score import score_within
from workflows.services import Actor, Services
from workflows.telling import owe

LONGEST_REASON = 1000


@dataclass(eq=False)
class ReasonMissing(UserError):
    """A class without a reason."""

    message = N_("Say why; the reason is kept and shown with the class.")


@dataclass(eq=False)
class OverrideUntilWrong(UserError):
    """An override that has ended already, or lasts longer than the policy lets it."""

    latest: str
    message = N_("An override lasts from tomorrow until %(latest)s at most.")


@dataclass(eq=False)
class SameClass(UserError):
    """The class that stands anyway."""

    letter: str
    message = N_("The score gives %(letter)s already.")


@dataclass(eq=False)
class OwnOverride(UserError):
    """Somebody approves what they proposed."""

    message = N_("You proposed this class yourself, so a second person approves it.")


@dataclass(eq=False)
class OverrideMoved(UserError):
    """An override that has moved on since the button was drawn."""

    state: str
    who: str
    message = N_("Meanwhile this override is %(state)s (%(who)s).")


def override_form(services: Services, actor: Actor, customer_id: int) -> OverrideForm:
    """Return the form in which another class is proposed; raise who may not."""
    let_in(actor)
    with services.database.read() as session:
        account = account_of(services, session, customer_id)
        _may_propose(services, session, actor, account)
        now = score_within(services, session, customer_id)
    latest = _latest(services)
    return OverrideForm(
        customer_id=customer_id,
        name=now.name,
        computed_class=now.computed_class,
        score=now.score,
        until=latest,
        latest=latest,
    )


def propose(
    services: Services,
    actor: Actor,
    customer_id: int,
    letter: str,
    said: tuple[str, date],
) -> OverrideDone:
    """Propose a class, for a reason, until a day; put it before who may approve it.

    Raises:
        ReasonMissing, OverrideUntilWrong, SameClass: what is wrong with it.
        NotYours, NobodyDecides: nobody may propose it, or approve it.

    """
    let_in(actor)
    reason, until = said[0].strip()[:LONGEST_REASON], said[1]
    if not reason:
        raise ReasonMissing
    latest = _latest(services)
    if not services.today() < until <= latest:
        raise OverrideUntilWrong(latest.isoformat())
    with services.database.write() as session:
        account = account_of(services, session, customer_id)
        _may_propose(services, session, actor, account)
        now = score_within(services, session, customer_id)
        if letter not in set(CLASSES) - {now.computed_class}:
            raise SameClass(letter)
        roles = _roles(services, account)
        row = ScoreOverride(
            customer_id=customer_id,
            risk_class=letter,
            reason=reason,
            author=actor.slack_id,
            made_at=services.now(),
            expires_on=until,
        )
        scores.add_override(session, row)
        region = account.customer.region
        asked = deciders(session, roles, region, actor.slack_id)
        channel = services.policy.policy.approval.channel
        if not asked and not channel:
            raise NobodyDecides(named(roles), roles[0])
        row.places = [channel] if channel else asked
        session.add(row)
        session.flush()
        _put_card(services, session, account, row, first=True)
    services.wake_delivery()
    return OverrideDone(account.customer.name, letter, "proposed", roles)


def decide_override(
    services: Services,
    actor: Actor,
    override_id: int,
    version: int,
    *,
    approve: bool,
) -> OverrideDone:
    """Approve or refuse a proposed class.

    Raises:
        OverrideMoved, OwnOverride, NotYours: it cannot be.

    """
    let_in(actor)
    state = "approved" if approve else "refused"
    with services.database.write() as session:
        row, account = _locked(services, session, override_id)
        if row.state != "proposed" or row.version != version:
            raise OverrideMoved(row.state, row.approved_by or row.author)
        if row.author == actor.slack_id:
            raise OwnOverride
        roles = _roles(services, account)
        if not holds(session, actor, roles, account.customer.region):
            raise NotYours(named(roles))
        _settle(services, session, (account, row), actor, state)
        touch(session, [row.customer_id], services.now())
        if is_person(row.author):
            news = OverrideNews(
                account.customer.name,
                row.risk_class,
                state,
                actor.slack_id,
                row.expires_on,
            )
            key = f"override:{row.id}:told:{row.version}"
            owe(services, session, row.author, news, key=key)
    _counted(services, row.customer_id)
    return OverrideDone(account.customer.name, row.risk_class, state, roles)


def end_override(services: Services, actor: Actor, override_id: int) -> OverrideDone:
    """End an override before its day: its author may, or who could approve it."""
    let_in(actor)
    with services.database.write() as session:
        row, account = _locked(services, session, override_id)
        if row.state != "approved":
            raise OverrideMoved(row.state, row.approved_by or row.author)
        roles, region = _roles(services, account), account.customer.region
        if row.author != actor.slack_id and not holds(session, actor, roles, region):
            raise NotYours(named(roles))
        _settle(services, session, (account, row), actor, "ended")
        touch(session, [row.customer_id], services.now())
    _counted(services, row.customer_id)
    return OverrideDone(account.customer.name, row.risk_class, "ended", roles)


def _locked(
    services: Services, session: Session, override_id: int
) -> tuple[ScoreOverride, Account]:
    row = scores.override_by_id(session, override_id)
    if row is None:
        raise OverrideMoved("gone", "–")
    return row, account_of(services, session, row.customer_id)


def _settle(
    services: Services,
    session: Session,
    case: tuple[Account, ScoreOverride],
    actor: Actor,
    state: str,
) -> None:
    """Bring an override into a state, with its receipt, and redraw its card."""
    account, row = case
    row.state, row.approved_by = state, actor.slack_id
    if state == "ended":
        row.ended_at = services.now()
    else:
        row.decided_at = services.now()
    row.version += 1
    session.add(row)
    session.flush()
    now = score_within(services, session, row.customer_id)
    receipt = Receipt(
        kind="override",
        customer_id=row.customer_id,
        actor=actor.slack_id,
        made_at=services.now(),
        policy_version=services.policy.version,
        inputs={
            "override": row.id,
            "class": row.risk_class,
            "author": row.author,
            "until": row.expires_on.isoformat(),
            "score": now.score,
            "computed_class": now.computed_class,
        },
        outcome={"state": state},
        words=row.reason,
    )
    receipts.write(session, receipt)
    _put_card(services, session, account, row, first=False)


def _put_card(
    services: Services,
    session: Session,
    account: Account,
    row: ScoreOverride,
    *,
    first: bool,
) -> None:
    now = score_within(services, session, row.customer_id)
    card = OverrideAsk(
        ticket=f"{row.id}:{row.version}",
        name=account.customer.name,
        risk_class=row.risk_class,
        computed_class=now.computed_class,
        score=now.score,
        reason=row.reason,
        author=row.author,
        until=row.expires_on,
        state=row.state,
        decided_by=row.approved_by,
        roles=_roles(services, account),
    )
    for place in row.places:
        key = f"override:{row.id}:{place}"
        name = key if first else f"{key}:v{row.version}"
        later = None if first else key
        owe(services, session, place, card, key=name, instead_of=later)


def _counted(services: Services, customer_id: int) -> None:
    """Count the customer's score anew: another class is in force."""
    sweep_some(services, [customer_id])


def _roles(services: Services, account: Account) -> tuple[str, ...]:
    """Return who may approve: by what the customer may cost us."""
    approval = services.policy.policy.approval
    position = account.position
    stake = max(position.exposure.net, position.limit or ZERO)
    return approval.roles_for(stake)


def _may_propose(
    services: Services, session: Session, actor: Actor, account: Account
) -> None:
    steps = [step.role for step in services.policy.policy.approval.steps]
    if not holds(session, actor, steps, account.customer.region):
        raise NotYours(named(steps))


def _latest(services: Services) -> date:
    days = services.policy.policy.approval.override_days
    return services.today() + timedelta(days=days)
