"""From ledgers to the facts a score takes: one customer or all, the same arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from risk.ledger import Invoice
from risk.policy import ScorePolicy

Array = npt.NDArray[np.float64]
Days = npt.NDArray[np.int64]

OPEN = np.iinfo(np.int64).max
"""In `settled`: not settled yet."""

RECENT_DAYS = 90


@dataclass(frozen=True, slots=True)
class Ledger:
    """Invoices as columns; days are proleptic ordinals (`date.toordinal`)."""

    customer: Days
    """Row of the customer, 0 … `size` − 1."""
    amount: Array
    open_amount: Array
    """What is open if it is not settled; amounts of one currency."""
    issued: Days
    due: Days
    settled: Days
    disputed: npt.NDArray[np.bool_]
    size: int

    @classmethod
    def of(cls, customers: Sequence[Sequence[Invoice]]) -> "Ledger":
        """Return the ledger of these customers' invoices, in base currency."""
        rows = [(n, i) for n, invoices in enumerate(customers) for i in invoices]
        day = [(i.settled_on.toordinal() if i.settled_on else OPEN) for _, i in rows]
        return cls(
            np.array([n for n, _ in rows], np.int64),
            np.array([float(i.amount) for _, i in rows], np.float64),
            np.array([float(i.open_amount) for _, i in rows], np.float64),
            np.array([i.issued_on.toordinal() for _, i in rows], np.int64),
            np.array([i.due_on.toordinal() for _, i in rows], np.int64),
            np.array(day, np.int64),
            np.array([i.disputed for _, i in rows], np.bool_),
            len(customers),
        )

    def known_on(self, as_of: date, history_days: int) -> "Ledger":
        """Return it as it stood: what was issued by then, settled later is open.

        Invoices settled more than `history_days` before are left out.
        """
        today = as_of.toordinal()
        settled = np.where(self.settled <= today, self.settled, OPEN)
        kept = (self.issued <= today) & (settled > today - history_days)
        was_open = np.where(self.settled == OPEN, self.open_amount, self.amount)
        return Ledger(
            self.customer[kept],
            self.amount[kept],
            was_open[kept],
            self.issued[kept],
            self.due[kept],
            settled[kept],
            self.disputed[kept],
            self.size,
        )


def payment_facts(ledger: Ledger, as_of: date, rules: ScorePolicy) -> dict[str, Array]:
    """Return how each customer pays, as known on `as_of`; NaN where nothing is known.

    Days beyond terms count what is settled, and what is open and overdue with its days
    so far. A dispute is a fact of the ledger as it is given.
    """
    known = ledger.known_on(as_of, rules.history_days)
    today = as_of.toordinal()
    paid = (known.settled != OPEN) & (known.amount > 0)
    owed = (known.settled == OPEN) & (known.open_amount > 0)
    late = np.where(paid, known.settled, today) - known.due
    told = paid | (owed & (late > 0))
    return {
        **_paid_facts(known, today, late, told, rules),
        **_open_facts(known, late, owed, rules),
        "in_default": _in_default(known, late, today, rules),
        "worst_late": _most(known, np.maximum(late, 0), told),
        "disputed_share": _ratio(
            _sum(known, known.amount, (paid | owed) & known.disputed),
            _sum(known, known.amount, paid | owed),
        ),
        "settled_count": np.bincount(known.customer[paid], minlength=known.size).astype(
            np.float64
        ),
        "days_since_payment": today - _most(known, known.settled, paid),
    }


def _paid_facts(
    known: Ledger,
    today: int,
    late: Days,
    told: npt.NDArray[np.bool_],
    rules: ScorePolicy,
) -> dict[str, Array]:
    age = np.where(known.settled == OPEN, 0, today - known.settled)
    weight = np.where(
        told, known.amount * np.exp2(-age / rules.dbt_half_life_days), 0.0
    )
    recent = told & (age <= RECENT_DAYS)
    now = _ratio(
        _sum(known, known.amount * late, recent), _sum(known, known.amount, recent)
    )
    before = told & (age > RECENT_DAYS)
    then = _ratio(
        _sum(known, known.amount * late, before), _sum(known, known.amount, before)
    )
    return {
        "days_beyond_terms": _ratio(
            _sum(known, weight * late, told), _sum(known, weight, told)
        ),
        "on_time_share": _ratio(
            _sum(known, weight, told & (late <= 0)), _sum(known, weight, told)
        ),
        "payment_trend": now - then,
    }


def _open_facts(
    known: Ledger, late: Days, owed: npt.NDArray[np.bool_], rules: ScorePolicy
) -> dict[str, Array]:
    total = _sum(known, known.open_amount, owed)
    overdue = _sum(known, known.open_amount, owed & (late > 0))
    floor = np.maximum(rules.material_share * total, float(rules.material_amount))
    seen = np.bincount(known.customer, minlength=known.size) > 0
    return {
        "overdue_share": np.where(seen, np.nan_to_num(_ratio(overdue, total)), np.nan),
        "overdue_days": np.where(
            seen, _oldest_material(known, late, owed, floor), np.nan
        ),
    }


def _in_default(known: Ledger, late: Days, today: int, rules: ScorePolicy) -> Array:
    """Return 1 for who is in default or in probation after it, 0 for others.

    By CRR Art. 178: more than `default_days` past due, on an amount above both the
    absolute and the relative threshold; what was paid so late counts a probation long.
    """
    owed = (known.settled == OPEN) & (known.open_amount > 0)
    lately = (known.settled != OPEN) & (known.settled > today - rules.probation_days)
    counts = (owed | lately) & (known.amount > 0)
    amount = np.where(owed, known.open_amount, known.amount)
    bad = _sum(known, amount, counts & (late > rules.default_days))
    total = _sum(known, amount, owed | (counts & (late > rules.default_days)))
    floor = np.maximum(rules.material_share * total, float(rules.material_amount))
    seen = np.bincount(known.customer, minlength=known.size) > 0
    return np.where(seen, (bad > floor).astype(np.float64), np.nan)


def _oldest_material(
    known: Ledger, late: Days, owed: npt.NDArray[np.bool_], floor: Array
) -> Array:
    """Return the most days past due at which overdue items together exceed `floor`.

    0 where all that is overdue is immaterial.
    """
    rows = np.flatnonzero(owed & (late > 0))
    rows = rows[np.lexsort((-late[rows], known.customer[rows]))]
    oldest = np.zeros(known.size)
    if not len(rows):
        return oldest
    customer, running = known.customer[rows], np.cumsum(known.open_amount[rows])
    first = np.r_[True, customer[1:] != customer[:-1]]
    before = np.r_[0.0, running[:-1]][first]
    own = running - np.repeat(before, np.diff(np.r_[np.flatnonzero(first), len(rows)]))
    enough = own > floor[customer]
    np.maximum.at(oldest, customer[enough], late[rows][enough])
    return oldest


def _sum(known: Ledger, values: Array, where: npt.NDArray[np.bool_]) -> Array:
    total = np.bincount(known.customer[where], values[where], minlength=known.size)
    return total.astype(np.float64)  # of no rows at all numpy counts whole numbers


def _most(known: Ledger, values: Days, where: npt.NDArray[np.bool_]) -> Array:
    most = np.full(known.size, -np.inf)
    np.maximum.at(most, known.customer[where], values[where])
    return np.where(np.isinf(most), np.nan, most)


def _ratio(above: Array, below: Array) -> Array:
    ratio: Array = np.full(len(below), np.nan)
    np.divide(above, below, out=ratio, where=below > 0)
    return ratio
