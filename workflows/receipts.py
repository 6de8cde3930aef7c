"""Receipts of checks: what was known and asked, frozen, and replayed years later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session

from risk.check import Position
from risk.errors import N_, UserError
from risk.offers import Answer, answer
from risk.order import Order
from risk.policy import CheckPolicy
from storage import receipts
from storage.tables import Receipt
from workflows.services import Services

_POSITION = TypeAdapter(Position)
_ORDER = TypeAdapter(Order)
_POLICY = TypeAdapter(CheckPolicy)
_ANSWER = TypeAdapter(Answer)


@dataclass(eq=False)
class NoSuchReceipt(UserError):
    """A receipt that was never written."""

    number: str
    message = N_("There is no receipt %(number)s.")


@dataclass(eq=False)
class NothingToReplay(UserError):
    """A receipt of something else than a check."""

    number: str
    message = N_("Receipt %(number)s is not of a check, so there is nothing to replay.")


@dataclass(frozen=True, slots=True)
class Replay:
    """A check answered again from its receipt: what came out then, and now."""

    receipt_id: int
    made_at: datetime
    actor: str
    policy_version: str
    words: str
    before: dict[str, Any]
    after: dict[str, Any]
    untouched: bool
    """Whether the receipt's hash still covers what it says."""

    @property
    def same(self) -> bool:
        """Return whether the same answer comes out."""
        return self.before == self.after


def inputs_of(policy: CheckPolicy, position: Position, order: Order) -> dict[str, Any]:
    """Return all that an answer rests on, as JSON: enough to answer again."""
    return {
        "order": _ORDER.dump_python(order, mode="json"),
        "position": _POSITION.dump_python(position, mode="json"),
        "policy": _POLICY.dump_python(policy, mode="json"),
    }


def outcome_of(found: Answer) -> dict[str, Any]:
    """Return an answer as JSON."""
    return dict(_ANSWER.dump_python(found, mode="json"))


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a check's receipt holds, and the answer as it comes out again."""

    order: Order
    position: Position
    answer: Answer


def answered_again(receipt: Receipt) -> Frozen:
    """Return what a check's receipt holds, answered again.

    Raises:
        NothingToReplay: it is not of a check.

    """
    given = receipt.inputs
    if "position" not in given:
        raise NothingToReplay(str(receipt.id))
    order = _ORDER.validate_python(given["order"])
    position = _POSITION.validate_python(given["position"])
    policy = _POLICY.validate_python(given["policy"])
    return Frozen(order, position, answer(policy, position, order))


def receipt_by_id(session: Session, receipt_id: int | None) -> Receipt:
    """Return a receipt; raise NoSuchReceipt."""
    found = receipts.by_id(session, receipt_id) if receipt_id is not None else None
    if found is None:
        raise NoSuchReceipt(str(receipt_id))
    return found


def replay(services: Services, receipt_id: int) -> Replay:
    """Answer a check again from what its receipt holds, and nothing else.

    Raises:
        NoSuchReceipt, NothingToReplay: there is none, or it is not of a check.

    """
    with services.database.read() as session:
        receipt = receipt_by_id(session, receipt_id)
    found = answered_again(receipt).answer
    return Replay(
        receipt_id=receipt_id,
        made_at=receipt.made_at,
        actor=receipt.actor,
        policy_version=receipt.policy_version,
        words=receipt.words,
        before=receipt.outcome,
        after=outcome_of(found),
        untouched=receipts.digest(receipt) == receipt.hash,
    )
