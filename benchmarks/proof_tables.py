"""The tables of the proof, as Markdown for the terminal and docs/model.md."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from risk.validation import Interval


@dataclass(frozen=True, slots=True)
class Line:
    """A score's figure, and the least it must reach (0: shown for comparison)."""

    name: str
    auc: Interval
    least: float = 0.0

    @property
    def short(self) -> bool:
        """Return whether it does not reach what it must."""
        return self.auc.value < self.least


@dataclass(frozen=True, slots=True)
class Table:
    """Figures on the same rows."""

    title: str
    lines: Sequence[Line]

    def __str__(self) -> str:
        """Return it as Markdown."""
        rows = [f"**{self.title}**", "", "| score | AUC (95 %) | to reach |"]
        rows.append("|---|---|---|")
        for line in self.lines:
            said = f"{line.auc.value:.3f}"
            if not np.isnan(line.auc.low):
                said += f" ({line.auc.low:.2f}–{line.auc.high:.2f})"
            wanted = f"{line.least:.3f}" if line.least else ""
            rows.append(f"| {line.name} | {said} | {wanted} |")
        return "\n".join(rows)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of anything, for people to read."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __str__(self) -> str:
        """Return it as Markdown."""
        lines = [self.head, ["---"] * len(self.head), *self.rows]
        drawn = (f"| {' | '.join(line)} |" for line in lines)
        return "\n".join([f"**{self.title}**", "", *drawn])
