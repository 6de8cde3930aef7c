"""The forms that buttons of a problem's card open, for those who may send them."""

from datetime import timedelta

from sqlmodel import Session

from risk.ledger import ZERO
from storage import problem_acts, problems
from storage.tables import Problem
from templates.messages.problems import (
    AssignForm,
    HandForm,
    Hidden,
    LabelForm,
    SnoozeForm,
)
from workflows.problems.acts import HandedAlready
from workflows.problems.drawing import sketch
from workflows.problems.turn import found, may_act
from workflows.services import Actor, Services

LOOK_BACK = 90
"""Days for which a snooze's preview counts what it would have hidden."""


def assign_form(
    services: Services, actor: Actor, problem_id: int, version: int
) -> AssignForm:
    """Return the form in which a problem is given to somebody."""
    with services.database.read() as session:
        problem = _seen(session, actor, problem_id, version)
        head = sketch(services, session, [problem]).head(problem)
    return AssignForm(head, services.currency, problem.assignee)


def hand_form(
    services: Services, actor: Actor, problem_id: int, version: int
) -> HandForm:
    """Return the form in which a problem is put before the credit team."""
    with services.database.read() as session:
        problem = _seen(session, actor, problem_id, version)
        if problem.handed_at:
            raise HandedAlready
        head = sketch(services, session, [problem]).head(problem)
    role = services.policy.policy.approval.role_for(problem.exposure or ZERO)
    return HandForm(head, services.currency, role)


def snooze_form(
    services: Services, actor: Actor, problem_id: int, version: int
) -> SnoozeForm:
    """Return the form of a snooze, with what each rule said in the last 90 days."""
    with services.database.read() as session:
        problem = _seen(session, actor, problem_id, version)
        rules = hidden(services, session, problem)
        head = sketch(services, session, [problem]).head(problem)
    return SnoozeForm(head, services.currency, rules, LOOK_BACK)


def label_form(
    services: Services, actor: Actor, which: tuple[int, int], label: str
) -> LabelForm:
    """Return the form in which an alert is said to be known already, or wrong."""
    with services.database.read() as session:
        problem = _seen(session, actor, *which)
        rules = hidden(services, session, problem)
        head = sketch(services, session, [problem]).head(problem)
    return LabelForm(head, services.currency, label, rules)


def hidden(services: Services, session: Session, problem: Problem) -> list[Hidden]:
    """Return the rules behind a problem, and how often each fired lately."""
    drawn = sketch(services, session, [problem])
    holding = drawn.holding.get(problem.id or 0, ())
    rules = list(dict.fromkeys(signal.rule for signal in holding))
    since = services.today() - timedelta(days=LOOK_BACK)
    times = problem_acts.fired_since(session, problem.subject, rules, since)
    quiet = problem_acts.snoozes_at(session, [problem.subject], services.now())
    result = []
    for rule in rules:
        told, snoozed = (
            drawn.finding({"rule": rule}),
            quiet.get((problem.subject, rule)),
        )
        until = snoozed.until if snoozed else None
        fired = times.get(rule, 0)
        result.append(Hidden(told.rule, told.title, told.signal, fired, until))
    return result


def _seen(session: Session, actor: Actor, problem_id: int, version: int) -> Problem:
    """Return a problem as somebody who may act on it saw it."""
    problem = found(problems.by_id(session, problem_id))
    may_act(session, actor, problem, version)
    return problem
