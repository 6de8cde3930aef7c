"""All the facts of a score, from what is stored: one customer or all, as of a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from risk.financials import FINANCIAL_FACTS, Statements, Whole, financial_facts
from risk.habits import Orders, habit_facts
from risk.measures import Ledger, payment_facts
from risk.news import (
    News,
    Ratings,
    defaulted,
    event_facts,
    note_facts,
    rating_facts,
)
from risk.policy import Policy
from risk.related import Passed, Ties, own_trouble, pass_on, related_trouble

Array = npt.NDArray[np.float64]

FACTS = (
    "days_beyond_terms",
    "on_time_share",
    "worst_late",
    "overdue_days",
    "overdue_share",
    "payment_trend",
    "disputed_share",
    "broken_promises",
    "settled_count",
    "days_since_payment",
    "in_default",
    *FINANCIAL_FACTS,
    "statement_age_days",
    "rating",
    "rating_age_days",
    "order_frequency",
    "order_size",
    "silence",
    "days_since_order",
    "industry",
    "country",
    "credit_events",
    "insolvent",
    "notes",
    "related_trouble",
)
"""Every fact that is told of a customer. Stored in this order: add at the end only."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of customers, as columns; amounts in base currency."""

    ids: Whole
    """The customers, ascending; other columns name them by their place here."""
    ledger: Ledger
    orders: Orders
    statements: Statements
    """The latest of each customer, NaN where there is none."""
    year_before: Statements
    statement_day: Array
    model: Whole
    """Place of the customer's model in `risk.financials.MODELS`."""
    ratings: Ratings
    events: News
    notes: News
    ties: Ties
    industry: Sequence[str | None]
    country: Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Found:
    """The facts of each customer, and whose trouble reached whom."""

    facts: dict[str, Array]
    passed: Passed


def facts_of(policy: Policy, known: Evidence, as_of: date) -> Found:
    """Return the facts that a score under `policy` takes, as of a day."""
    size, today, rules = len(known.ids), as_of.toordinal(), policy.score
    facts = {
        **payment_facts(known.ledger, as_of, rules),
        **habit_facts(known.orders, today, rules.history_days),
        **financial_facts(
            known.statements, known.year_before, policy.zscore, known.model
        ),
        "statement_age_days": today - known.statement_day,
        **rating_facts(known.ratings, size, today, policy.scales),
        **event_facts(known.events, size, today, rules),
        **note_facts(known.notes, size, today),
        "industry": _looked_up(known.industry, policy.industries),
        "country": _looked_up(known.country, policy.country_classes),
    }
    told = defaulted(known.events, size, today, rules)
    facts["in_default"] = np.fmax(facts["in_default"], told)
    passed = pass_on(known.ties, own_trouble(facts, size), rules)
    facts["related_trouble"] = related_trouble(passed, size)
    return Found(facts, passed)


def _looked_up(
    names: Sequence[str | None], table: Mapping[str, float] | Mapping[str, int]
) -> Array:
    found = [table.get(name, np.nan) if name else np.nan for name in names]
    return np.array(found, np.float64)
