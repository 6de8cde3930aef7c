"""Scorecards: points for what is known of somebody, fitted to outcomes.

A figure's or category's weight of evidence, by logistic regression, in points. Source:
the domain reference, 3.6. `Scaling` turns odds into scores and back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

import numpy as np
import numpy.typing as npt

from risk.logistic import Fit, fit_with_signs
from risk.validation import Array, Bools
from risk.woe import category_weights, smooth_bins

Column = Array | npt.NDArray[np.str_]
"""Figures (NaN: not known), or the names of categories."""

RIDGE, TOWARD = 20.0, 0.7
"""Slopes are drawn to 0.7, as by 20 rows: columns overlap, so a little below 1."""

LEAST_INFORMATION = 0.02
"""A column that tells less is noise, by the trade's rule of thumb."""

LEAST_FIGURES = 6
"""A column of numbers with fewer different ones is taken as categories."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """How odds (good:bad) become a score: `pdo` points more double the odds."""

    target: float = 600.0
    odds: float = 50.0
    pdo: float = 20.0

    @property
    def factor(self) -> float:
        """Return the points of e-fold odds."""
        return self.pdo / log(2)

    @property
    def offset(self) -> float:
        """Return the score of even odds."""
        return self.target - self.factor * log(self.odds)

    def score(self, odds: float) -> float:
        """Return the score of odds good:bad, which are above 0."""
        return self.offset + self.factor * log(odds)

    def score_of(self, chance: float) -> float:
        """Return the score of a probability of default, between 0 and 1."""
        return self.score((1 - chance) / chance)

    def chance(self, score: float) -> float:
        """Return the probability of default at a score, 0–1."""
        return 1 / (1 + exp((score - self.offset) / self.factor))

    def points(self, weight: float, slope: float, intercept: float, n: int) -> float:
        """Return the points of an attribute, of `n` columns that sum to the score.

        `weight` is ln(share good ÷ share bad); slope and intercept give ln(odds good).
        """
        return (weight * slope + intercept / n) * self.factor + self.offset / n


@dataclass(frozen=True, slots=True)
class Weights:
    """What each value of a column weighs; one it has not seen weighs nothing."""

    figures: tuple[Array, Array] | None
    """Rising cuts, and the weight of each step between and beyond them."""
    categories: Mapping[str, float]

    def weigh(self, column: Column) -> Array:
        """Return the weight of each entry."""
        if self.figures is None:
            seen = [self.categories.get(str(value), 0.0) for value in column]
            return np.array(seen, np.float64)
        cuts, weights = self.figures
        values = column.astype(np.float64)
        found = weights[np.searchsorted(cuts, values, side="right")]
        return np.where(np.isnan(values), 0.0, found)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What was fitted; `log_odds` scores others by it."""

    weights: Mapping[str, Weights]
    fit: Fit

    def log_odds(self, columns: Mapping[str, Column]) -> Array:
        """Return ln(odds good:bad) of each row; higher is safer."""
        parts = [w.weigh(columns[name]) for name, w in self.weights.items()]
        return self.fit.log_odds(np.column_stack(parts))


def fit_scorecard(columns: Mapping[str, Column], bad: Bools) -> Scorecard:
    """Return the scorecard of these outcomes; columns that tell nothing are left out.

    Raises:
        ValueError: no column tells anything, or all outcomes are alike.

    """
    if bad.all() or not bad.any():
        raise ValueError("outcomes of one kind only teach nothing")
    weights = {name: _weights(column, bad) for name, column in columns.items()}
    weighed = {name: weights[name].weigh(column) for name, column in columns.items()}
    telling = [
        n for n, w in weighed.items() if _information(w, bad) > LEAST_INFORMATION
    ]
    if not telling:
        raise ValueError("no column tells good from bad")
    matrix = np.column_stack([weighed[name] for name in telling])
    fit = fit_with_signs(matrix, bad, ridge=RIDGE, toward=TOWARD)
    return Scorecard({name: weights[name] for name in telling}, fit)


def _weights(column: Column, bad: Bools) -> Weights:
    if column.dtype.kind == "f" and len(np.unique(column)) >= LEAST_FIGURES:
        return Weights(smooth_bins(column.astype(np.float64), bad), {})
    return Weights(None, category_weights(column.astype(np.str_), bad))


def _information(weighed: Array, bad: Bools) -> float:
    """Return the information value: how far good and bad lie apart in weight."""
    return float(weighed[~bad].mean() - weighed[bad].mean())
