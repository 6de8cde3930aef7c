"""What notes and promises from chat share: whose, by whom, and how they are taken back.

Everybody of ours may note something; taking it back is for its author, and for those
whose work is to judge it.
"""

from dataclasses import dataclass, fields

from sqlmodel import Session

from risk.errors import N_, UserError
from storage import chat_evidence, customers
from templates.messages.chat_evidence import (
    EvidenceList,
    EvidenceWindow,
    NoteLine,
    PromiseLine,
)
from workflows.finding import let_in
from workflows.gone import CustomerGone
from workflows.services import Actor, Services

LONGEST_TEXT = 2000
SHOWN = 8
JUDGES = frozenset({"analyst", "approver", "lead", "admin"})


@dataclass(eq=False)
class NotYoursToRetract(UserError):
    """Somebody takes back what another person noted."""

    who: str
    message = N_("%(who)s noted this; they or an analyst can take it back.")


@dataclass(eq=False)
class TakenBack(UserError):
    """A note or promise that was taken back already."""

    message = N_("This was taken back already.")


@dataclass(eq=False)
class WordsNeeded(UserError):
    """A note without words."""

    message = N_("Say what happened, in a few words.")


def evidence_of(services: Services, actor: Actor, customer_id: int) -> EvidenceList:
    """Return what people noted of a customer, and what it promised, newest first."""
    let_in(actor)
    with services.database.read() as session:
        name = name_within(session, customer_id)
        notes = chat_evidence.notes_of(session, customer_id, SHOWN)
        promises = chat_evidence.promises_of(session, customer_id, SHOWN)
        return EvidenceList(
            customer_id=customer_id,
            name=name,
            notes=[
                NoteLine(
                    note_id=n.id or 0,
                    kind=n.kind,
                    text=n.text,
                    author=n.author,
                    link=n.link,
                    noted_on=n.noted_on,
                    weight=n.weight,
                    half_life_days=n.half_life_days,
                    mine=may_retract(actor, n.author),
                )
                for n in notes
            ],
            promises=[
                PromiseLine(
                    promise_id=p.id or 0,
                    amount=p.amount,
                    currency=p.currency,
                    due_on=p.due_on,
                    promised_on=p.promised_on,
                    state=p.state,
                    paid=p.paid,
                    author=p.author,
                    link=p.link,
                    mine=may_retract(actor, p.author),
                )
                for p in promises
            ],
        )


def may_retract(actor: Actor, author: str) -> bool:
    """Return whether a person may take back what `author` noted."""
    return actor.slack_id == author or bool(actor.roles & JUDGES)


def check_retract(actor: Actor, author: str, *, gone: bool) -> None:
    """Raise what keeps a person from taking a fact back."""
    let_in(actor)
    if gone:
        raise TakenBack
    if not may_retract(actor, author):
        raise NotYoursToRetract(f"<@{author}>")


def name_within(session: Session, customer_id: int) -> str:
    """Return a customer's name; raise CustomerGone if there is no such customer."""
    found = customers.customer_and_group(session, customer_id)
    if found is None:
        raise CustomerGone
    return found[0].name


def as_window(found: EvidenceList) -> EvidenceWindow:
    """Return the list as a window over another."""
    return EvidenceWindow(**{f.name: getattr(found, f.name) for f in fields(found)})
