"""Logistic regression by Newton's method, drawn to what is likely, with sane signs."""

from dataclasses import dataclass

import numpy as np

from risk.validation import Array, Bools

STEPS, CLOSE = 50, 1e-8
STEEPEST = 30.0


@dataclass(frozen=True, slots=True)
class Fit:
    """ln(odds good:bad) = intercept + columns @ slopes."""

    intercept: float
    slopes: Array

    def log_odds(self, columns: Array) -> Array:
        """Return ln(odds good:bad) of each row."""
        odds: Array = self.intercept + columns @ self.slopes
        return odds


def fit_logistic(
    columns: Array, bad: Bools, *, ridge: float = 1.0, toward: float = 0.0
) -> Fit:
    """Return the fit of good against `columns`.

    `ridge` draws every slope to `toward` (by as much as that many rows would say); the
    intercept is free. On weights of evidence a slope of 1 is what independent columns
    would have, so that to draw there is to lean on each column's own evidence where
    outcomes are few.
    """
    design = np.column_stack([np.ones(len(columns)), columns])
    good = (~bad).astype(np.float64)
    drawn = np.r_[0.0, np.full(columns.shape[1], toward)]
    penalty = np.r_[1e-9, np.full(columns.shape[1], ridge)]
    at = drawn.copy()
    for _ in range(STEPS):
        odds = np.clip(design @ at, -STEEPEST, STEEPEST)
        chance = 1 / (1 + np.exp(-odds))
        slope = design.T @ (good - chance) - penalty * (at - drawn)
        bend = (design * (chance * (1 - chance))[:, None]).T @ design
        step = np.linalg.solve(bend + np.diag(penalty), slope)
        at = at + step
        if np.abs(step).max() < CLOSE:
            break
    return Fit(float(at[0]), at[1:])


def fit_with_signs(
    columns: Array, bad: Bools, *, ridge: float = 1.0, toward: float = 0.0
) -> Fit:
    """Return a fit in which no slope is negative: those columns get 0.

    On weights of evidence a negative slope would turn what a figure says around.
    """
    kept = np.arange(columns.shape[1])
    while True:
        fit = fit_logistic(columns[:, kept], bad, ridge=ridge, toward=toward)
        if not len(kept) or (fit.slopes >= 0).all():
            slopes = np.zeros(columns.shape[1])
            slopes[kept] = fit.slopes
            return Fit(fit.intercept, slopes)
        kept = np.delete(kept, int(np.argmin(fit.slopes)))
