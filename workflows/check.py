"""“May I ship?”: the order put to the check, the answer kept as a receipt."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal

from sqlmodel import Session

from risk.errors import N_, UserError
from risk.exposure import Rate
from risk.offers import Answer, Offer, answer
from risk.order import NoRate, Order, order_of
from storage import checks, positions, receipts
from storage.tables import OrderCheck, Receipt
from templates.messages.check import (
    CheckAnswer,
    CheckChoices,
    CheckForm,
    CheckSaid,
    CheckWindow,
    OrderLine,
    Way,
)
from workflows.finding import find_among, let_in, who_is
from workflows.gone import CustomerGone
from workflows.position import Account, account_within
from workflows.receipts import answered_again, inputs_of, outcome_of, receipt_by_id
from workflows.services import Actor, Services


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks about an order; what they do not say is usual."""

    amount: Decimal
    currency: str | None = None
    terms_days: int | None = None
    prepaid_share: Decimal = Decimal(0)
    channel: str | None = None
    thread_ts: str | None = None
    """Where it was asked in words."""


@dataclass(eq=False)
class CheckGone(UserError):
    """A button of a check that is no longer there."""

    message = N_("This check is no longer kept. Check the order again.")


@dataclass(eq=False)
class WayGone(UserError):
    """A way to a yes that the check did not offer."""

    message = N_("This way to a yes is no longer offered. Check the order again.")


def check_named(
    services: Services, actor: Actor, query: str, asked: Question
) -> CheckAnswer | CheckChoices:
    """Return the answer for the customer called so, or the customers that may be.

    Raises:
        OursOnly, NothingTyped, NobodyLike: as for a look-up.
        UserError: what is wrong with the order, by name.

    """
    return check_among(services, actor, [query], asked)


def check_among(
    services: Services, actor: Actor, called: Sequence[str], asked: Question
) -> CheckAnswer | CheckChoices:
    """Return the same for the customer that one of several wordings means.

    Raises:
        As `check_named`.

    """
    found = find_among(services, actor, called)
    if isinstance(found, int):
        return check_order(services, actor, found, asked)
    return CheckChoices(found.query, found.sure, found.candidates, packed(asked))


def check_order(
    services: Services, actor: Actor, customer_id: int, asked: Question
) -> CheckAnswer:
    """Return whether the order passes, each test, and the ways to a yes; keep it.

    Raises:
        OursOnly: a guest asks.
        CustomerGone: there is no such customer.
        UserError: what is wrong with the order, by name.

    """
    let_in(actor)
    currency = asked.currency or services.currency
    with services.database.read() as session:
        account = account_of(services, session, customer_id, currency)
    rules = services.policy.policy.check
    terms = asked.terms_days
    if terms is None:
        terms = account.customer.terms_days
    order = order_of(
        rules,
        account.rates,
        amount=asked.amount,
        currency=currency,
        terms_days=rules.usual_terms_days if terms is None else terms,
        prepaid_share=asked.prepaid_share,
    )
    return _kept(services, actor, account, order, (asked.channel, asked.thread_ts))


def take_way(
    services: Services, actor: Actor, check_id: int, place: int
) -> CheckAnswer:
    """Return the check of an order again, under one of the conditions it was offered.

    Raises:
        CheckGone, WayGone: the check, or the way, is not there.

    """
    let_in(actor)
    with services.database.read() as session:
        kept = checks.by_id(session, check_id)
        if kept is None:
            raise CheckGone
        before = answered_again(receipt_by_id(session, kept.receipt_id))
        account = account_of(services, session, kept.customer_id, kept.currency)
    offers = before.answer.offers
    if not 0 <= place < len(offers):
        raise WayGone
    changed = offers[place].conditions.apply(at_todays_rate(account, before.order))
    return _kept(services, actor, account, changed, (kept.channel, kept.thread_ts))


def check_form(services: Services, actor: Actor, query: str = "") -> CheckForm:
    """Return the form of a check, for the customer meant, if it is clear who is."""
    let_in(actor)
    with services.database.read() as session:
        rated = positions.dated_rates(session, services.today())
        others = sorted(set(rated) - {services.currency})
        form = CheckForm([services.currency, *others], services.currency)
        found = who_is(session, query) if query else None
        if not isinstance(found, int):
            return form
        customer = account_of(services, session, found).customer
    called = (customer.number, customer.name)
    return replace(form, customer=called, terms_days=customer.terms_days)


