"""Fits the score to a company's own outcomes, and holds the result to others."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from risk.backtest import Question, Report, Sample, TooFewEvents, report
from risk.calibrate import LEAST_BAD, LEAST_GOOD, calibrate, unseen_chance
from risk.errors import N_, UserError
from risk.policy import Policy
from risk.score import UNKNOWN, Facts, score
from risk.validation import Array, Interval, auc_gain, auc_interval
from storage.policy_file import LoadedPolicy
from storage.policy_text import with_score_of
from workflows.backtest import Tell, TooFewOutcomes, month_ends, sample_of, window
from workflows.services import Services
from workflows.shadow import Shadow, shadow

LEAST_BAD_CUSTOMERS = 10
"""Months of one customer are much alike: so many must have gone bad."""


@dataclass(eq=False)
class TooFewToLearn(UserError):
    """Too few went bad, or stayed good, to learn from."""

    bad: int
    good: int
    customers: int
    least_bad: int = LEAST_BAD
    least_good: int = LEAST_GOOD
    least_customers: int = LEAST_BAD_CUSTOMERS
    message = N_(
        "Too few outcomes to learn from: %(bad)s customer-months went bad (of "
        "%(customers)s customers) and %(good)s did not. It takes at least "
        "%(least_bad)s, of %(least_customers)s customers, and %(least_good)s. The "
        "policy in force stays; it does not need outcomes."
    )


@dataclass(eq=False)
class TrialTooEarly(UserError):
    """The test window begins before the training's outcomes are known."""

    first: date
    earliest: date
    message = N_(
        "A test from %(first)s would know what the training learnt from. Begin it on "
        "%(earliest)s or later."
    )


@dataclass(frozen=True, slots=True)
class Windows:
    """The days to learn from, to test on (or none), and the shadow's (or none)."""

    first: date | None = None
    last: date | None = None
    test_first: date | None = None
    test_last: date | None = None
    shadow: date | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """Both policies on months that the candidate has not seen."""

    current: Report
    candidate: Report
    gain: Interval
    """AUC of the candidate less that of the one in force."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A candidate policy, what it was learnt from, and how it does."""

    candidate: LoadedPolicy
    current: LoadedPolicy
    asked: Question
    first: date
    last: date
    rows: int
    events: int
    known: Interval
    """AUC of the policy in force over the training months."""
    unseen: Interval
    """AUC of candidates there, each fitted without the customers it scores."""
    trial: Trial | None
    shadow: Shadow


def fit(
    services: Services,
    when: Windows,
    asked: Question,
    *,
    rounds: int = 500,
    tell: Tell = lambda _: None,
) -> Calibration:
    """Return a candidate fitted to outcomes, held against the policy in force.

    Raises:
        UserError: nothing to learn from, or too little, or not yet known.

    """
    current = services.policy
    with services.database.read() as session:
        start, end = window(services, session, when.first, when.last, asked)
        tested = _tested(when, end, asked)
        sample = sample_of(services, session, month_ends(start, end), asked, tell)
    _require_enough(sample)
    candidate = _fitted(current, sample, end)
    unseen = unseen_chance(current.policy, sample.facts, sample.bad, sample.customer)
    return Calibration(
        candidate=candidate,
        current=current,
        asked=asked,
        first=start,
        last=end,
        rows=len(sample),
        events=int(sample.bad.sum()),
        known=_auc(_safety(current.policy, sample.facts), sample, rounds),
        unseen=_auc(unseen, sample, rounds),
        trial=_trial(services, candidate.policy, tested, asked, rounds),
        shadow=shadow(services, candidate.policy, when.shadow),
    )


def _auc(safety: Array, sample: Sample, rounds: int) -> Interval:
    if np.isnan(safety).any():
        return Interval(float("nan"), float("nan"), float("nan"))
    return auc_interval(safety, sample.bad, sample.customer, rounds=rounds)


def _require_enough(sample: Sample) -> None:
    bad = int(sample.bad.sum())
    good = len(sample) - bad
    whose = len(np.unique(sample.customer[sample.bad]))
    if bad < LEAST_BAD or good < LEAST_GOOD or whose < LEAST_BAD_CUSTOMERS:
        raise TooFewToLearn(bad, good, whose)


def _fitted(current: LoadedPolicy, sample: Sample, end: date) -> LoadedPolicy:
    version = f"{current.policy.version}-fitted-{end}"
    made = calibrate(current.policy, sample.facts, sample.bad, version=version)
    return with_score_of(current, made)


def _safety(policy: Policy, facts: Facts) -> Array:
    """Return scores, in the middle where there is none: both policies rank all rows."""
    found = score(policy, facts).score
    known = found != UNKNOWN
    middle = float(np.median(found[known])) if known.any() else 0.0
    return np.where(known, found, middle)


def _tested(when: Windows, end: date, asked: Question) -> Windows | None:
    """Return the window to test on, if one is wished; it begins after `end` is over."""
    if when.test_first is None and when.test_last is None:
        return None
    earliest = end + timedelta(days=asked.horizon)
    first = when.test_first or earliest
    if first < earliest:
        raise TrialTooEarly(first, earliest)
    return Windows(first, when.test_last)


def _trial(
    services: Services,
    candidate: Policy,
    when: Windows | None,
    asked: Question,
    rounds: int,
) -> Trial | None:
    if when is None:
        return None
    with services.database.read() as session:
        start, last = window(services, session, when.first, when.last, asked)
        sample = sample_of(services, session, month_ends(start, last), asked)
    current = services.policy.policy
    try:
        reports = [report(p, sample, rounds=rounds) for p in (current, candidate)]
    except TooFewEvents as few:
        raise TooFewOutcomes(few.bad, few.good, few.customers) from few
    gain = auc_gain(
        _safety(candidate, sample.facts),
        _safety(current, sample.facts),
        sample.bad,
        sample.customer,
        rounds=rounds,
    )
    return Trial(reports[0], reports[1], gain)
