"""Compares what fires with the signals that are on; keeps and hands on what moved."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

import numpy as np
from sqlmodel import Session

from risk.monitor.columns import Array
from risk.monitor.fired import Fired
from risk.policy.monitor import RulePolicy
from risk.policy.signals import PORTFOLIO_SIGNALS
from storage import signals
from storage.as_of import Who
from storage.signals import On
from storage.tables import Signal
from workflows.monitor.look import Looked, letters
from workflows.monitor.moves import Move, Subject
from workflows.services import Services

ROUND = 4
"""Digits after the point that evidence is kept with."""

CENT = Decimal("0.01")

Key = tuple[str, str]
"""Rule and subject."""


@dataclass(frozen=True, slots=True)
class Found:
    """How strongly a rule fires for a subject, and on which figures."""

    customer_id: int | None
    strength: float
    evidence: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """As of when, and under which rules, signals are compared."""

    day: date
    moment: datetime
    rules: Mapping[str, RulePolicy]
    portfolio: bool = False
    """Whether rules of all customers together are compared, or those of each."""


class Firing:
    """What fires now for customers; a finding is made when it is asked for."""

    def __init__(self, fired: Iterable[Fired], ids: np.ndarray) -> None:
        """Take what fired for the customers `ids`."""
        self._fired = {one.rule: one for one in fired}
        self._ids = ids
        self._places: dict[Key, int] = {
            (rule, f"{signals.CUSTOMER}{id_}"): n
            for rule, one in self._fired.items()
            for n, id_ in enumerate(ids[one.rows].tolist())
        }

    def __len__(self) -> int:
        """Return how many signals these are."""
        return len(self._places)

    def __iter__(self) -> Iterator[Key]:
        """Yield each rule and subject."""
        return iter(self._places)

    def strength(self, key: Key) -> float | None:
        """Return how strongly it fires; None where it does not."""
        place = self._places.get(key)
        return None if place is None else float(self._fired[key[0]].strength[place])

    def found(self, key: Key) -> Found:
        """Return what was found."""
        one, place = self._fired[key[0]], self._places[key]
        customer = int(self._ids[one.rows[place]])
        told = evidence(one.evidence, place)
        return Found(customer, float(one.strength[place]), told)


class FiringElsewhere:
    """What fires now for what is no customer."""

    def __init__(self, found: Mapping[Key, Found]) -> None:
        """Take what was found."""
        self._found = found

    def __iter__(self) -> Iterator[Key]:
        """Yield each rule and subject."""
        return iter(self._found)

    def strength(self, key: Key) -> float | None:
        """Return how strongly it fires; None where it does not."""
        return self._found[key].strength if key in self._found else None

    def found(self, key: Key) -> Found:
        """Return what was found."""
        return self._found[key]


def evidence(facts: Mapping[str, Array], place: int) -> dict[str, float]:
    """Return the figures of one row; what is not known, or has no end, is left out."""
    told = {name: float(column[place]) for name, column in facts.items()}
    return {name: round(v, ROUND) for name, v in told.items() if isfinite(v)}


def compare(
    services: Services,
    session: Session,
    frame: Frame,
    firing: Firing | FiringElsewhere,
    on: Iterable[On],
) -> list[Move]:
    """Keep what began, grew or is over; return the moves, the ends first."""
    monitor = services.policy.policy.monitor
    ended, grown, weaker, standing = [], [], [], set()
    for one in on:
        key = (one.rule, one.subject)
        strength, rule = firing.strength(key), frame.rules.get(one.rule)
        if rule is not None and (rule.signal in PORTFOLIO_SIGNALS) != frame.portfolio:
            continue
        if strength is None or rule is None or one.shadow != (rule.mode == "shadow"):
            ended.append(one.id)
            continue
        standing.add(key)
        if strength >= one.strength * (1 + monitor.stronger_by):
            grown.append(one.id)
        elif strength * (1 + monitor.stronger_by) <= one.strength:
            weaker.append(one.id)
    rows = signals.by_ids(session, [*ended, *grown, *weaker])
    for id_ in ended:
        rows[id_].state, rows[id_].over_at = "over", frame.moment
    for id_ in [*grown, *weaker]:
        _anew(rows[id_], firing.found((rows[id_].rule, rows[id_].subject)), frame)
    session.flush()
    fresh = [
        _row(services, key, firing.found(key), frame)
        for key in firing
        if key not in standing and key[0] in frame.rules
    ]
    begun = signals.begin(session, fresh)
    return [
        *(_move("over", rows[id_], frame) for id_ in ended),
        *(_move("stronger", rows[id_], frame) for id_ in grown),
        *(_move("began", row, frame) for row in begun),
    ]


def _move(kind: str, row: Signal, frame: Frame) -> Move:
    rule = frame.rules.get(row.rule)
    return Move(kind, row, rule is not None and rule.interrupts)  # type: ignore[arg-type] # one of the three


def _anew(row: Signal, found: Found, frame: Frame) -> None:
    row.strength, row.evidence = found.strength, dict(found.evidence)
    row.seen_on = frame.day


def _row(services: Services, key: Key, found: Found, frame: Frame) -> dict[str, Any]:
    rule = frame.rules[key[0]]
    return {
        "subject": key[1],
        "customer_id": found.customer_id,
        "rule": key[0],
        "cause": rule.cause,
        "severity": rule.severity,
        "state": "on",
        "shadow": rule.mode == "shadow",
        "strength": found.strength,
        "evidence": dict(found.evidence),
        "began_on": frame.day,
        "seen_on": frame.day,
        "known_at": frame.moment,
        "policy_version": services.policy.version,
    }


def keep_signals(
    services: Services, session: Session, found: Looked, mine: np.ndarray
) -> tuple[list[Move], int]:
    """Keep what fired for the customers that are `mine`; return moves, and how many on.

    Whoever is not `mine` is left as they are.
    """
    who = found.who if mine.all() else Who(ids=found.ids[mine].tolist())
    firing = Firing(_only(found.fired, mine), found.ids)
    signals.still_on(session, who, found.day)
    frame = Frame(found.day, found.moment, found.rules)
    on = signals.on_of(session, who)
    return compare(services, session, frame, firing, on), len(firing)


def _only(fired: Sequence[Fired], mine: np.ndarray) -> Iterator[Fired]:
    """Yield what fired at the rows that are `mine`."""
    for one in fired:
        some = mine[one.rows]
        told = {name: values[some] for name, values in one.evidence.items()}
        yield Fired(one.rule, one.rows[some], one.strength[some], told)


def subjects_of(
    session: Session, found: Looked, moves: Sequence[Move]
) -> dict[str, Subject]:
    """Return whom the moves are about, by their key."""
    whose = {m.signal.customer_id for m in moves if m.signal.customer_id is not None}
    known = signals.about(session, whose)
    classes = letters(found.in_force)
    subjects = {}
    for customer_id, (_, number, name, owner, region) in known.items():
        place = int(np.searchsorted(found.ids, customer_id))
        key = f"{signals.CUSTOMER}{customer_id}"
        subjects[key] = Subject(
            key=key,
            customer_id=customer_id,
            number=number,
            name=name,
            owner=owner,
            region=region,
            risk_class=classes[place],
            exposure=money(found.facts["exposure"][place]),
            overdue=money(found.facts["overdue"][place]),
        )
    return subjects


def money(value: float) -> Decimal | None:
    """Return an amount to the cent; None where it is not known."""
    known = isfinite(value)
    return Decimal(repr(float(value))).quantize(CENT) if known else None
