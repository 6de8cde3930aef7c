"""Snoozes: a rule is not heard of for a customer, for a time, and then again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from risk.errors import N_, UserError
from storage import problem_acts, problems
from storage.tables import Problem, Snooze
from templates.messages.problems import ProblemDone
from workflows.alerts.routing import place
from workflows.problems import cards
from workflows.problems.acts import LONGEST_WORDS, as_found, chosen
from workflows.problems.feed import Placer
from workflows.problems.kinds import Fresh
from workflows.problems.life import Book
from workflows.problems.subjects import subjects_of
from workflows.problems.turn import turn_at
from workflows.services import Actor, Services

LONGEST_DAYS = 90
AT_ONCE = 50


@dataclass(eq=False)
class SnoozeReasonMissing(UserError):
    """A snooze without a reason."""

    message = N_("Say why it need not be heard of; the others read it on the card.")


@dataclass(eq=False)
class SnoozeTooLong(UserError):
    """A snooze of no time, or of too long."""

    most: int
    message = N_("A snooze lasts from 1 to %(most)s days.")


@dataclass(frozen=True, slots=True)
class Quiet:
    """What is not to be heard of: which of the rules, for how many days, why."""

    rules: tuple[int, ...]
    days: int
    why: str


def snooze(
    services: Services, actor: Actor, which: tuple[int, int], quiet: Quiet
) -> ProblemDone:
    """Let rules not be heard of for the subject; the card says until when, and why.

    Raises:
        NoRuleChosen, SnoozeReasonMissing, SnoozeTooLong: the form is not complete.

    """
    why = quiet.why.strip()[:LONGEST_WORDS]
    if not why:
        raise SnoozeReasonMissing
    if not 1 <= quiet.days <= LONGEST_DAYS:
        raise SnoozeTooLong(LONGEST_DAYS)
    now, until = services.now(), services.now() + timedelta(days=quiet.days)
    with turn_at(services, actor, *which) as turn:
        problem = turn.problem
        rules = chosen(turn.rules, quiet.rules)
        rows = [
            Snooze(
                subject=problem.subject,
                customer_id=problem.customer_id,
                rule=rule,
                problem_id=problem.id,
                until=until,
                reason=why,
                by=actor.slack_id,
                at=now,
            )
            for rule in rules
        ]
        problem_acts.snooze(turn.session, rows)
        standing = problem_acts.snoozes_at(turn.session, [problem.subject], now)
        turn.book.snooze_if_all_are(problem, turn.holding, standing)
        data = {"until": until.isoformat(), "findings": as_found(rules)}
        turn.book.enter(problem, "snoozed", actor=actor.slack_id, text=why, data=data)
        return ProblemDone("snoozed", turn.head(), until=until)


def end_snooze(
    services: Services, actor: Actor, problem_id: int, version: int
) -> ProblemDone:
    """Let all rules of a problem be heard of again before their time is over."""
    with turn_at(services, actor, problem_id, version) as turn:
        problem_acts.end_snoozes(
            turn.session, turn.problem.subject, turn.rules, services.now()
        )
        turn.problem.snoozed_until = None
        turn.book.enter(turn.problem, "woken", actor=actor.slack_id)
        return ProblemDone("woken", turn.head())


def wake_snoozed(services: Services, tell: Placer = place) -> int:
    """Bring back what still holds when its snooze is over; return how many came back.

    Safe to call at any time, in any number of replicas.
    """
    now, woken = services.now(), 0
    with services.database.write() as session:
        over = problem_acts.run_out(session, now, AT_ONCE)
        for one in over:
            one.ended_at = now
            session.add(one)
        session.flush()
        for subject in sorted({one.subject for one in over}):
            rules = {one.rule for one in over if one.subject == subject}
            woken += _wake(services, session, subject, rules, tell)
    if over:
        services.wake_delivery()
    return woken


def _wake(
    services: Services,
    session: Session,
    subject: str,
    rules: Collection[str],
    tell: Placer,
) -> int:
    """Bring back the problems of a subject that nothing keeps quiet any more.

    The cards of others say of which of `rules` the snooze is over.
    """
    book = Book(services, session)
    standing = problem_acts.snoozes_at(session, [subject], services.now())
    found = problems.open_at(session, [subject])
    holding = problems.signals_on(session, [problem.id or 0 for problem in found])
    fresh: list[Fresh] = []
    for problem in found:
        held = [signal.rule for signal in holding[problem.id or 0]]
        over = sorted(set(held) & set(rules))
        was_quiet = problem.snoozed_until is not None
        book.snooze_if_all_are(problem, holding[problem.id or 0], standing)
        if was_quiet and problem.snoozed_until is None:
            fresh.append(_woken(book, problem, held))
        elif not was_quiet and over:
            data = {"findings": as_found(over), "quiet": True}
            book.enter(problem, "woken", data=data)
    book.write()
    if fresh:
        whose = subjects_of(session, [one.problem for one in fresh])
        tell(services, session, fresh, whose)
    cards.redraw(services, session, book.changed)
    return len(fresh)


def _woken(book: Book, problem: Problem, rules: Sequence[str]) -> Fresh:
    book.enter(problem, "woken")
    return Fresh(problem, kind="woken", rules=tuple(rules))
