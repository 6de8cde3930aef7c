"""What credit costs: expected loss, provisions, bad debts, concentration.

Source: the domain reference, 3.2 (provision matrix, roll rates), 3.5 and 3.6.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

ZERO, ONE = Decimal(0), Decimal(1)


def expected_loss(
    chance: Decimal, given_default: Decimal, exposure: Decimal
) -> Decimal:
    """Return PD × LGD × EAD, in the currency of `exposure`; PD and LGD are 0–1."""
    return chance * given_default * exposure


def sales_to_recover(loss: Decimal, net_margin: Decimal) -> Decimal | None:
    """Return the extra sales that earn a bad debt back; None without a margin."""
    return loss / net_margin if net_margin > 0 else None


def provision(matrix: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """Return Σ amount × loss rate over the buckets of an ageing (IFRS 9)."""
    return sum((amount * rate for amount, rate in matrix), ZERO)


def loss_rates(
    sales: Decimal, open_later: Sequence[Decimal], loss: Decimal
) -> list[Decimal]:
    """Return the share of each bucket that is lost in the end, the last being all.

    `open_later` is what of `sales` was still open as each bucket began; what was open
    in the last one, or not, `loss` says.
    """
    stages = [sales, *open_later]
    return [loss / stage if stage else ZERO for stage in stages] + [ONE]


def herfindahl(amounts: Iterable[Decimal]) -> Decimal | None:
    """Return the Herfindahl–Hirschman index, 0–10,000; None where there is nothing."""
    known = list(amounts)
    total = sum(known, ZERO)
    if total <= 0:
        return None
    return sum(((amount / total * 100) ** 2 for amount in known), ZERO)


US_BANDS_2010 = (Decimal(1500), Decimal(2500))
US_BANDS_2023 = (Decimal(1000), Decimal(1800))
"""Where the US merger guidelines of the year call a market concentrated, and highly."""


def concentration(
    index: Decimal, bands: tuple[Decimal, Decimal] = US_BANDS_2023
) -> str:
    """Return `low`, `moderate` or `high` for a Herfindahl–Hirschman index."""
    if index < bands[0]:
        return "low"
    return "moderate" if index <= bands[1] else "high"
