"""Looking at problems: one's card and history, a customer's, one's own, everybody's."""

from dataclasses import replace
from datetime import timedelta

from storage import customers, outbox, problem_lists, problems
from templates.messages.lookup import Choices
from templates.messages.problems import (
    LiveProblem,
    ProblemList,
    ProblemTimeline,
    TimelineShared,
)
from workflows.finding import let_in, who_is
from workflows.gone import CustomerGone
from workflows.problems.drawing import sketch
from workflows.problems.turn import ON_ALL, found
from workflows.services import Actor, Services
from workflows.share import may_be_shared

PAGE, MOST = 10, 15
EVERYBODY = {"all", "全部", "所有"}
SOLVED_DAYS = 90


def show_problem(services: Services, actor: Actor, problem_id: int) -> LiveProblem:
    """Return a problem's card, as it is now."""
    let_in(actor)
    with services.database.read() as session:
        problem = found(problems.by_id(session, problem_id))
        return sketch(services, session, [problem]).card(problem)


def timeline(
    services: Services, actor: Actor, problem_id: int, page: int = 1
) -> ProblemTimeline:
    """Return a page of a problem's life, the latest first; pages count from 1."""
    let_in(actor)
    with services.database.read() as session:
        problem = found(problems.by_id(session, problem_id))
        drawn = sketch(services, session, [problem])
        steps = drawn.steps(problem)[::-1]
        head = drawn.head(problem)
    pages = max(-(-len(steps) // PAGE), 1)
    page = min(max(page, 1), pages)
    shown = steps[(page - 1) * PAGE : page * PAGE]
    return ProblemTimeline(head, services.currency, shown, page, pages)


def share_timeline(
    services: Services,
    actor: Actor,
    which: tuple[int, int],
    *,
    channel: str,
    readers: str,
    click: str,
) -> TimelineShared:
    """Owe `channel` a page of a problem's life, once a click; `readers` reads it.

    Raises:
        ReadByOthers, NotAMember, ReadersUnknown: it must not, or cannot, go there.

    """
    may_be_shared(readers)
    shown = timeline(services, actor, *which)
    told = replace(shown, shared_by=actor.name or actor.slack_id)
    said = services.render(told, actor.language)
    with services.database.write() as session:
        outbox.put(
            session,
            key=f"share:{click}:problem:{which[0]}",
            channel=channel,
            text=said.text,
            blocks=said.blocks,
            at=services.now(),
        )
    services.wake_delivery()
    return TimelineShared(shown.head.name)


def problems_of(services: Services, actor: Actor, customer_id: int) -> ProblemList:
    """Return a customer's open problems, the most valuable first."""
    let_in(actor)
    with services.database.read() as session:
        known = customers.customer_and_group(session, customer_id)
        if known is None:
            raise CustomerGone
        rows = problem_lists.of_customer(session, customer_id)
        since = services.now() - timedelta(days=SOLVED_DAYS)
        solved = problem_lists.count_solved(session, customer_id, since)
        drawn = sketch(services, session, rows[:MOST])
        heads = [drawn.head(row) for row in rows[:MOST]]
    return ProblemList(
        heads, len(rows), services.currency, name=known[0].name, solved=solved
    )


def find_problems(
    services: Services, actor: Actor, query: str
) -> ProblemList | Choices:
    """Return the open problems of the customer meant; without one, of one's own.

    Who has none of their own and acts on all customers sees those of all; so does
    whoever asks for `all`.
    """
    let_in(actor)
    everybody = query.strip().casefold() in EVERYBODY
    if query.strip() and not everybody:
        with services.database.read() as session:
            meant = who_is(session, query)
        if not isinstance(meant, int):
            return replace(meant, action="problem_list")
        return problems_of(services, actor, meant)
    with services.database.read() as session:
        rows, total = problem_lists.mine(session, actor.slack_id, actor.names, MOST)
        if everybody or (not rows and actor.roles & set(ON_ALL)):
            rows, total = problem_lists.of_all(session, MOST)
            everybody = True
        drawn = sketch(services, session, rows)
        heads = [drawn.head(row) for row in rows]
    return ProblemList(heads, total, services.currency, everybody=everybody)
