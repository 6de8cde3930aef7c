"""Whom words from chat are about: by a name in them, or “they”, the last looked at."""

import re
from dataclasses import dataclass

from sqlmodel import Session

from risk.errors import N_, UserError
from storage import chat_evidence, customers
from templates.messages.lookup import Choices
from workflows.finding import find_customer, let_in
from workflows.services import Actor, Services

MOST_NAMES = 5
"""Names looked for in one message: whoever opens a form waits for it."""

_CAPITALS = re.compile(r"[A-Z0-9][\w.'’-]*(?:\s+(?:&|and|of|de|[A-Z0-9][\w.'’-]*))*")
_CHINESE = re.compile(r"[\u3400-\u9fff（）()·]{2,30}")
_VERBS = re.compile(
    r"[，。；、,.;:：!！?？\s]|的|说|要求|要|想|请|已经|已|了|正在|在|今天|昨天|答应|承诺|这家|公司的"
)
_SENTENCE_STARTS = frozenset(
    {"their", "they", "the", "a", "an", "this", "that", "we", "i", "he", "she", "it"}
    | {"our", "his", "her", "my", "your", "is", "are", "was", "has", "no", "not", "hi"}
)


@dataclass(eq=False)
class NobodyMeant(UserError):
    """“They”, and nobody was looked at before."""

    message = N_("Whom do you mean? Name the customer, or look one up first.")


def meant(services: Services, actor: Actor, query: str) -> int | Choices:
    """Return the customer called so, or whom “they” means: the last one looked at.

    Raises:
        NobodyMeant: nobody was named or looked at.
        OursOnly, NobodyLike: as for a look-up.

    """
    let_in(actor)
    if query:
        return find_customer(services, actor, query)
    with services.database.read() as session:
        last = chat_evidence.last_viewed(session, actor.slack_id)
    if last is None:
        raise NobodyMeant
    return last


def probable(
    services: Services, actor: Actor, text: str, *, named: bool
) -> tuple[str, str] | None:
    """Return number and label of the customer that words are about, if that is clear.

    `named` says that `text` is a name; else names are looked for in it, and without one
    it is the customer that the person looked at last.
    """
    for name in [text] if named else names_in(text):
        found = _clearly(services, actor, name)
        if found is not None:
            break
    else:
        found = None if named else _clearly(services, actor, "")
    if found is None:
        return None
    with services.database.read() as session:
        return _label(session, found)


def names_in(text: str) -> list[str]:
    """Return what may be names of companies in a message, the longest first, few."""
    found = [
        run.strip(" ,.;:&-")
        for run in _CAPITALS.findall(text)
        if run.split()[0].casefold() not in _SENTENCE_STARTS or " " in run.strip()
    ]
    found += [part for part in _VERBS.split(text) if _CHINESE.fullmatch(part.strip())]
    distinct = dict.fromkeys(name.strip() for name in found if name.strip())
    return sorted(distinct, key=len, reverse=True)[:MOST_NAMES]


def _clearly(services: Services, actor: Actor, name: str) -> int | None:
    """Return the customer surely called so; with an empty name, the last looked at."""
    try:
        found = meant(services, actor, name)
    except UserError:
        return None
    return found if isinstance(found, int) else None


def _label(session: Session, customer_id: int) -> tuple[str, str] | None:
    rows = customers.tell_apart(session, [customer_id])
    return (rows[0][1], f"{rows[0][2]} · {rows[0][1]}") if rows else None
