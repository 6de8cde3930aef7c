"""Somebody's turn at a problem: rights, state and version looked at under a lock."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlmodel import Session

from risk.errors import N_, UserError
from storage import problem_places, problems
from storage.problems import Holding
from storage.tables import Problem
from templates.messages.problems import ProblemHead
from workflows.finding import let_in
from workflows.problems import cards
from workflows.problems.drawing import sketch
from workflows.problems.late import ProblemGone, meanwhile
from workflows.problems.life import Book
from workflows.rights import holds
from workflows.services import Actor, Services

ON_ALL = ("analyst", "finance", "legal", "approver", "lead", "admin")
"""Roles that act on the problems of all customers; sales act on those of their own."""


@dataclass(eq=False)
class NotYourCustomer(UserError):
    """Sales act on somebody else's customer."""

    owner: str
    message = N_(
        "This is decided by whoever looks after the customer (%(owner)s), or by"
        " somebody with the role analyst. You can watch it: everybody of ours may."
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """A problem that nobody else acts on meanwhile, and what holds of it."""

    services: Services
    session: Session
    actor: Actor
    problem: Problem
    holding: Sequence[Holding]
    book: Book

    @property
    def rules(self) -> list[str]:
        """Return the rules that fire, the gravest first."""
        return list(dict.fromkeys(signal.rule for signal in self.holding))

    def head(self) -> ProblemHead:
        """Return the problem in a line."""
        return sketch(self.services, self.session, [self.problem]).head(self.problem)


@contextmanager
def turn_at(
    services: Services, actor: Actor, problem_id: int, version: int
) -> Iterator[Turn]:
    """Give somebody a turn at a problem they saw at `version`; cards follow.

    Raises:
        OursOnly, NotYourCustomer: they may not.
        UserError: what happened meanwhile.

    """
    let_in(actor)
    with services.database.write() as session:
        problem = found(problems.locked(session, problem_id))
        may_act(session, actor, problem, version)
        holding = problems.signals_on(session, [problem_id])[problem_id]
        book = Book(services, session)
        yield Turn(services, session, actor, problem, holding, book)
        book.write()
        cards.redraw(services, session, book.changed)
    services.wake_delivery()


def may_act(session: Session, actor: Actor, problem: Problem, version: int) -> None:
    """Raise what keeps somebody from acting on a problem as they saw it."""
    let_in(actor)
    owner, region = problem_places.owner_of(session, problem)
    mine = owner in actor.names or problem.assignee == actor.slack_id
    if not mine and not holds(session, actor, ON_ALL, region):
        raise NotYourCustomer(owner or "–")
    life = problems.entries_of(session, [problem.id or 0])[problem.id or 0]
    if late := meanwhile(session, problem, life, version):
        raise late


def found(problem: Problem | None) -> Problem:
    """Return the problem; raise ProblemGone if there is none."""
    if problem is None:
        raise ProblemGone
    return problem
