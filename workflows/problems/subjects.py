"""Whom stored problems are about, as routing and digests need to know it."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from storage import alerts
from storage.tables import Problem
from workflows.monitor.moves import Subject


def subjects_of(session: Session, found: Sequence[Problem]) -> Mapping[str, Subject]:
    """Return the subjects of problems, by key; class and exposure as they are kept."""
    whose = {p.customer_id for p in found if p.customer_id is not None}
    known = alerts.customers_of(session, whose)
    groups = alerts.group_names(session, _groups(found))
    return {p.subject: _subject(p, known, groups) for p in found}


def _groups(found: Sequence[Problem]) -> set[int]:
    parts = (problem.subject.partition(":") for problem in found)
    return {int(name) for kind, _, name in parts if kind == "group" and name.isdigit()}


def _subject(
    problem: Problem,
    known: Mapping[int, tuple[str, str, str | None, str | None]],
    groups: Mapping[int, str],
) -> Subject:
    kind, _, name = problem.subject.partition(":")
    if kind == "group" and name.isdigit():
        name = groups.get(int(name), name)
    number, owner, region = "", None, name if kind == "region" else None
    if problem.customer_id is not None and problem.customer_id in known:
        number, name, owner, region = known[problem.customer_id]
    return Subject(
        key=problem.subject,
        customer_id=problem.customer_id,
        number=number,
        name=name or kind,
        owner=owner,
        region=region,
        risk_class=problem.risk_class,
        exposure=problem.exposure,
    )
