"""What people do about a problem: take note, give it to somebody, hand it over."""

from dataclasses import dataclass

from risk.errors import N_, UserError
from risk.ledger import ZERO
from storage import problem_acts, problem_places, schedules
from storage.tables import RuleLabel
from templates.messages.problems import ProblemDone
from workflows.problems import cards
from workflows.problems.kinds import Place
from workflows.problems.turn import Turn, turn_at
from workflows.rights import NobodyDecides, deciders, named
from workflows.services import Actor, Services
from workflows.telling import language_read

LONGEST_WORDS = 2000
LABELS = ("useful", "known", "wrong")


@dataclass(eq=False)
class NotedAlready(UserError):
    """It was acknowledged before."""

    message = N_("Somebody took note of it already.")


@dataclass(eq=False)
class HandedAlready(UserError):
    """The credit team has it."""

    message = N_("The credit team has it already.")


@dataclass(eq=False)
class NotForThem(UserError):
    """A guest, a stranger, or somebody whom Slack does not know just now."""

    message = N_(
        "It cannot be given to this person: what customers owe is for our own people."
    )


@dataclass(eq=False)
class NoRuleChosen(UserError):
    """A form without any rule ticked."""

    message = N_("Tick at least one rule.")


@dataclass(eq=False)
class NoLabelReason(UserError):
    """A label other than useful without a reason."""

    message = N_("Say why; it tells how the rule can be made better.")


def acknowledge(
    services: Services, actor: Actor, problem_id: int, version: int
) -> ProblemDone:
    """Take note of a problem: its card says who knows.

    Raises:
        NotedAlready, NotYourCustomer, UserError: it cannot be.

    """
    with turn_at(services, actor, problem_id, version) as turn:
        if turn.problem.acknowledged_by:
            raise NotedAlready
        turn.problem.acknowledged_by = actor.slack_id
        turn.problem.acknowledged_at = services.now()
        turn.book.enter(turn.problem, "acknowledged", actor=actor.slack_id)
        return ProblemDone("acknowledged", turn.head())


def assign(
    services: Services, actor: Actor, which: tuple[int, int], person: Actor
) -> ProblemDone:
    """Give a problem to somebody of ours; they get its card in a direct message."""
    if person.guest or not person.name:
        raise NotForThem
    with turn_at(services, actor, *which) as turn:
        turn.problem.assignee = person.slack_id
        data = {"person": person.slack_id}
        turn.book.enter(turn.problem, "assigned", actor=actor.slack_id, data=data)
        if person.slack_id != actor.slack_id:
            language = schedules.language_of(turn.session, person.slack_id)
            _post(turn, Place(person.slack_id, language, reason="assigned"))
        return ProblemDone("assigned", turn.head(), person=person.slack_id)


def hand_over(
    services: Services, actor: Actor, which: tuple[int, int], words: str
) -> ProblemDone:
    """Put a problem before the credit team, as checks are: with a word to it.

    Raises:
        HandedAlready: they have it.
        NobodyDecides: nobody holds a role that they might be.

    """
    approval = services.policy.policy.approval
    with turn_at(services, actor, *which) as turn:
        problem, session = turn.problem, turn.session
        if problem.handed_at:
            raise HandedAlready
        roles = approval.roles_for(problem.exposure or ZERO)
        _, region = problem_places.owner_of(session, problem)
        places = [approval.channel] if approval.channel else []
        places = places or deciders(session, roles, region, actor.slack_id)
        if not places:
            raise NobodyDecides(named(roles), roles[0])
        problem.handed_by, problem.handed_at = actor.slack_id, services.now()
        said = words.strip()[:LONGEST_WORDS]
        turn.book.enter(problem, "handed", actor=actor.slack_id, text=said)
        for place in places:
            language = language_read(session, place)
            _post(turn, Place(place, language, reason="handed"))
        return ProblemDone("handed", turn.head(), roles=[roles[0]])


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of alerts: of which rules, why as a code, and in words."""

    label: str
    rules: tuple[int, ...] | None = None
    """Their places among those that fire; None: all."""
    code: str = ""
    words: str = ""


def label(
    services: Services, actor: Actor, which: tuple[int, int], said: Said
) -> ProblemDone:
    """Keep whether an alert was useful, known already or wrong; rules are judged by it.

    Raises:
        NoRuleChosen, NoLabelReason: the form is not complete.

    """
    words = said.words.strip()[:LONGEST_WORDS]
    if said.label != "useful" and not said.code:
        raise NoLabelReason
    with turn_at(services, actor, *which) as turn:
        rules = chosen(turn.rules, said.rules)
        for rule in rules:
            row = RuleLabel(
                problem_id=turn.problem.id or 0,
                rule=rule,
                customer_id=turn.problem.customer_id,
                by=actor.slack_id,
                label=said.label,
                code=said.code,
                reason=words,
                at=services.now(),
            )
            problem_acts.label(turn.session, row)
        data = {"label": said.label, "code": said.code, "findings": as_found(rules)}
        turn.book.enter(
            turn.problem, "labelled", actor=actor.slack_id, text=words, data=data
        )
        return ProblemDone(said.label, turn.head())


def chosen(rules: list[str], places: tuple[int, ...] | None) -> list[str]:
    """Return the rules ticked; all where a button stands for all.

    Raises:
        NoRuleChosen: none is.

    """
    if places is None:
        return rules
    ticked = [rules[place] for place in places if 0 <= place < len(rules)]
    if not ticked:
        raise NoRuleChosen
    return ticked


def as_found(rules: list[str]) -> list[dict[str, object]]:
    """Return rules as an entry names them, without figures."""
    return [{"rule": rule, "named": True} for rule in rules]


def _post(turn: Turn, place: Place) -> None:
    """Put the card into a place, with what was written down just now on it."""
    turn.book.write()
    cards.post(turn.services, turn.session, turn.problem, place)
