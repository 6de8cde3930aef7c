"""“What if”, in money: exposure, overdue and limit after the same changes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from risk.behaviour import behaviour, overdue_items
from risk.check import Position
from risk.exposure import Lasting
from risk.ledger import ZERO, Invoice, outstanding
from risk.policy.check import CheckPolicy
from risk.policy.limit import Class
from risk.whatif import Cover, Limit, Pay, Wait
from risk.whatif_told import Change


def position_if(
    policy: CheckPolicy,
    position: Position,
    ledger: Sequence[Invoice],
    changes: Iterable[Change],
    risk_class: Class | None,
) -> Position:
    """Return where the customer of `ledger` would stand; amounts in base currency."""
    today, after = position.as_of, position
    for change in changes:
        if isinstance(change, Pay):
            ledger = paid(ledger, change, today)
        elif isinstance(change, Wait):
            today += timedelta(days=change.days)
        elif isinstance(change, Cover):
            counted = change.amount * (1 - policy.secure_haircut)
            covers = (*after.exposure.covers, Lasting("", counted, None))
            after = replace(after, exposure=replace(after.exposure, covers=covers))
        elif isinstance(change, Limit):
            after = replace(after, limit=change.amount, limit_until=None)
    return replace(_with_ledger(after, ledger, today), risk_class=risk_class)


def _with_ledger(before: Position, ledger: Sequence[Invoice], today: date) -> Position:
    """Return the position with these invoices in the place of those it was read from.

    What is open in them is less than before by what was paid.
    """
    known = behaviour(ledger, today)
    claims = sum((i.open_amount for i in ledger if i.open_amount > 0), ZERO)
    less = before.claims - claims
    owed = replace(before.exposure, invoices=before.exposure.invoices - less)
    return replace(
        before,
        as_of=today,
        exposure=owed,
        overdue=known.ageing.overdue,
        owed=known.ageing.total,
        oldest_overdue=known.oldest_overdue,
        overdue_items=overdue_items(ledger, today),
        claims=claims,
        days_beyond_terms=known.days_beyond_terms,
    )


def paid(ledger: Sequence[Invoice], change: Pay, today: date) -> tuple[Invoice, ...]:
    """Return the invoices with those settled that a payment of today covers."""
    owed = [i for i in outstanding(list(ledger)) if i.open_amount > 0]
    owed.sort(key=lambda i: (i.due_on, i.issued_on))
    if change.what == "overdue":
        owed = [i for i in owed if i.due_on < today]
    if change.what == "oldest":
        owed = owed[: change.count]
    rest = change.amount if change.what == "amount" else None
    after = {}
    for bill in owed:
        taken = bill.open_amount if rest is None else min(rest, bill.open_amount)
        after[id(bill)] = _less(bill, taken, today)
        rest = None if rest is None else rest - taken
    return tuple(after.get(id(bill), bill) for bill in ledger)


def _less(bill: Invoice, taken: Decimal, today: date) -> Invoice:
    full = taken == bill.open_amount
    return replace(
        bill, paid=bill.paid + taken, settled_on=today if full else bill.settled_on
    )