def account_of(
    services: Services, session: Session, customer_id: int, currency: str | None = None
) -> Account:
    """Return where a customer stands; raise CustomerGone."""
    account = account_within(services, session, customer_id, currency)
    if account is None:
        raise CustomerGone
    return account


def at_todays_rate(account: Account, order: Order) -> Order:
    """Return an order of earlier, in base currency as of today; raise NoRate."""
    if order.currency not in account.rates:
        raise NoRate(order.currency)
    return replace(order, rate=account.rates[order.currency].value)


def order_line(order: Order, base: str, rate: Rate | None = None) -> OrderLine:
    """Return an order as messages show it; its rate where the currency is foreign."""
    foreign = rate is not None and rate.valid_from is not None
    return OrderLine(
        order.amount,
        order.currency,
        order.terms_days,
        order.prepaid,
        order.secured,
        rate.value if rate and foreign else None,
        rate.valid_from if rate and foreign else None,
        order.collected,
        base,
    )


def ways(order: Order, offers: Sequence[Offer], base: str) -> list[Way]:
    """Return the ways to a yes as messages show them."""
    shown = []
    for offer in offers:
        asked, after = offer.conditions, offer.conditions.apply(order)
        share = None if asked.prepaid is None else asked.prepaid / after.amount
        way = Way(
            prepaid=asked.prepaid,
            prepaid_share=share,
            secured=asked.secured,
            cut_to=asked.cut_to,
            terms_days=asked.terms_days,
            open=after.amount - after.prepaid,
            collected=asked.collected,
            base=base,
        )
        shown.append(way)
    return shown


def as_window(found: CheckAnswer) -> CheckWindow:
    """Return the answer as a window in a form's place."""
    return CheckWindow(**{f.name: getattr(found, f.name) for f in fields(found)})


def packed(asked: Question) -> str:
    """Return a question as a button carries it."""
    parts = (asked.amount, asked.currency, asked.terms_days, asked.prepaid_share)
    return "|".join("" if part is None else str(part) for part in parts)


def unpacked(text: str) -> Question:
    """Return the question that a button carries."""
    amount, currency, terms, share = text.split("|")
    return Question(
        Decimal(amount), currency or None, int(terms) if terms else None, Decimal(share)
    )


def _kept(
    services: Services,
    actor: Actor,
    account: Account,
    order: Order,
    place: tuple[str | None, str | None],
) -> CheckAnswer:
    """Return the answer, once it is kept with its receipt."""
    policy, position = services.policy.policy.check, account.position
    found = answer(policy, position, order)
    now, customer_id = services.now(), _id_of(account)
    said = _answer(services, account, order, found)
    receipt = Receipt(
        kind="check",
        customer_id=customer_id,
        actor=actor.slack_id,
        made_at=now,
        policy_version=services.policy.version,
        inputs=inputs_of(policy, position, order),
        outcome=outcome_of(found),
        words=services.render(_in_words(said), actor.language).text,
    )
    with services.database.write() as session:
        receipt_id = receipts.write(session, receipt).id or 0
        check_id = checks.add(
            session,
            OrderCheck(
                customer_id=customer_id,
                receipt_id=receipt_id,
                asked_by=actor.slack_id,
                asked_at=now,
                channel=place[0],
                thread_ts=place[1],
                amount=order.amount,
                currency=order.currency,
                terms_days=order.terms_days,
                prepaid=order.prepaid,
                secured=order.secured,
                collected=order.collected,
                worth=order.worth,
                answer=found.verdict,
                # said, for to make them anew takes a tenth of the whole check
                conditions={},
                rests_on={},
                places=[],
            ),
        )
    return replace(said, check_id=check_id, receipt_id=receipt_id)


def _answer(
    services: Services, account: Account, order: Order, found: Answer
) -> CheckAnswer:
    """Return the answer as messages show it, before it is kept."""
    return CheckAnswer(
        check_id=0,
        customer_id=_id_of(account),
        number=account.customer.number,
        name=account.customer.name,
        order=order_line(order, services.currency, account.rates[order.currency]),
        verdict=found.verdict,
        outcomes=found.outcomes,
        ways=ways(order, found.offers, services.currency),
        currency=services.currency,
        as_of=account.position.as_of,
        policy_version=services.policy.version,
        receipt_id=0,
    )


def _in_words(found: CheckAnswer) -> CheckSaid:
    """Return the answer without table and buttons, which costs less to lay out."""
    return CheckSaid(**{f.name: getattr(found, f.name) for f in fields(found)})


def _id_of(account: Account) -> int:
    if account.customer.id is None:
        raise CustomerGone
    return account.customer.id
