"""Notes: words from chat as evidence on a customer, with a weight that fades."""

import json
from dataclasses import dataclass
from typing import Any

from risk.errors import N_, UserError
from risk.policy.promises import NoteKind
from storage import chat_evidence, touched
from storage.tables import Note
from templates.messages.chat_evidence import (
    EvidenceChoices,
    NoteForm,
    NoteKept,
    Retracted,
)
from templates.messages.lookup import Choices
from workflows.chat_evidence import (
    LONGEST_TEXT,
    WordsNeeded,
    check_retract,
    name_within,
)
from workflows.finding import let_in
from workflows.services import Actor, Services
from workflows.whom import meant, probable

PLAIN = "note"
"""The kind of evidence that weighs nothing until somebody says so."""

GRAVE, LONGEST_LIFE = 10, 3650


@dataclass(eq=False)
class WeightWrong(UserError):
    """A weight beyond the scale."""

    most: int = GRAVE
    message = N_("The weight is 0 (worth knowing) to %(most)s (a grave warning).")


@dataclass(eq=False)
class HalfLifeWrong(UserError):
    """A half-life of nothing, or of for ever."""

    most: int = LONGEST_LIFE
    message = N_("The half-life is 1 to %(most)s days.")


@dataclass(frozen=True, slots=True)
class NoteWish:
    """A note as it was typed; what is None follows from its kind."""

    text: str
    kind: str = ""
    weight: int | None = None
    half_life_days: int | None = None
    link: str | None = None


def note_form(
    services: Services, actor: Actor, text: str, link: str | None, query: str = ""
) -> NoteForm:
    """Return the form in which `text` becomes evidence on a customer."""
    let_in(actor)
    kind = kind_of(services, text)
    rule = kinds(services)[kind]
    return NoteForm(
        metadata=json.dumps({"link": link or ""}),
        customer=probable(services, actor, query or text, named=bool(query)),
        kinds={name: k.weight for name, k in kinds(services).items()},
        kind=kind,
        weight=rule.weight,
        half_life_days=rule.half_life_days,
        text=text[:LONGEST_TEXT],
    )


def note_named(
    services: Services, actor: Actor, query: str, wish: NoteWish
) -> NoteKept | EvidenceChoices:
    """Keep a note on the customer called so; or return the customers that may be."""
    found = meant(services, actor, query)
    if isinstance(found, Choices):
        return EvidenceChoices(
            "note", found.query, found.sure, found.candidates, wish.text[:1500]
        )
    return keep_note(services, actor, found, wish)


def keep_note(
    services: Services, actor: Actor, customer_id: int, wish: NoteWish
) -> NoteKept:
    """Keep a note as evidence, so that the next sweep weighs it.

    Raises:
        OursOnly, CustomerGone: as for a look-up.
        WordsNeeded, WeightWrong, HalfLifeWrong: what is wrong with it.

    """
    let_in(actor)
    text = wish.text.replace("\x00", " ").strip()[:LONGEST_TEXT]
    if not text:
        raise WordsNeeded
    named = wish.kind in kinds(services)
    kind = wish.kind if named else kind_of(services, text)
    rule = kinds(services)[kind]
    weight = rule.weight if wish.weight is None else wish.weight
    life = rule.half_life_days if wish.half_life_days is None else wish.half_life_days
    if not 0 <= weight <= GRAVE:
        raise WeightWrong
    if not 1 <= life <= LONGEST_LIFE:
        raise HalfLifeWrong
    now = services.now()
    with services.database.write() as session:
        name = name_within(session, customer_id)
        note = Note(
            customer_id=customer_id,
            known_at=now,
            source=f"slack:{wish.link}" if wish.link else f"slack:{actor.slack_id}",
            kind=kind,
            text=text,
            author=actor.slack_id,
            link=wish.link,
            noted_on=services.today(),
            weight=weight,
            half_life_days=life,
        )
        note_id = chat_evidence.keep(session, note)
        touched.touch(session, [customer_id], now)
    return NoteKept(note_id, customer_id, name, kind, text, weight, life)


def retract_note(services: Services, actor: Actor, note_id: int) -> Retracted:
    """Take a note back: it counts no more, and stays in the books as taken back."""
    with services.database.write() as session:
        note = chat_evidence.note_by_id(session, note_id)
        gone = note is None or note.superseded_at is not None
        check_retract(actor, note.author if note else "", gone=gone)
        assert note is not None  # noqa: S101 - check_retract raised otherwise
        note.superseded_at = services.now()
        session.add(note)
        touched.touch(session, [note.customer_id], services.now())
        return Retracted("note", name_within(session, note.customer_id))


def kinds(services: Services) -> dict[str, NoteKind]:
    """Return the kinds of evidence: the policy's, and one that weighs nothing."""
    return {
        **services.policy.policy.monitor.notes.kinds,
        PLAIN: NoteKind(weight=0),
    }


def kind_of(services: Services, text: str) -> str:
    """Return the gravest kind of evidence whose words `text` has."""
    said = text.casefold()
    found = [
        (rule.weight, kind)
        for kind, rule in kinds(services).items()
        if any(word.casefold() in said for word in rule.words)
    ]
    return max(found)[1] if found else PLAIN


def link_of(metadata: str) -> str | None:
    """Return the link that a form carries."""
    kept: dict[str, Any] = json.loads(metadata or "{}")
    return str(kept.get("link") or "") or None
