"""Which alerts are worth an interruption: the most valuable, so many a week.

Two things are asked of an alert. The week: a place accepts `budget` interruptions in
any seven days. And the price: what the k-th most valuable of all that came up in the
last `look_back_days` was worth, with k as many as the budget allows in that time. So
what is worth little on a Monday does not use up what Thursday needs; and while fewer
than k came up, the price is 0 and everything may interrupt.

What always passes (class E) is counted like the others, so that a week stays as quiet
as was asked for until such alerts alone exceed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

WEEK_DAYS = 7

Verdict = Literal["always", "value", "budget", "worth_less"]
"""Posted: it always passes, or is worth it. Held: the week is used up, or the price is
not reached."""
POSTED: frozenset[Verdict] = frozenset({"always", "value"})


@dataclass(frozen=True, slots=True)
class Offer:
    """An alert that asks to interrupt."""

    value: Decimal
    always: bool = False
    """That it passes whatever the budget says."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a place accepts, and what it was offered before."""

    budget: int
    """Interruptions in seven days."""
    spent: int
    """How many there were in the last seven days."""
    past: Sequence[Decimal] = ()
    """What the alerts offered in the last `look_back_days` were worth; those of less
    than the k-th may be left out."""
    look_back_days: int = 28

    @property
    def rank(self) -> int:
        """Return k: how many the budget allows in the time looked back at."""
        return rank_of(self.budget, self.look_back_days)


def rank_of(budget: int, look_back_days: int) -> int:
    """Return how many interruptions a budget allows in so many days."""
    return budget * look_back_days // WEEK_DAYS


def price(values: Sequence[Decimal], rank: int) -> Decimal:
    """Return the `rank`-th highest of `values`; 0 while there are fewer."""
    if rank <= 0 or len(values) < rank:
        return Decimal(0)
    return sorted(values, reverse=True)[rank - 1]


def choose(offers: Sequence[Offer], account: Account) -> list[Verdict]:
    """Return what becomes of each offer, in their order; the most valuable go first.

    The offers themselves count among what came up, so that a flood of them has its
    price too.
    """
    offered = [*account.past, *(offer.value for offer in offers)]
    least, left = price(offered, account.rank), account.budget - account.spent
    verdicts: list[Verdict] = ["worth_less"] * len(offers)
    by_worth = sorted(
        range(len(offers)), key=lambda n: (not offers[n].always, -offers[n].value, n)
    )
    for n in by_worth:
        if offers[n].always:
            verdicts[n] = "always"
        elif offers[n].value >= least:
            verdicts[n] = "value" if left > 0 else "budget"
        left -= verdicts[n] in POSTED
    return verdicts
