"""What a sweep looks at: the evidence of a score, its outcome, limits, cover, promises.

Columns name customers by their place in `known.ids`; days are proleptic ordinals, as
floats where a day may be missing (NaN); amounts are in base currency.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from risk.facts import Evidence, Found
from risk.score import Scores

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Dated:
    """Things with an amount and an end: whose, what, how much, from when until when."""

    customer: Whole
    kind: Sequence[str]
    amount: Array
    begins: Array
    ends: Array
    """NaN: it has no end."""

    @classmethod
    def none(cls) -> "Dated":
        """Return no such things."""
        nothing = np.zeros(0)
        return cls(np.zeros(0, np.int64), [], nothing, nothing, nothing)


@dataclass(frozen=True, slots=True)
class Books:
    """What is held against a customer beside its invoices, and what protects us."""

    limit: Array
    """NaN: nobody has set one, or it has not begun; 0 is cash only."""
    limit_ends: Array
    orders: Dated
    """Not yet invoiced: kind open or delivered; `ends` is the day of delivery."""
    covers: Dated
    """What each counts after its haircut."""
    clauses: Dated
    """Kind clause or review; without amount."""
    promises: Dated
    """Kind is the state: open, kept, partly or broken; `ends` is the day promised."""
    partial: Dated
    """Payments that left something of their invoice open; `begins` is their day."""
    hold: Array

    @classmethod
    def none(cls, size: int) -> "Books":
        """Return the books of `size` customers of whom nothing is known."""
        unknown = np.full(size, np.nan)
        none = Dated.none()
        return cls(unknown, unknown, none, none, none, none, none, np.zeros(size))


@dataclass(frozen=True, slots=True)
class Past:
    """The score and the class, 0–4, as they stood a while ago; NaN unknown."""

    score: Array
    grade: Array

    @classmethod
    def none(cls, size: int) -> "Past":
        """Return that nothing is remembered."""
        return cls(np.full(size, np.nan), np.full(size, np.nan))


@dataclass(frozen=True, slots=True)
class Observed:
    """All that rules may look at, of some customers or of all."""

    known: Evidence
    found: Found
    scores: Scores
    books: Books
    past: Past
    in_force: Array
    """The class in force, 0–4 for A–E: an override's, else the computed one once it has
    held; NaN unknown."""
    default_chance: Array
    """Within a year, by a fitted policy; NaN otherwise."""
    related_to: Array = field(default_factory=lambda: np.zeros(0))
    """The id of the customer whose trouble reached each; NaN: nobody's."""
    related_steps: Array = field(default_factory=lambda: np.zeros(0))

    @property
    def size(self) -> int:
        """Return how many customers there are."""
        return len(self.known.ids)
