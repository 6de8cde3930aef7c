"""Monotone bins and weight of evidence: how a figure speaks for good or bad.

Source: the domain reference, 3.6. WoE = ln(share of good ÷ share of bad), so that a
higher weight is safer.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from risk.validation import Array, Bools

SMOOTH = 0.5
"""Counted to each bin's good and bad, so that an empty one stays finite."""

FINE_BINS = 20

WIDTHS = (4, 8, 16, 32)
"""How many quantile bins smooth weights are the mean of."""

RARE = 12.0
"""Rows that give a bin or category half of its own say."""


@dataclass(frozen=True, slots=True)
class Bins:
    """Bins of a figure, rising: their middles and weights. Monotone by making."""

    middles: Array
    weights: Array
    missing: float
    """The weight where the figure is not known."""
    information: float
    """Information value: Σ (share good − share bad) × WoE."""

    def weigh(self, values: Array) -> Array:
        """Return the weight of each value, straight between the middles of bins."""
        found = np.interp(values, self.middles, self.weights)
        return np.where(np.isnan(values), self.missing, found)


def weights_of(good: Array, bad: Array) -> Array:
    """Return the WoE of bins with these counts."""
    shares = [(n + SMOOTH) / (n.sum() + SMOOTH * len(n)) for n in (good, bad)]
    weights: Array = np.log(shares[0] / shares[1])
    return weights


def monotone_bins(
    values: Array,
    bad: Bools,
    *,
    sign: int = 0,
    least_share: float = 0.05,
    least_bad: int = 3,
) -> Bins:
    """Return bins of `values`, pooled until their bad rate rises or falls throughout.

    It rises with `sign` 1 and falls with −1; with 0 the direction is the one that tells
    good from bad better. A bin holds at least `least_share` of the known values and
    `least_bad` bad ones.
    """
    known = ~np.isnan(values)
    if not known.any() or np.ptp(values[known]) == 0:
        return Bins(np.zeros(1), np.zeros(1), 0.0, 0.0)
    least = max(1, int(least_share * known.sum()))
    tries = [
        _pooled(values[known], bad[known], least, least_bad, way)
        for way in ([sign] if sign else [1, -1])
    ]
    bins = max(tries, key=lambda b: b.information)
    return Bins(
        bins.middles, bins.weights, _missing_weight(bad, known), bins.information
    )


def smooth_bins(values: Array, bad: Bools) -> tuple[Array, Array]:
    """Return (cuts, weights) of `values`, a weight a step; middling may be best.

    The mean of monotone weights and of those over quantile bins of several widths:
    coarse ones are sure, fine ones are sharp, and their mean depends little on where a
    bin happens to end.
    """
    known = ~np.isnan(values)
    seen, ill = values[known], bad[known]
    steps = [_step_weights(seen, ill, count) for count in WIDTHS]
    cuts = np.unique(np.concatenate([c for c, _ in steps]))
    inside = np.r_[seen.min(), (cuts[1:] + cuts[:-1]) / 2, seen.max()]
    parts = [w[np.searchsorted(c, inside, side="right")] for c, w in steps]
    parts.append(monotone_bins(seen, ill).weigh(inside))
    return cuts, np.mean(parts, axis=0)


def _step_weights(values: Array, bad: Bools, count: int) -> tuple[Array, Array]:
    cuts = np.unique(np.quantile(values, np.linspace(0, 1, count + 1)[1:-1]))
    at = np.searchsorted(cuts, values, side="right")
    bads = np.bincount(at, bad, minlength=len(cuts) + 1).astype(np.float64)
    goods = np.bincount(at, ~bad, minlength=len(cuts) + 1).astype(np.float64)
    return cuts, weights_of(goods, bads) * (bads + goods) / (bads + goods + RARE)


def category_weights(
    values: npt.NDArray[np.str_], bad: Bools, *, rare: float = RARE
) -> dict[str, float]:
    """Return the WoE of each category, drawn to 0 where it is rare.

    `rare` is how many rows give a category half of its own say.
    """
    names, at = np.unique(values, return_inverse=True)
    bads, goods = np.bincount(at, bad), np.bincount(at, ~bad)
    weights = weights_of(goods.astype(np.float64), bads.astype(np.float64))
    weights *= (bads + goods) / (bads + goods + rare)
    return {str(n): float(w) for n, w in zip(names, weights, strict=True)}


def _missing_weight(bad: Bools, known: Bools) -> float:
    if known.all():
        return 0.0
    good = np.array([(~bad & known).sum(), (~bad & ~known).sum()], np.float64)
    ill = np.array([(bad & known).sum(), (bad & ~known).sum()], np.float64)
    return float(weights_of(good, ill)[1])


def _pooled(values: Array, bad: Bools, least: int, least_bad: int, sign: int) -> Bins:
    """Pool adjacent quantile bins (PAVA) until the bad rate × `sign` never falls."""
    inner = np.quantile(values, np.linspace(0, 1, FINE_BINS + 1)[1:-1])
    at = np.searchsorted(np.unique(inner), values, side="right")
    pools: list[tuple[float, float, list[int]]] = []
    for number in np.unique(at):
        inside = at == number
        pools.append((float(bad[inside].sum()), float(inside.sum()), [int(number)]))
        while len(pools) > 1 and _must_pool(pools, least, least_bad, sign):
            last = pools.pop()
            pools[-1] = _joined(pools[-1], last)
    while len(pools) > 1 and _is_small(pools[-1], least, least_bad):
        last = pools.pop()
        pools[-1] = _joined(pools[-1], last)
        while len(pools) > 1 and _must_pool(pools, least, least_bad, sign):
            last = pools.pop()
            pools[-1] = _joined(pools[-1], last)
    ill = np.array([p[0] for p in pools])
    good = np.array([p[1] for p in pools]) - ill
    weights = weights_of(good, ill)
    shares = good / max(good.sum(), 1) - ill / max(ill.sum(), 1)
    middles = np.array([np.median(values[np.isin(at, p[2])]) for p in pools])
    return Bins(middles, weights, 0.0, float((shares * weights).sum()))


def _must_pool(
    pools: list[tuple[float, float, list[int]]], least: int, least_bad: int, sign: int
) -> bool:
    falls = sign * (_smoothed_odds(pools[-1]) - _smoothed_odds(pools[-2])) <= 0
    return falls or _is_small(pools[-2], least, least_bad)


def _is_small(pool: tuple[float, float, list[int]], least: int, least_bad: int) -> bool:
    return pool[1] < least or pool[0] < least_bad


def _smoothed_odds(pool: tuple[float, float, list[int]]) -> float:
    """Return the odds of bad as the weight has them, so that both rise together."""
    return (pool[0] + SMOOTH) / (pool[1] - pool[0] + SMOOTH)


def _joined(
    a: tuple[float, float, list[int]], b: tuple[float, float, list[int]]
) -> tuple[float, float, list[int]]:
    return a[0] + b[0], a[1] + b[1], [*a[2], *b[2]]
