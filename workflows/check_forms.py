"""The forms in which a check is put before the credit team, and decided."""

from datetime import date, timedelta

from storage import checks
from templates.messages.check import AskForm, DecideForm, WordsForm
from workflows.check import order_line, ways
from workflows.check_card import name_of
from workflows.check_turn import may_decide, may_reply, there
from workflows.finding import let_in
from workflows.receipts import answered_again, receipt_by_id
from workflows.services import Actor, Services


def ask_form(services: Services, actor: Actor, check_id: int) -> AskForm:
    """Return the form in which a check is put before the credit team."""
    let_in(actor)
    with services.database.read() as session:
        check = there(checks.by_id(session, check_id))
        name = name_of(session, check)
        frozen = answered_again(receipt_by_id(session, check.receipt_id))
    role = services.policy.policy.approval.role_for(check.worth)
    return AskForm(check_id, name, order_line(frozen.order, services.currency), role)


def release_form(
    services: Services, actor: Actor, check_id: int, version: int
) -> DecideForm:
    """Return the form of a release; raise what keeps the actor from deciding."""
    with services.database.read() as session:
        check = there(checks.by_id(session, check_id))
        may_decide(services, session, actor, check, version)
        frozen = answered_again(receipt_by_id(session, check.receipt_id))
        name = name_of(session, check)
    latest = latest_day(services)
    return DecideForm(
        metadata=f"{check_id}:{version}",
        name=name,
        order=order_line(frozen.order, services.currency),
        ways=ways(frozen.order, frozen.answer.offers, services.currency),
        until=latest,
        latest=latest,
    )


def words_form(
    services: Services, actor: Actor, kind: str, which: tuple[int, int]
) -> WordsForm:
    """Return the form of a refusal, a question back, or its answer (`reply`).

    `which` is the check's id, and its version as the button saw it.
    """
    check_id, version = which
    with services.database.read() as session:
        check = there(checks.by_id(session, check_id))
        if kind == "reply":
            may_reply(actor, check, version)
        else:
            may_decide(services, session, actor, check, version)
        frozen = answered_again(receipt_by_id(session, check.receipt_id))
        name = name_of(session, check)
    return WordsForm(
        kind=kind,
        metadata=f"{check_id}:{version}",
        name=name,
        order=order_line(frozen.order, services.currency),
        question=(check.note or "") if kind == "reply" else "",
    )


def latest_day(services: Services) -> date:
    """Return until when a release made today may last."""
    days = services.policy.policy.approval.release_days
    return services.today() + timedelta(days=days)
