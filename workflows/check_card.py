"""A check before the credit team: its live card, its thread, word to the asker."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session

from storage import checks, customers
from storage.tables import OrderCheck
from templates.messages.base import Message
from templates.messages.check import CheckNews, CheckRequest, Step, Way
from workflows.check import order_line, ways
from workflows.gone import CustomerGone
from workflows.receipts import answered_again, receipt_by_id
from workflows.rights import deciders
from workflows.services import Services
from workflows.telling import owe

_WAY = TypeAdapter(Way)


def way_as_json(way: Way) -> dict[str, Any]:
    """Return a way to a yes as JSON."""
    return dict(_WAY.dump_python(way, mode="json"))


def way_of_json(kept: Mapping[str, Any]) -> Way | None:
    """Return a way to a yes that was kept as JSON; None for an empty one."""
    return _WAY.validate_python(kept) if kept else None


def places_of(services: Services, session: Session, check: OrderCheck) -> list[str]:
    """Return where a check is put: the policy's channel, else each who may decide."""
    approval = services.policy.policy.approval
    if approval.channel:
        return [approval.channel]
    roles = approval.roles_for(check.worth)
    return deciders(session, roles, region_of(session, check), check.asked_by)


def put_card(
    services: Services, session: Session, check: OrderCheck, *, first: bool
) -> None:
    """Owe the card to each place; later versions take the place of the first."""
    card = _card(services, session, check)
    for place in check.places:
        key = _key(check, place)
        later = None if first else key
        name = key if first else f"{key}:v{check.version}"
        owe(services, session, place, card, key=name, instead_of=later)


def put_in_thread(
    services: Services, session: Session, check: OrderCheck, name: str, said: Message
) -> None:
    """Owe a message to the card's thread, in each place, once by `name`."""
    for place in check.places:
        key = _key(check, place)
        owe(services, session, place, said, key=f"{key}:{name}", thread_key=key)


def tell_asker(
    services: Services, session: Session, check: OrderCheck, news: CheckNews
) -> None:
    """Owe the one who asked what became of it: in the thread of a direct message.

    What was asked in a channel is told in person, for not all may read it there.
    """
    direct = (check.channel or "").startswith("D")
    owe(
        services,
        session,
        check.channel if direct and check.channel else check.asked_by,
        news,
        key=f"check:{check.id}:told:{check.version}",
        thread_ts=check.thread_ts if direct else None,
        reader=check.asked_by,
    )


def region_of(session: Session, check: OrderCheck) -> str | None:
    """Return the region of a check's customer."""
    found = customers.customer_and_group(session, check.customer_id)
    return found[0].region if found else None


def name_of(session: Session, check: OrderCheck) -> str:
    """Return what the customer of a check is called."""
    found = customers.customer_and_group(session, check.customer_id)
    if found is None:
        raise CustomerGone
    return found[0].name


def _key(check: OrderCheck, place: str) -> str:
    return f"check:{check.id}:{place}"


def _card(services: Services, session: Session, check: OrderCheck) -> CheckRequest:
    found = customers.customer_and_group(session, check.customer_id)
    if found is None or check.id is None:
        raise CustomerGone
    frozen = answered_again(receipt_by_id(session, check.receipt_id))
    steps = checks.entries(session, check.id)
    return CheckRequest(
        check_id=check.id,
        version=check.version,
        state=check.state,
        customer_id=check.customer_id,
        number=found[0].number,
        name=found[0].name,
        asked_by=check.asked_by,
        order=order_line(frozen.order, services.currency),
        verdict=frozen.answer.verdict,
        outcomes=frozen.answer.outcomes,
        ways=ways(frozen.order, frozen.answer.offers, services.currency),
        currency=services.currency,
        risk_class=frozen.position.risk_class,
        exposure=frozen.position.exposure.net,
        limit=frozen.position.limit,
        role=services.policy.policy.approval.role_for(check.worth),
        steps=[Step(step.at, step.actor, step.kind, step.text) for step in steps],
        way=way_of_json(check.conditions),
        valid_until=check.valid_until,
        receipt_id=check.decision_receipt_id or check.receipt_id or 0,
    )
