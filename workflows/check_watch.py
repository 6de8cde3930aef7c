"""What becomes of checks by themselves: reminders, releases reopened or ended."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from storage import checks
from storage.tables import CheckEntry, OrderCheck
from templates.messages.check import CheckMoved, CheckNews, CheckReminder, MovedFact
from workflows.check import account_of, order_line
from workflows.check_card import name_of, put_card, put_in_thread, tell_asker
from workflows.decide import rests_on
from workflows.receipts import answered_again, receipt_by_id
from workflows.services import Services

AT_ONCE = 50
AMOUNTS = ("exposure", "limit", "overdue")


def remind_waiting(services: Services) -> int:
    """Remind those who decide of checks that wait too long; return how many."""
    hours = services.policy.policy.approval.remind_hours
    with services.database.write() as session:
        due = checks.to_remind(session, services.now(), AT_ONCE)
        for check in due:
            check.reminders += 1
            check.remind_at = services.now() + timedelta(hours=hours)
            session.add(check)
            frozen = answered_again(receipt_by_id(session, check.receipt_id))
            said = CheckReminder(
                name_of(session, check),
                check.asked_by,
                order_line(frozen.order, services.currency),
                check.asked_at,
            )
            put_in_thread(services, session, check, f"remind:{check.reminders}", said)
    if due:
        services.wake_delivery()
    return len(due)


def watch_released(services: Services) -> int:
    """Reopen releases whose facts moved beyond tolerance, end those that ran out.

    Returns how many releases were reopened.
    """
    with services.database.read() as session:
        found = [
            (check.id, _moved(services, session, check))
            for check in checks.released(session)
        ]
        today = services.today()
        over = [
            check.id
            for check in checks.released(session)
            if check.valid_until is not None and check.valid_until < today
        ]
    reopened = [(id_, moved) for id_, moved in found if moved and id_ not in over]
    for id_, moved in reopened:
        _reopen(services, id_ or 0, moved)
    for id_ in over:
        _end(services, id_ or 0)
    if reopened or over:
        services.wake_delivery()
    return len(reopened)


def moved_facts(
    before: dict[str, Any], after: dict[str, Any], *, tolerance: Decimal, least: Decimal
) -> list[MovedFact]:
    """Return which facts moved: amounts by a share and at least `least`, others at all.

    A better class, less exposure or less overdue is no reason to look again.
    """
    moved = []
    for key in AMOUNTS:
        old, new = _amount(before.get(key)), _amount(after.get(key))
        if old is None or new is None:
            if old != new:
                moved.append(MovedFact(key, old, new))
            continue
        worse = old - new if key == "limit" else new - old
        if worse > max(abs(old) * tolerance, least):
            moved.append(MovedFact(key, old, new))
    old_class, new_class = before.get("class"), after.get("class")
    if new_class != old_class and (new_class or "F") > (old_class or "F"):
        moved.append(MovedFact("class", old_class, new_class))
    if after.get("hold") and not before.get("hold"):
        moved.append(MovedFact("hold", None, None))
    return moved


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _moved(services: Services, session: Session, check: OrderCheck) -> list[MovedFact]:
    account = account_of(services, session, check.customer_id)
    policy = services.policy.policy
    return moved_facts(
        check.rests_on,
        rests_on(account.position),
        tolerance=policy.check.release_tolerance,
        least=policy.score.material_amount,
    )


def _reopen(services: Services, check_id: int, moved: list[MovedFact]) -> None:
    """Put a released check before the credit team again, with what changed."""
    hours = services.policy.policy.approval.remind_hours
    with services.database.write() as session:
        check = checks.locked(session, check_id)
        if check is None or check.state != "released":
            return
        _step(services, session, check, "reopened")
        check.remind_at = services.now() + timedelta(hours=hours)
        session.add(check)
        session.flush()
        put_card(services, session, check, first=False)
        name = name_of(session, check)
        said = CheckMoved(name, services.currency, moved)
        put_in_thread(services, session, check, f"moved:{check.version}", said)
        frozen = answered_again(receipt_by_id(session, check.receipt_id))
        news = CheckNews(
            check_id=check_id,
            kind="reopened",
            name=name,
            order=order_line(frozen.order, services.currency),
            by="",
            words="",
            version=check.version,
            moved=moved,
            currency=services.currency,
        )
        tell_asker(services, session, check, news)


def _end(services: Services, check_id: int) -> None:
    """End a release that ran out; its card says so."""
    with services.database.write() as session:
        check = checks.locked(session, check_id)
        if check is None or check.state != "released":
            return
        _step(services, session, check, "ended")
        session.flush()
        put_card(services, session, check, first=False)


def _step(services: Services, session: Session, check: OrderCheck, state: str) -> None:
    check.state = state
    check.version += 1
    session.add(check)
    step = CheckEntry(
        check_id=check.id or 0, at=services.now(), actor="", kind=state, text=""
    )
    checks.note(session, step)
