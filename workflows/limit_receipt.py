"""The receipt of a decision on a limit: its grounds, its words, who made it."""

from storage import receipts
from storage.tables import CreditLimit, LimitRequest, Receipt
from templates.messages.limit import LimitDone
from workflows.limit_ground import Case


def write_receipt(
    case: Case,
    done: LimitDone,
    limit: CreditLimit | None,
    request: LimitRequest | None = None,
) -> None:
    """Keep what was decided, on what grounds, by whom, and the words they saw."""
    services, actor = case.services, case.actor
    outcome = {
        "decision": done.what,
        "limit": limit.id if limit else None,
        "request": request and {"id": request.id, "asked_by": request.asked_by},
        "amount": str(done.worth.amount),
        "currency": done.worth.currency,
        "in_base": None if done.worth.base is None else str(done.worth.base),
        "rate_of": done.worth.rate_of.isoformat() if done.worth.rate_of else None,
        "valid_until": done.until.isoformat(),
        "reason": done.decided_reason or done.reason,
    }
    where = "terminal" if done.at_terminal else "slack"
    by = {"roles": sorted(actor.roles), "at": where}
    receipts.write(
        case.session,
        Receipt(
            kind="limit",
            customer_id=case.ground.customer_id,
            actor=actor.slack_id,
            made_at=services.now(),
            policy_version=services.policy.version,
            inputs=case.ground.as_inputs | {"by": by},
            outcome=outcome,
            words=services.render(done, actor.language).text,
        ),
    )
