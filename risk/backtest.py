"""Does the score tell, a month before, who will pay late? Held to what then happened.

A month's rows are the customers that had an invoice by its end, scored on what was
known then; bad is who let an invoice pass `late` days overdue within the horizon.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from risk.measures import Ledger
from risk.policy import CLASSES, Policy
from risk.score import UNKNOWN, Facts, Scores, probability_of_default, score
from risk.validation import (
    Array,
    Band,
    Bools,
    Interval,
    auc,
    auc_interval,
    calibration,
    gini,
    ks,
    precision_at_top,
    psi_of_scores,
)

Days = npt.NDArray[np.int64]

LEAST_EVENTS, LEAST_QUIET, LEAST_CUSTOMERS = 10, 10, 5
"""Bad and good rows, and customers that went bad, below which nothing can be said."""

TOP = 0.1
"""The riskiest share of rows whose precision is told."""

BANDS = 10
ROWS_A_BIN = 20
"""Fewer in a bin of the stability index, and it would measure chance."""


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of invoices, as known now; days are ordinals."""

    customer: Days
    """Row of the customer, 0 … `size` − 1."""
    due: Days
    settled: Days
    """`risk.measures.OPEN` where it never was, or was written off."""
    size: int


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the score: an invoice `late` days overdue within `horizon`."""

    horizon: int = 90
    late: int = 15


@dataclass(frozen=True, slots=True)
class Sample:
    """Customer-months: what was known, what simple rules said, and what came of it."""

    customer: Days
    month: Days
    """Ordinal of the day as of which the row was known."""
    bad: Bools
    facts: Facts
    baselines: Mapping[str, Array]
    """Simple rule → its figure, higher is riskier; NaN where it cannot say."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.bad)

    def only(self, rows: Bools) -> "Sample":
        """Return some of the rows."""
        return Sample(
            self.customer[rows],
            self.month[rows],
            self.bad[rows],
            {name: values[rows] for name, values in self.facts.items()},
            {name: values[rows] for name, values in self.baselines.items()},
        )

    @property
    def months(self) -> Days:
        """Return the days it was taken on, ascending."""
        return np.unique(self.month)


@dataclass(frozen=True, slots=True)
class Baseline:
    """A simple rule's AUC, and the score's on the same rows; NaN if it cannot say."""

    name: str
    auc: Interval
    rows: int
    """Rows the rule has a figure for."""
    score_auc: float


@dataclass(frozen=True, slots=True)
class ClassRate:
    """How many rows a class has, how many went bad, and its share then and now."""

    risk_class: str
    count: int
    bad: int
    share_first: float
    """Of the first month's scored rows."""
    share_last: float


