"""Finds who or what holds too large a share of all exposure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from sqlmodel import Session

from risk.monitor.columns import Array, Whole
from risk.monitor.concentration import Concentration, concentration
from risk.policy.monitor import RulePolicy
from storage import portfolio, signals
from storage.digests import rates
from storage.portfolio import Cut
from workflows.monitor.moves import Subject
from workflows.monitor.signals import Found, Key, money
from workflows.services import Services

PORTFOLIO = "portfolio"

Given = Mapping[str, float]
Owed = tuple[Whole, Array]
"""Customers, and the exposure of each."""


def concentrated(
    services: Services,
    session: Session,
    rules: Mapping[str, RulePolicy],
    owed: Sequence[Owed] | None = None,
) -> tuple[dict[Key, Found], dict[str, Subject]]:
    """Return what rules of concentration find, and whom it is about, by key.

    `owed` are the exposures of all customers by id, piece by piece, where known.
    """
    wanted = {n: r for n, r in rules.items() if r.signal.startswith("concentration")}
    found: dict[Key, Found] = {}
    subjects: dict[str, Subject] = {}
    if not wanted:
        return found, subjects
    ids, exposure = _joined(owed) if owed else _exposure(services, session)
    industry, region, group = portfolio.places(session, ids)
    cuts = {
        "customer": Cut(ids.tolist(), np.arange(len(ids))),
        "group": group,
        "industry": industry,
        "region": region,
    }
    for name, rule in wanted.items():
        kind = rule.signal.removeprefix("concentration_")
        cut = cuts.get(kind, cuts["customer"])
        held = concentration(exposure, cut.part, len(cut.keys))
        if kind == "hhi":
            found |= _by_index(name, held, rule.parameters)
            continue
        for place in _large(held, rule.parameters):
            told = _subject(session, kind, cut.keys[place], held.exposure[place])
            subjects[told.key] = told
            found[name, told.key] = _held(held, place, rule.parameters, told)
    return found, subjects


def _joined(owed: Sequence[Owed]) -> Owed:
    """Return everybody with exposure, of pieces by ascending id."""
    ids = np.concatenate([piece for piece, _ in owed])
    exposure = np.concatenate([amount for _, amount in owed])
    return ids[exposure > 0], exposure[exposure > 0]


def _exposure(services: Services, session: Session) -> Owed:
    day, base = services.today(), services.currency
    rate = {n: float(r) for n, r in rates(session, day).items()} | {base: 1.0}
    horizon = services.policy.policy.check.horizon_days
    return portfolio.exposures(session, rate, day, horizon)


def _by_index(name: str, held: Concentration, given: Given) -> dict[Key, Found]:
    """Return that the portfolio as a whole is concentrated."""
    if not held.hhi >= given["hhi"]:
        return {}
    strength = held.hhi / max(given["hhi"], 1.0)
    largest = float(np.nanmax(held.share))
    told = {"hhi": round(held.hhi, 1), "share": round(largest, 4)}
    return {(name, PORTFOLIO): Found(None, max(strength, 1.0), told)}


def _large(held: Concentration, given: Given) -> Iterator[int]:
    """Yield the parts whose share is too large, where all else asks for it."""
    if not held.hhi >= given.get("hhi", 0.0):
        return
    large = held.share >= given["share"]
    large &= held.exposure >= given.get("exposure", 0.0)
    yield from np.flatnonzero(large).tolist()


def _held(held: Concentration, place: int, given: Given, whose: Subject) -> Found:
    part = float(held.share[place])
    strength = part / given["share"] if given["share"] > 0 else 1.0
    told = {
        "share": round(part, 4),
        "exposure": round(float(held.exposure[place]), 2),
        "hhi": round(held.hhi, 1),
    }
    return Found(whose.customer_id, max(strength, 1.0), told)


def _subject(session: Session, kind: str, key: Any, exposure: float) -> Subject:
    """Return what one part of a cut is called, and what it owes."""
    owed = money(float(exposure))
    if kind == "customer":
        _, number, name, owner, region = signals.about(session, [key])[key]
        whose = f"{signals.CUSTOMER}{key}"
        return Subject(whose, key, number, name, owner, region, exposure=owed)
    name = str(key)
    if kind == "group":
        name = portfolio.group_names(session, [key]).get(key, name)
    region = name if kind == "region" else None
    return Subject(f"{kind}:{key}", None, "", name, region=region, exposure=owed)
