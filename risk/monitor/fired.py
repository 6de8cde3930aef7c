"""What a rule found: for whom it fired, how strongly, on which figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired, for the customers at `rows` of the arrays it looked at."""

    rule: str
    rows: Places
    strength: Array
    """How far beyond the threshold, 1 just at it; one for each of `rows`."""
    evidence: Mapping[str, Array] = field(default_factory=dict)
    """The figures it fired on, by the name of the fact; one for each of `rows`."""