@dataclass(frozen=True, slots=True)
class Shift:
    """How far a fact's population moved from the first month to the last."""

    fact: str
    psi: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a backtest found; figures are over the scored rows."""

    rows: int
    events: int
    customers: int
    unscored: int
    unscored_events: int
    months: tuple[date, ...]
    rates: tuple[float, ...]
    """Share that went bad, month by month; NaN where a month has no scored row."""
    means: tuple[float, ...]
    """Mean score, month by month; NaN likewise."""
    auc: Interval
    gini: float
    ks: float
    precision: float
    """Share of bad among the riskiest tenth."""
    bands: tuple[Band, ...]
    classes: tuple[ClassRate, ...]
    psi: float
    """Of the scores, first month against last; NaN with one month only."""
    psi_by_chance: float
    """What populations of these sizes differ by on average though nothing moved."""
    shifts: tuple[Shift, ...]
    """The facts that moved most, at most five."""
    baselines: tuple[Baseline, ...]

    @property
    def scored(self) -> int:
        """Return the rows that have a score."""
        return self.rows - self.unscored

    @property
    def rate(self) -> float:
        """Return the share of scored rows that went bad."""
        return (self.events - self.unscored_events) / max(self.scored, 1)


class TooFewEvents(ValueError):
    """Too few went bad, or too few stayed good, to judge a score by."""

    def __init__(self, bad: int, good: int, customers: int) -> None:
        """Keep the counts: scored rows that went bad, that did not, and whose."""
        super().__init__(f"{bad} bad and {good} good rows of {customers} bad customers")
        self.bad, self.good, self.customers = bad, good, customers


def went_bad(fates: Fates, today: int, asked: Question) -> Bools:
    """Return who let an invoice pass `late` days overdue in (today, today + horizon].

    It passes when it is unpaid on that day, whether it is paid later or never.
    """
    passes = fates.due + asked.late
    inside = (passes > today) & (passes <= today + asked.horizon)
    bad = inside & (fates.settled > passes)
    return np.bincount(fates.customer[bad], minlength=fates.size) > 0


def simple_rules(known: Ledger, today: int) -> dict[str, Array]:
    """Return what simple rules say of each customer, higher is riskier; NaN unknown.

    `last_invoice_late` 0 or 1; `days_overdue_now` days; `weighted_dbt` amount-weighted
    days beyond terms of all that was paid, early as 0; `mean_dbt` plain mean, early
    negative.
    """
    paid = (known.settled <= today) & (known.amount > 0)
    whose, amount = known.customer[paid], known.amount[paid]
    late = (known.settled - known.due)[paid].astype(np.float64)
    weighted = _sum(whose, amount * np.maximum(late, 0), known.size)
    order = np.lexsort((known.due[paid], known.settled[paid]))
    last = np.full(known.size, np.nan)
    last[whose[order]] = late[order] > 0
    owed = (known.settled > today) & (known.open_amount > 0)
    overdue = np.zeros(known.size)
    np.maximum.at(overdue, known.customer[owed], (today - known.due)[owed])
    return {
        "last_invoice_late": last,
        "days_overdue_now": overdue,
        "weighted_dbt": _ratio(weighted, _sum(whose, amount, known.size)),
        "mean_dbt": _ratio(
            _sum(whose, late, known.size),
            np.bincount(whose, minlength=known.size).astype(np.float64),
        ),
    }


def joined(samples: Sequence[Sample]) -> Sample:
    """Return all rows of `samples`, which have the same facts; at least one."""
    first = samples[0]
    return Sample(
        np.concatenate([s.customer for s in samples]),
        np.concatenate([s.month for s in samples]),
        np.concatenate([s.bad for s in samples]),
        {n: np.concatenate([s.facts[n] for s in samples]) for n in first.facts},
        {n: np.concatenate([s.baselines[n] for s in samples]) for n in first.baselines},
    )


def report(policy: Policy, sample: Sample, *, rounds: int = 500) -> Report:
    """Return how well `policy` told who would go bad; intervals over customers.

    Raises:
        TooFewEvents: the scored rows hold too few outcomes of a kind.

    """
    everyone = score(policy, sample.facts)
    has_score = everyone.score != UNKNOWN
    scored, safety = sample.only(has_score), everyone.score[has_score].astype(float)
    enough(scored)
    first, last = (scored.month == sample.months[n] for n in (0, -1))
    one = len(sample.months) == 1
    chance = probability_of_default(policy, everyone.score[has_score])
    return Report(
        rows=len(sample),
        events=int(sample.bad.sum()),
        customers=len(np.unique(sample.customer)),
        unscored=int((~has_score).sum()),
        unscored_events=int(sample.bad[~has_score].sum()),
        months=tuple(date.fromordinal(int(m)) for m in sample.months),
        rates=_by_month(scored, scored.bad.astype(float), sample.months),
        means=_by_month(scored, safety, sample.months),
        auc=auc_interval(safety, scored.bad, scored.customer, rounds=rounds),
        gini=gini(safety, scored.bad),
        ks=ks(safety, scored.bad),
        precision=precision_at_top(safety, scored.bad, TOP),
        bands=tuple(calibration(safety, scored.bad, chance, BANDS)),
        classes=_classes(everyone, has_score, scored.bad, first, last),
        psi=float("nan") if one else _psi(safety[first], safety[last]),
        psi_by_chance=float("nan") if one else _by_chance(first.sum(), last.sum()),
        shifts=() if one else _shifts(policy, scored.facts, first, last),
        baselines=tuple(_baselines(scored, safety, rounds)),
    )


def enough(scored: Sample) -> None:
    """Raise TooFewEvents unless there are enough outcomes of either kind."""
    bad = int(scored.bad.sum())
    good = len(scored) - bad
    whose = len(np.unique(scored.customer[scored.bad]))
    if bad < LEAST_EVENTS or good < LEAST_QUIET or whose < LEAST_CUSTOMERS:
        raise TooFewEvents(bad, good, whose)


def _baselines(scored: Sample, safety: Array, rounds: int) -> list[Baseline]:
    """Return each rule's AUC on the rows it has a figure for; NaN without outcomes."""
    found = []
    for name, figures in scored.baselines.items():
        told = ~np.isnan(figures)
        bad, whose = scored.bad[told], scored.customer[told]
        interval, same = Interval(*[float("nan")] * 3), float("nan")
        if bad.any() and not bad.all():
            interval = auc_interval(-figures[told], bad, whose, rounds=rounds)
            same = auc(safety[told], bad)
        found.append(Baseline(name, interval, int(told.sum()), same))
    return found


def _classes(
    everyone: Scores, has_score: Bools, bad: Bools, first: Bools, last: Bools
) -> tuple[ClassRate, ...]:
    graded = everyone.risk_class[has_score]
    rates = []
    for place, letter in enumerate(CLASSES):
        inside = graded == place
        rates.append(
            ClassRate(
                letter,
                int(inside.sum()),
                int(bad[inside].sum()),
                float(inside[first].mean()) if first.any() else float("nan"),
                float(inside[last].mean()) if last.any() else float("nan"),
            )
        )
    return tuple(rates)


def _by_month(scored: Sample, values: Array, months: Days) -> tuple[float, ...]:
    inside = [values[scored.month == month] for month in months]
    return tuple(float(v.mean()) if len(v) else float("nan") for v in inside)


def _bins(least: int) -> int:
    return max(2, min(BANDS, least // ROWS_A_BIN))


def _psi(before: Array, after: Array) -> float:
    return psi_of_scores(before, after, _bins(min(len(before), len(after))))


def _by_chance(before: int, after: int) -> float:
    """Return the index's mean where nothing moved: (bins − 1)(1/n + 1/m)."""
    if not before or not after:
        return float("nan")
    return (_bins(min(before, after)) - 1) * (1 / before + 1 / after)


def _shifts(
    policy: Policy, facts: Facts, first: Bools, last: Bools
) -> tuple[Shift, ...]:
    """Return the five facts that earn points whose known values moved most."""
    found = []
    for name in (name for name, _ in policy.score.measures() if name in facts):
        values = facts[name]
        before, after = (v[~np.isnan(v)] for v in (values[first], values[last]))
        if min(len(before), len(after)) >= ROWS_A_BIN and np.ptp(before):
            found.append(Shift(name, _psi(before, after)))
    return tuple(sorted(found, key=lambda s: -s.psi)[:5])


def _sum(whose: Days, values: Array, size: int) -> Array:
    return np.bincount(whose, values, minlength=size).astype(np.float64)


def _ratio(above: Array, below: Array) -> Array:
    ratio: Array = np.full(len(below), np.nan)
    np.divide(above, below, out=ratio, where=below > 0)
    return ratio
