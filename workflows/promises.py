"""Promises to pay: written down from chat, and judged by the money that comes."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import Session

from risk.errors import N_, UserError
from risk.exposure import Rate
from risk.ledger import ZERO
from risk.order import smallest_unit
from risk.promises import Promise, Received, Verdict, judge, last_day
from storage import chat_evidence, positions, touched
from storage.tables import Note, PaymentPromise
from templates.messages.chat_evidence import (
    EvidenceChoices,
    PromiseForm,
    PromiseNoted,
    Retracted,
)
from templates.messages.lookup import Choices
from workflows.calendars import banking_days
from workflows.chat_evidence import LONGEST_TEXT, check_retract, name_within
from workflows.finding import let_in
from workflows.gone import CustomerGone
from workflows.position import account_within
from workflows.services import Actor, Services
from workflows.whom import meant, probable

LONGEST_WAIT = timedelta(days=730)
JUDGED_AGAIN = timedelta(days=180)
"""A verdict this old stands, whatever is corrected in the ledger."""

KEPT, BROKEN = "promise_kept", "promise_broken"


@dataclass(eq=False)
class PromiseInThePast(UserError):
    """A promise for a day that is over."""

    due_on: str
    message = N_("%(due_on)s is past. When do they say they will pay?")


@dataclass(eq=False)
class PromiseTooFar(UserError):
    """A promise for a day beyond any sense."""

    due_on: str
    message = N_("%(due_on)s is too far off for a promise to pay. Check the year.")


@dataclass(eq=False)
class NothingPromised(UserError):
    """A promise of nothing, or of more than there is."""

    message = N_("How much do they promise? Write an amount such as 30k or 30,000 EUR.")


@dataclass(eq=False)
class CurrencyUnknown(UserError):
    """A promise in a currency without a rate."""

    currency: str
    message = N_(
        "There is no exchange rate for %(currency)s. Import one, or say the amount in"
        " another currency."
    )


@dataclass(eq=False)
class DayMissing(UserError):
    """A promise without a day."""

    message = N_(
        "By when do they promise it? Say a day: “Friday”, “15 Dec” or “end of month”."
    )


@dataclass(frozen=True, slots=True)
class PromiseWish:
    """A promise as somebody wrote it."""

    amount: Decimal | None
    currency: str | None
    due_on: date | None
    text: str = ""
    link: str | None = None

    def packed(self) -> str:
        """Return it as a button carries it."""
        day = self.due_on.isoformat() if self.due_on else ""
        return json.dumps([str(self.amount), self.currency, day, self.text[:1000]])


def unpacked(text: str) -> PromiseWish:
    """Return the promise that a button carries."""
    amount, currency, day, said = json.loads(text)
    due_on = date.fromisoformat(day) if day else None
    return PromiseWish(Decimal(amount), currency, due_on, said)


def promise_form(
    services: Services, actor: Actor, query: str, wish: PromiseWish
) -> PromiseForm:
    """Return the form of a promise, with what the words told already filled in."""
    let_in(actor)
    with services.database.read() as session:
        rates = positions.dated_rates(session, services.today())
    return PromiseForm(
        metadata=json.dumps({"link": wish.link or ""}),
        customer=probable(services, actor, query, named=False),
        amount=None if wish.amount is None else f"{wish.amount:f}",
        currency=wish.currency or services.currency,
        currencies=sorted({services.currency, *rates}),
        due_on=wish.due_on or services.today() + timedelta(days=7),
        text=wish.text[:LONGEST_TEXT],
    )


def promise_named(
    services: Services, actor: Actor, query: str, wish: PromiseWish
) -> PromiseNoted | EvidenceChoices:
    """Write a promise down for the customer called so; or return who may be meant."""
    _checked(services, wish)
    found = meant(services, actor, query)
    if isinstance(found, Choices):
        return EvidenceChoices(
            "promise", found.query, found.sure, found.candidates, wish.packed()
        )
    return keep_promise(services, actor, found, wish)


def keep_promise(
    services: Services, actor: Actor, customer_id: int, wish: PromiseWish
) -> PromiseNoted:
    """Write a promise down; the payments that come will say whether it was kept.

    Raises:
        OursOnly, CustomerGone: as for a look-up.
        UserError: what is wrong with it, by name.

    """
    let_in(actor)
    amount, due_on = _checked(services, wish)
    currency = (wish.currency or services.currency).upper()
    now, today = services.now(), services.today()
    with services.database.read() as session:
        account = account_within(services, session, customer_id, currency)
    if account is None:
        raise CustomerGone
    if currency not in account.rates:
        raise CurrencyUnknown(currency)
    with services.database.write() as session:
        promise = PaymentPromise(
            customer_id=customer_id,
            known_at=now,
            source=f"slack:{wish.link}" if wish.link else f"slack:{actor.slack_id}",
            reference=f"{actor.slack_id}:{now.isoformat()}",
            currency=currency,
            amount=amount.quantize(smallest_unit(currency)),
            promised_on=today,
            due_on=due_on,
            author=actor.slack_id,
            text=wish.text[:LONGEST_TEXT],
            link=wish.link,
        )
        promise_id = chat_evidence.keep(session, promise)
        settle_promises(services, session, [customer_id])
        touched.touch(session, [customer_id], now)
    grace = services.policy.policy.monitor.promises.grace_days
    is_open = banking_days(account.customer.country)
    return PromiseNoted(
        promise_id=promise_id,
        customer_id=customer_id,
        name=account.customer.name,
        amount=promise.amount,
        currency=currency,
        due_on=due_on,
        last_day=last_day(due_on, grace, is_open),
        overdue=account.position.overdue,
        base=services.currency,
    )


def retract_promise(services: Services, actor: Actor, promise_id: int) -> Retracted:
    """Take a promise back: it was a misunderstanding, and is held against nobody."""
    with services.database.write() as session:
        promise = chat_evidence.promise_by_id(session, promise_id)
        gone = promise is None or promise.superseded_at is not None
        check_retract(actor, promise.author if promise else "", gone=gone)
        assert promise is not None  # noqa: S101 - check_retract raised otherwise
        promise.superseded_at = services.now()
        session.add(promise)
        chat_evidence.drop_verdicts(session, _source(promise), services.now())
        settle_promises(services, session, [promise.customer_id])
        touched.touch(session, [promise.customer_id], services.now())
        return Retracted("promise", name_within(session, promise.customer_id))


def judge_due(services: Services) -> int:
    """Judge the promises whose day is over; return how many customers have any."""
    today = services.today()
    with services.database.read() as session:
        waiting = chat_evidence.who_promised(session, before=today)
    if not waiting:
        return 0
    with services.database.write() as session:
        moved = settle_promises(services, session, waiting)
        touched.touch(session, moved, services.now())
    return len(moved)


def settle_promises(
    services: Services, session: Session, customer_ids: Iterable[int]
) -> list[int]:
    """Judge customers' promises by what came in; return whose verdicts changed.

    A verdict is also noted as a fact, which the score counts from its own day on.
    """
    today = services.today()
    whose = chat_evidence.with_promises(session, customer_ids)
    if not whose:
        return []
    promises = chat_evidence.promises_to_judge(session, whose, today - JUDGED_AGAIN)
    if not promises:
        return []
    chat_evidence.drop_verdicts_of_superseded(session, whose, services.now())
    since = min(p.promised_on for p in promises)
    came = chat_evidence.received(session, whose, since)
    countries = chat_evidence.countries_of(session, whose)
    convert = _converter(services, positions.dated_rates(session, today))
    moved = []
    for customer_id in whose:
        own = [p for p in promises if p.customer_id == customer_id]
        verdicts = judge(
            [
                Promise(p.id or 0, p.amount, p.currency, p.promised_on, p.due_on)
                for p in own
            ],
            [Received(r[1], r[2], r[3]) for r in came if r[0] == customer_id],
            today,
            policy=services.policy.policy.monitor.promises,
            is_banking_day=banking_days(countries.get(customer_id)),
            convert=convert,
        )
        if _write(services, session, own, verdicts):
            moved.append(customer_id)
    return moved


def _write(
    services: Services,
    session: Session,
    promises: Sequence[PaymentPromise],
    verdicts: dict[int, Verdict],
) -> bool:
    """Keep what came of promises; return whether anything changed."""
    changed = False
    for promise in promises:
        verdict = verdicts[promise.id or 0]
        told = (promise.state, promise.paid, promise.judged_on)
        if told == (verdict.state, verdict.paid, verdict.judged_on):
            continue
        changed = True
        anew = promise.state != verdict.state or promise.judged_on != verdict.judged_on
        promise.state, promise.paid = verdict.state, verdict.paid
        promise.judged_on = verdict.judged_on
        session.add(promise)
        if anew:
            _note_verdict(services, session, promise)
    session.flush()
    return changed


def _note_verdict(
    services: Services, session: Session, promise: PaymentPromise
) -> None:
    """Note that a promise was kept or broken; one kept in part is noted as both."""
    now = services.now()
    chat_evidence.drop_verdicts(session, _source(promise), now)
    said = {"kept": (KEPT,), "broken": (BROKEN,), "partly": (KEPT, BROKEN)}
    for kind in said.get(promise.state, ()):
        note = Note(
            customer_id=promise.customer_id,
            known_at=now,
            source=_source(promise),
            kind=kind,
            text="",
            author=promise.author,
            link=promise.link,
            noted_on=promise.judged_on or services.today(),
        )
        chat_evidence.keep(session, note)


def _source(promise: PaymentPromise) -> str:
    return f"promise:{promise.id}"


def _checked(services: Services, wish: PromiseWish) -> tuple[Decimal, date]:
    """Return amount and day; raise what is wrong with them."""
    most = services.policy.policy.check.largest_order
    if wish.amount is None or not 0 < wish.amount <= most:
        raise NothingPromised
    if wish.due_on is None:
        raise DayMissing
    if wish.due_on < services.today():
        raise PromiseInThePast(wish.due_on.isoformat())
    if wish.due_on > services.today() + LONGEST_WAIT:
        raise PromiseTooFar(wish.due_on.isoformat())
    return wish.amount, wish.due_on


def _converter(
    services: Services, rates: dict[str, Rate]
) -> Callable[[Decimal, str, str], Decimal | None]:
    """Return what turns an amount from one currency into another, at today's rates."""
    worth = {code: rate.value for code, rate in rates.items()}
    worth[services.currency] = Decimal(1)

    def convert(amount: Decimal, have: str, want: str) -> Decimal | None:
        if have == want:
            return amount
        if have not in worth or worth.get(want, ZERO) <= 0:
            return None
        return amount * worth[have] / worth[want]

    return convert
