"""Finds the customer that is meant, as people type it; and who may ask at all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from risk.errors import N_, UserError
from storage import customers, names
from templates.messages.lookup import Candidate, Choices
from workflows.services import Actor, Services

CLEAR = ((0.9, 0.04), (0.8, 0.1))
"""A match is clear from this likeness on, when the next is this much behind it."""

LIKELY = 0.6
MOST_CHOICES, LONGEST_QUERY = 8, 300

_QUESTION = re.compile(
    r"^\s*(?:<@\w+>|hi|hello|hey|please|can you|could you|tell me|show me|look up|"
    r"what do we know|how (?:is|are|does|do)|what(?:'s| is)? ?about|what(?:'s| is)|"
    r"who is|is|are|does|do|check on|about|risk of|请问|帮我|查一下|查查|查询|"
    r"看看|看一下|关于|你好)[\s,:，：]*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s,，]*(?:ok(?:ay)?|fine|safe|good|doing|paying|pay|on time|reliable|"
    r"credit ?worthy|怎么样|怎样|如何|好吗|行吗|可靠吗|安全吗|的?付款情况|的?情况|"
    r"的?信用|的?风险|付款|吗|呢|now|today|these days|lately)?[\s?？!！.。]*$",
    re.IGNORECASE,
)


@dataclass(eq=False)
class NothingTyped(UserError):
    """A look-up without a name."""

    message = N_("Type a customer's name or number, for example “/risk Acme”.")


@dataclass(eq=False)
class NobodyLike(UserError):
    """No customer's name is like what was typed."""

    query: str
    message = N_(
        "No customer is called anything like “%(query)s”. Try part of the name or the"
        " customer number; if it is new, import it first (drop a file into our direct"
        " messages)."
    )


@dataclass(eq=False)
class OursOnly(UserError):
    """A guest, or somebody of another company, asks about a customer."""

    message = N_(
        "What customers owe is for our own people. Ask whoever invited you to look it"
        " up for you."
    )


def let_in(actor: Actor) -> None:
    """Raise `OursOnly` if what customers owe is not for this person."""
    if actor.guest:
        raise OursOnly


def plain_name(text: str) -> str:
    """Return the customer's name in a question such as “is Acme ok?”."""
    before, name = "", text
    while before != name:
        before = name
        name = _QUESTION.sub("", name, count=1)
    shorter = _TAIL.sub("", name, count=1)
    while shorter != name:
        name = shorter
        shorter = _TAIL.sub("", name, count=1)
    return name.strip(" \t\n,，:：\"'“”")


def find_customer(services: Services, actor: Actor, query: str) -> int | Choices:
    """Return the id of the customer meant, or the customers that may be.

    Raises:
        OursOnly: a guest asks.
        NothingTyped, NobodyLike: as `who_is`.

    """
    let_in(actor)
    with services.database.read() as session:
        return who_is(session, query)


def find_among(
    services: Services, actor: Actor, called: Sequence[str]
) -> int | Choices:
    """Return the customer that one of these names means, the first clear one.

    Where none is clear, what the first that is like anybody may mean.

    Raises:
        OursOnly: a guest asks.
        NothingTyped, NobodyLike: as `who_is`, of the last name.

    """
    let_in(actor)
    unclear: list[Choices] = []
    with services.database.read() as session:
        for place, name in enumerate(called, start=1):
            try:
                found = who_is(session, name)
            except NobodyLike:
                if place == len(called) and not unclear:
                    raise
                continue
            if isinstance(found, int):
                return found
            unclear.append(found)
    if not unclear:
        raise NothingTyped
    return next((choices for choices in unclear if choices.sure), unclear[-1])


def who_is_called(session: Session, query: str) -> int | None:
    """Return the id of the one customer of this very number or name, if any."""
    exact = names.find_exact(session, _printable(query[:LONGEST_QUERY]))
    return exact[0][0] if len(exact) == 1 else None


def who_is(session: Session, query: str) -> int | Choices:
    """Return the id of the customer meant, or the customers that may be.

    Raises:
        NothingTyped: the query is empty.
        NobodyLike: nobody's name is like it.

    """
    typed = _printable(query[:LONGEST_QUERY])
    if not typed:
        raise NothingTyped
    exact = names.find_exact(session, typed)
    if len(exact) == 1:
        return exact[0][0]
    found = names.find(session, typed, MOST_CHOICES)
    if not exact and _is_clear(found):
        return found[0].customer_id
    ids = [id_ for id_, _ in exact[:MOST_CHOICES]] or [
        match.customer_id for match in found if match.score >= LIKELY / 2
    ]
    if not ids:
        raise NobodyLike(typed)
    sure = bool(exact) or found[0].score >= LIKELY
    called = {} if exact else {match.customer_id: match.name for match in found}
    return Choices(typed, sure, _candidates(session, ids, called))


@dataclass(frozen=True, slots=True)
class Found:
    """A customer that was found, and how alike its name is: 1 is the very same."""

    number: str
    name: str
    score: float


def search(services: Services, query: str, most: int) -> list[Found]:
    """Return up to `most` customers by how alike they are called, best first."""
    typed = _printable(query[:LONGEST_QUERY])
    if not typed:
        return []
    with services.database.read() as session:
        exact = [id_ for id_, _ in names.find_exact(session, typed)[:most]]
        called = {row[0]: row for row in customers.tell_apart(session, exact)}
        alike = names.find(session, typed, most)
    same = [Found(called[id_][1], called[id_][2], 1.0) for id_ in exact]
    others = [
        Found(match.number, match.name, match.score)
        for match in alike
        if match.customer_id not in called
    ]
    return (same + others)[:most]


def _printable(text: str) -> str:
    """Return `text` without what no name holds, and no database takes: NUL and such."""
    return "".join(c if c.isprintable() else " " for c in text).strip()


def _is_clear(found: list[names.Match]) -> bool:
    if not found:
        return False
    best, next_best = found[0].score, found[1].score if len(found) > 1 else 0.0
    return any(best >= score and best - next_best >= lead for score, lead in CLEAR)


def _candidates(
    session: Session, ids: list[int], called: Mapping[int, str]
) -> list[Candidate]:
    """Return what tells customers apart; `called` are the names by which they fit."""
    rows = {row[0]: row for row in customers.tell_apart(session, ids)}
    return [
        Candidate(
            customer_id=id_,
            number=rows[id_][1],
            name=rows[id_][2],
            called="" if called.get(id_) == rows[id_][2] else called.get(id_, ""),
            about=" · ".join(str(part) for part in rows[id_][3:] if part),
        )
        for id_ in ids
        if id_ in rows
    ]


def find_options(services: Services, actor: Actor, typed: str) -> list[tuple[str, str]]:
    """Return (number, label) of the customers called like what was typed."""
    let_in(actor)
    found = search(services, typed, MOST_CHOICES)
    return [(one.number, f"{one.name} · {one.number}") for one in found]
