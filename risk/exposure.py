"""What we would lose today: open items and orders, less cover; alone and as a group.

Source: the domain reference, 3.5. Amounts are in base currency unless said otherwise;
what is in a currency without a rate is never counted as nothing: it is named.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from risk.ledger import ZERO

Kind = Literal["invoice", "delivery", "order"]


@dataclass(frozen=True, slots=True)
class Claim:
    """Something open, in its own currency; a credit note is negative.

    `on` is the day an order is to be delivered; None where nobody said.
    """

    kind: Kind
    currency: str
    amount: Decimal
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """What pays if the customer does not, in its own currency."""

    reference: str
    kind: str
    currency: str
    amount: Decimal
    haircut: Decimal = ZERO
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def counted(self) -> Decimal:
        """Return what of it counts: the amount after its haircut."""
        return self.amount * (1 - self.haircut)

    def holds_on(self, day: date) -> bool:
        """Return whether it is valid on `day`."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and self.lasts_until(day)

    def lasts_until(self, day: date) -> bool:
        """Return whether it has not run out by `day`."""
        return self.valid_until is None or self.valid_until >= day


@dataclass(frozen=True, slots=True)
class Rate:
    """What a unit of a currency is worth in base currency, and since when."""

    value: Decimal
    valid_from: date | None = None
    """None for the base currency itself."""


Rates = Mapping[str, Rate]


@dataclass(frozen=True, slots=True)
class Lasting:
    """A cover's worth in base currency, and how long it lasts."""

    reference: str
    counted: Decimal
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Exposure:
    """What is open by kind, and the cover that stands against it."""

    invoices: Decimal = ZERO
    deliveries: Decimal = ZERO
    orders: Decimal = ZERO
    beyond_horizon: Decimal = ZERO
    """Orders to be delivered later than the horizon; not counted."""
    covers: tuple[Lasting, ...] = ()
    without_rate: tuple[str, ...] = field(default=())
    """Currencies of amounts that could not be counted."""

    @property
    def gross(self) -> Decimal:
        """Return what is open; credit beyond what is owed is not negative exposure."""
        return max(self.invoices + self.deliveries + self.orders, ZERO)

    @property
    def cover(self) -> Decimal:
        """Return what cover takes off: never more than what is open."""
        return min(self.cover_until(None), self.gross)

    @property
    def net(self) -> Decimal:
        """Return what we would lose."""
        return self.gross - self.cover

    def cover_until(self, day: date | None) -> Decimal:
        """Return all cover that lasts until `day`; all there is, for None."""
        return sum(
            (
                c.counted
                for c in self.covers
                if day is None or c.valid_until is None or c.valid_until >= day
            ),
            ZERO,
        )


def exposure(
    claims: Iterable[Claim],
    covers: Iterable[Cover],
    rates: Rates,
    *,
    as_of: date,
    horizon_days: int,
) -> Exposure:
    """Return the exposure on `as_of`; orders count if delivered within the horizon."""
    end = as_of + timedelta(days=horizon_days)
    sums = {"invoice": ZERO, "delivery": ZERO, "order": ZERO, "later": ZERO}
    missing: set[str] = set()
    for claim in claims:
        if claim.currency not in rates:
            missing |= {claim.currency} if claim.amount else set()
            continue
        later = claim.kind == "order" and claim.on is not None and claim.on > end
        sums["later" if later else claim.kind] += (
            claim.amount * rates[claim.currency].value
        )
    lasting = []
    for cover in covers:
        if not cover.holds_on(as_of):
            continue
        if cover.currency not in rates:
            missing.add(cover.currency)
            continue
        worth = cover.counted * rates[cover.currency].value
        lasting.append(Lasting(cover.reference, worth, cover.valid_until))
    return Exposure(
        sums["invoice"],
        sums["delivery"],
        sums["order"],
        sums["later"],
        tuple(lasting),
        tuple(sorted(missing)),
    )


def roll_up(members: Iterable[Exposure]) -> Decimal:
    """Return the net exposure of a group: one's cover does not pay for another."""
    return sum((member.net for member in members), ZERO)


def utilisation(net: Decimal, limit: Decimal | None) -> Decimal | None:
    """Return exposure ÷ limit; infinite over a limit of 0; None if none is set."""
    if limit is None:
        return None
    if limit == 0:
        return ZERO if net <= 0 else Decimal("Infinity")
    return net / limit


def warning(
    used: Decimal | None, *, warn_at: Decimal, alarm_at: Decimal, hold_at: Decimal
) -> str | None:
    """Return critical, very_critical or hold by utilisation; None below, or unknown."""
    if used is None or used < warn_at:
        return None
    if used < alarm_at:
        return "critical"
    return "very_critical" if used < hold_at else "hold"
