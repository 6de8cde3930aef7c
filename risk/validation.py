"""Does a score work? AUC, Gini, KS, PSI, calibration, precision; with intervals.

Source: the domain reference, 3.6. Scores are “higher is safer”; outcomes are True for
bad. What cannot be said (one kind of outcome only) is NaN, never 0.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

EPSILON = 1e-4
"""What an empty bin counts as, in the population stability index."""

STABLE, SHIFTED = 0.10, 0.25


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Band:
    """Customers of like score: how many, how many went bad, how many were expected."""

    low: float
    high: float
    count: int
    bad: int
    expected: float
    """Mean forecast PD; NaN where the score forecasts none."""


def auc(safety: Array, bad: Bools, weights: Array | None = None) -> float:
    """Return the chance that a good one scores above a bad one; ties count half."""
    weight = np.ones(len(safety)) if weights is None else weights
    return _auc_of(_ranks(safety), bad, weight)


def _ranks(safety: Array) -> npt.NDArray[np.intp]:
    """Return the place of each value among the different ones."""
    return np.unique(safety, return_inverse=True)[1]


def _auc_of(at: npt.NDArray[np.intp], bad: Bools, weight: Array) -> float:
    """Return the AUC of ranks, which a bootstrap need find but once."""
    bads = np.bincount(at, weight * bad)
    goods = np.bincount(at, weight * ~bad)
    pairs = bads.sum() * goods.sum()
    below = np.cumsum(bads) - bads
    return float((goods * (below + bads / 2)).sum() / pairs) if pairs else float("nan")


def gini(safety: Array, bad: Bools) -> float:
    """Return 2·AUC − 1."""
    return 2 * auc(safety, bad) - 1


def ks(safety: Array, bad: Bools, weights: Array | None = None) -> float:
    """Return the greatest distance between the shares of bad and good below a score."""
    weight = np.ones(len(safety)) if weights is None else weights
    _, at = np.unique(safety, return_inverse=True)
    bads, goods = np.bincount(at, weight * bad), np.bincount(at, weight * ~bad)
    if not bads.sum() or not goods.sum():
        return float("nan")
    apart = np.cumsum(bads) / bads.sum() - np.cumsum(goods) / goods.sum()
    return float(np.abs(apart).max())


def auc_interval(
    safety: Array,
    bad: Bools,
    clusters: npt.NDArray[np.generic],
    *,
    rounds: int = 500,
    seed: int = 1,
) -> Interval:
    """Return the AUC with its 95 % interval, by bootstrap over `clusters`.

    Rows of one customer are not independent: whole customers are drawn.
    """
    at = _ranks(safety)
    draws = _draws(clusters, rounds, seed)
    return _interval(
        _auc_of(at, bad, np.ones(len(bad))), [_auc_of(at, bad, w) for w in draws]
    )


def auc_gain(
    safety: Array,
    other: Array,
    bad: Bools,
    clusters: npt.NDArray[np.generic],
    *,
    rounds: int = 500,
    seed: int = 1,
) -> Interval:
    """Return the AUC of `safety` less that of `other`, with its 95 % interval.

    Both are taken on the same draws, so that what they share cancels out.
    """
    one, two = _ranks(safety), _ranks(other)
    gains = [
        _auc_of(one, bad, w) - _auc_of(two, bad, w)
        for w in _draws(clusters, rounds, seed)
    ]
    return _interval(auc(safety, bad) - auc(other, bad), gains)


def _draws(
    clusters: npt.NDArray[np.generic], rounds: int, seed: int
) -> Iterator[Array]:
    """Yield the weight of each row where whole clusters are drawn with replacement."""
    _, member = np.unique(clusters, return_inverse=True)
    size = int(member.max()) + 1 if len(member) else 0
    draw = np.random.default_rng(seed)
    for _ in range(rounds if size else 0):
        times = np.bincount(draw.integers(0, size, size), minlength=size)
        yield times[member].astype(np.float64)


def _interval(value: float, drawn: Sequence[float]) -> Interval:
    sure = np.array([d for d in drawn if not np.isnan(d)])
    if not len(sure):
        return Interval(value, float("nan"), float("nan"))
    low, high = np.percentile(sure, [2.5, 97.5])
    return Interval(value, float(low), float(high))


def psi(expected: Array, actual: Array) -> float:
    """Return the population stability index of two sets of shares, bin by bin.

    An empty bin counts as EPSILON, for the logarithm's sake.
    """
    e, a = np.maximum(expected, EPSILON), np.maximum(actual, EPSILON)
    return float(((a - e) * np.log(a / e)).sum())


def psi_of_scores(before: Array, after: Array, bins: int = 10) -> float:
    """Return the PSI of two populations' scores, over quantile bins of the first."""
    if not len(before) or not len(after):
        return float("nan")
    edges = np.unique(np.quantile(before, np.linspace(0, 1, bins + 1)[1:-1]))
    counts = [
        np.bincount(np.searchsorted(edges, s, side="right"), minlength=len(edges) + 1)
        for s in (before, after)
    ]
    return psi(counts[0] / len(before), counts[1] / len(after))


def psi_meaning(value: float) -> str:
    """Return `stable`, `watch` or `shifted`."""
    if value < STABLE:
        return "stable"
    return "watch" if value <= SHIFTED else "shifted"


def precision_at_top(safety: Array, bad: Bools, share: float = 0.1) -> float:
    """Return the share of bad among the riskiest `share`; ties at the edge pro rata."""
    take = max(1, round(share * len(safety))) if len(safety) else 0
    if not take:
        return float("nan")
    edge = np.partition(safety, take - 1)[take - 1]
    surely = safety < edge
    tied = safety == edge
    left = take - surely.sum()
    return float((bad[surely].sum() + left * bad[tied].mean()) / take)


def calibration(
    safety: Array, bad: Bools, forecast: Array | None = None, bands: int = 10
) -> list[Band]:
    """Return bands of about equal size, riskiest first."""
    order = np.argsort(safety, kind="stable")
    parts = [p for p in np.array_split(order, bands) if len(p)]
    return [
        Band(
            float(safety[p].min()),
            float(safety[p].max()),
            len(p),
            int(bad[p].sum()),
            float("nan") if forecast is None else float(forecast[p].mean()),
        )
        for p in parts
    ]
