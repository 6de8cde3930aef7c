"""What somebody hears whose click came too late: what happened meanwhile, by whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from risk.errors import N_, UserError
from storage.tables import Problem, ProblemEntry
from workflows.naming import person_called


@dataclass(eq=False)
class ProblemGone(UserError):
    """No such problem."""

    message = N_("This problem is not known any more.")


@dataclass(eq=False)
class SolvedMeanwhile(UserError):
    """It is solved."""

    message = N_("Meanwhile it is solved: nothing of it holds any more.")


@dataclass(eq=False)
class NotedMeanwhile(UserError):
    """Somebody took note of it."""

    who: str
    message = N_("Meanwhile %(who)s took note of it. Look at its card again.")


@dataclass(eq=False)
class GivenMeanwhile(UserError):
    """Somebody gave it to somebody."""

    who: str
    message = N_("Meanwhile %(who)s gave it to somebody. Look at its card again.")


@dataclass(eq=False)
class SnoozedMeanwhile(UserError):
    """Somebody snoozed it."""

    who: str
    message = N_("Meanwhile %(who)s snoozed it. Look at its card again.")


@dataclass(eq=False)
class HandedMeanwhile(UserError):
    """Somebody put it before the credit team."""

    who: str
    message = N_("Meanwhile %(who)s put it before the credit team.")


@dataclass(eq=False)
class LabelledMeanwhile(UserError):
    """Somebody said what they think of it."""

    who: str
    message = N_("Meanwhile %(who)s said what they think of it. Click once more.")


@dataclass(eq=False)
class MovedMeanwhile(UserError):
    """More was found, or how the customer stands has changed."""

    message = N_(
        "Meanwhile what we know of it has changed. Look at its card again, then decide."
    )


BY_KIND = {
    "acknowledged": NotedMeanwhile,
    "assigned": GivenMeanwhile,
    "snoozed": SnoozedMeanwhile,
    "handed": HandedMeanwhile,
    "labelled": LabelledMeanwhile,
}


def meanwhile(
    session: Session, problem: Problem, life: Sequence[ProblemEntry], seen: int
) -> UserError | None:
    """Return what happened to a problem since its version `seen`; None if nothing."""
    if problem.state == "solved":
        return SolvedMeanwhile()
    if problem.version == seen:
        return None
    later = [entry for entry in life if entry.data.get("version", 0) > seen]
    by_people = [entry for entry in later if entry.kind in BY_KIND and entry.actor]
    if not by_people or len(by_people) < len(later):
        return MovedMeanwhile()
    last = by_people[-1]
    return BY_KIND[last.kind](person_called(session, last.actor))
