"""The own-ledger payment index: a PAYDEX-like, dollar-weighted score of 0–100.

Source: the domain reference, 3.3. The agency asks for experiences from two suppliers;
our ledger knows one, so the index says how far to trust it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from risk.ledger import ZERO, Invoice

ANCHORS = (
    (-30, 100),
    (-20, 90),
    (0, 80),
    (15, 70),
    (22, 60),
    (30, 50),
    (60, 40),
    (90, 30),
    (120, 20),
)
"""(days late, points): linear between them."""

WORST_DAYS = 240
"""Where the last stretch, below 20, ends at 0 points."""

MONTHS, LEAST_EXPERIENCES = 24, 3


class Band(StrEnum):
    """What the index means."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class PaymentIndex:
    """The index, how many invoices it rests on, and how far to trust it."""

    value: Decimal
    """0–100, higher is better."""
    experiences: int
    confidence: Decimal
    """0–1; our ledger is one supplier, so it never reaches 1."""

    @property
    def band(self) -> Band:
        """Return the risk band: 80–100 low, 50–79 medium, 0–49 high."""
        if self.value >= 80:  # noqa: PLR2004 - the published bands
            return Band.LOW
        return Band.MEDIUM if self.value >= 50 else Band.HIGH  # noqa: PLR2004


def points(days_late: int) -> Decimal:
    """Return the points of paying `days_late` (negative is early), 0–100."""
    if days_late <= ANCHORS[0][0]:
        return Decimal(ANCHORS[0][1])
    for (low, high_points), (high, low_points) in pairwise((*ANCHORS, (WORST_DAYS, 0))):
        if days_late <= high:
            fallen = Decimal((high_points - low_points) * (days_late - low))
            return high_points - fallen / (high - low)
    return ZERO


def weighted(experiences: Iterable[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Return Σ(points × amount) ÷ Σ amount of (amount, points); None without any."""
    total, sum_ = ZERO, ZERO
    for amount, score in experiences:
        total += amount
        sum_ += amount * score
    return sum_ / total if total else None


def payment_index(invoices: Iterable[Invoice], as_of: date) -> PaymentIndex | None:
    """Return the index over invoices settled in the last 24 months.

    None below three experiences: too few to say anything.
    """
    since = as_of.toordinal() - MONTHS * 365 // 12
    paid = [
        (i.amount, points((i.settled_on - i.due_on).days))
        for i in invoices
        if i.amount > 0
        and i.settled_on
        and i.settled_on <= as_of
        and i.settled_on.toordinal() > since
    ]
    value = weighted(paid)
    if value is None or len(paid) < LEAST_EXPERIENCES:
        return None
    return PaymentIndex(value, len(paid), _confidence(len(paid)))


def _confidence(experiences: int) -> Decimal:
    """Return 0.4 at three experiences, nearing 0.8: one supplier's view only."""
    return Decimal("0.8") * experiences / (experiences + LEAST_EXPERIENCES)
