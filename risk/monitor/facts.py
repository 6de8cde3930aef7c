"""Every fact that a rule may look at, and what each means.

The facts of the score, and beside them what stands open, what a limit leaves, what is
usual with the customer and what is not, and what runs out when. A fact that is not
known is NaN, and no rule fires on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from risk.errors import N_
from risk.facts import FACTS
from risk.monitor.columns import Array
from risk.monitor.facts_limit import lapse_facts, limit_facts
from risk.monitor.facts_orders import order_facts
from risk.monitor.facts_payment import payment_habits, sales_days
from risk.monitor.facts_standing import news_facts, score_facts, statement_facts
from risk.monitor.late_chance import late_chance
from risk.monitor.observed import Observed
from risk.policy import Policy

Unit = Literal[
    "days", "share", "money", "count", "points", "ratio", "yes", "grade", "customer"
]


@dataclass(frozen=True, slots=True)
class FactDoc:
    """A fact's unit, and what it tells.

    `share` lies from 0 to 1 (or above, of a limit), `yes` is 1 or 0, `grade` is 0 for
    class A to 4 for E, `ratio` is a pure number, `customer` is an id.
    """

    unit: Unit
    about: str


WATCH_FACTS: Mapping[str, FactDoc] = {
    # How they pay: the facts of the score.
    "days_beyond_terms": FactDoc("days", N_("Days late, by amount and recency")),
    "on_time_share": FactDoc("share", N_("Share of the amount paid when due")),
    "worst_late": FactDoc("days", N_("Most days an invoice was late, or is")),
    "overdue_days": FactDoc("days", N_("Days past due of the oldest material item")),
    "overdue_share": FactDoc("share", N_("Overdue ÷ open")),
    "payment_trend": FactDoc(
        "days", N_("Days late of the last 90 days less those before")
    ),
    "disputed_share": FactDoc("share", N_("Share of the amount that was disputed")),
    "broken_promises": FactDoc("share", N_("Share of promises not kept, last year")),
    "settled_count": FactDoc("count", N_("Invoices paid in the last two years")),
    "days_since_payment": FactDoc("days", N_("Days since the last payment")),
    "in_default": FactDoc("yes", N_("In default, or in probation after one")),
    # How they pay, against their own habit.
    "days_late_recent": FactDoc(
        "days", N_("Median days late, last 90 days, what is overdue included")
    ),
    "days_late_usual": FactDoc("days", N_("Median days late before that")),
    "days_late_spread": FactDoc("days", N_("How much the days late usually vary")),
    "slower_by": FactDoc("days", N_("Median days late now less usual")),
    "slower_deviations": FactDoc(
        "ratio", N_("How far beyond their own habit they pay, in deviations")
    ),
    "paid_recent": FactDoc("count", N_("Invoices paid or overdue, last 90 days")),
    "paid_before": FactDoc("count", N_("Invoices paid before that")),
    "days_late_mean": FactDoc("days", N_("Mean days late of all that was paid")),
    "days_late_high": FactDoc("days", N_("Days late that one invoice in ten exceeds")),
    "late_share": FactDoc("share", N_("Share of paid invoices that were late")),
    "very_late_share": FactDoc(
        "share", N_("Share of paid invoices more than 15 days late")
    ),
    "late_chance": FactDoc(
        "share", N_("Chance that an invoice passes 15 days late within 90 days")
    ),
    "days_late_last": FactDoc("days", N_("Mean days late of the last three paid")),
    "partial_recent": FactDoc("count", N_("Part payments, last 90 days")),
    "partial_usual": FactDoc("count", N_("Part payments in 90 days, usually")),
    "disputed_recent": FactDoc(
        "share", N_("Share of the amount of the last 90 days that is disputed")
    ),
    "disputed_usual": FactDoc("share", N_("The same share before that")),
    "dso": FactDoc("days", N_("Days of sales outstanding, counted back")),
    "dso_usual": FactDoc("days", N_("The same in the months before, median")),
    # What is open.
    "open_amount": FactDoc("money", N_("Open invoices")),
    "open_count": FactDoc("count", N_("Number of open invoices")),
    "overdue": FactDoc("money", N_("Overdue amount, credit notes deducted")),
    "overdue_count": FactDoc("count", N_("Number of overdue invoices")),
    "overdue_oldest": FactDoc("days", N_("Days past due of the oldest open item")),
    "first_overdue": FactDoc("yes", N_("Overdue for the first time ever")),
    # Limit and exposure.
    "exposure": FactDoc("money", N_("Open items and orders, less cover")),
    "limit": FactDoc("money", N_("The credit limit")),
    "headroom": FactDoc("money", N_("Limit less exposure")),
    "utilisation": FactDoc("share", N_("Exposure ÷ limit")),
    "growth_per_day": FactDoc("money", N_("What open invoices grew a day, last 30")),
    "days_until_full": FactDoc(
        "days", N_("Days until the limit is used, at this pace")
    ),
    "covered": FactDoc("money", N_("Cover that counts today")),
    "open_orders": FactDoc("count", N_("Orders not yet invoiced")),
    "hold": FactDoc("yes", N_("Deliveries are on hold")),
    # What runs out.
    "cover_days": FactDoc("days", N_("Days until a cover lapses")),
    "guarantee_days": FactDoc("days", N_("Days until a guarantee lapses")),
    "limit_days": FactDoc("days", N_("Days until the limit lapses")),
    "clause_days": FactDoc("days", N_("Days until a contract clause ends")),
    "review_days": FactDoc("days", N_("Days until the review is due; below 0 it was")),
    "utilisation_after": FactDoc("share", N_("Exposure ÷ limit once it has lapsed")),
    "orders_after": FactDoc("count", N_("Open orders delivered after the lapse")),
    # Orders, against their own habit.
    "order_frequency": FactDoc("ratio", N_("Orders of the last 90 days ÷ usual")),
    "order_size": FactDoc("ratio", N_("Size of the last orders ÷ usual")),
    "silence": FactDoc("ratio", N_("Days since the last order ÷ usual days between")),
    "days_since_order": FactDoc("days", N_("Days since the last order")),
    "orders_30": FactDoc("count", N_("Orders of the last 30 days")),
    "orders_usual": FactDoc("count", N_("Orders in 30 days, usually in this season")),
    "orders_deviations": FactDoc(
        "ratio", N_("Orders of the last 30 days, in deviations from usual")
    ),
    "order_size_30": FactDoc("money", N_("Median order of the last 30 days")),
    "order_size_usual": FactDoc("money", N_("Median order before that")),
    "order_size_deviations": FactDoc(
        "ratio", N_("The size of the last orders, in deviations from usual")
    ),
    "gap_usual": FactDoc("days", N_("Median days between two orders")),
    "silence_deviations": FactDoc(
        "ratio", N_("Days without an order, in deviations from usual")
    ),
    "orders_before": FactDoc("count", N_("Orders before the last 30 days")),
    # Promises and notes.
    "promises_open": FactDoc("count", N_("Promises to pay that are open")),
    "promises_broken": FactDoc("count", N_("Promises broken in the last 90 days")),
    "promise_broken_amount": FactDoc("money", N_("What those promises came to")),
    "notes": FactDoc("points", N_("What notes weigh, faded; 10 is grave")),
    "distress": FactDoc("points", N_("What notes of distress weigh, faded")),
    # Score, ratings, events, accounts.
    "score": FactDoc("points", N_("The score, 0 to 1000")),
    "score_before": FactDoc("points", N_("The score 30 days ago")),
    "score_drop": FactDoc("points", N_("Points lost in 30 days")),
    "class_grade": FactDoc("grade", N_("The class in force")),
    "class_before": FactDoc("grade", N_("The class 30 days ago")),
    "class_drop": FactDoc("count", N_("Classes lost in 30 days")),
    "confidence": FactDoc("share", N_("How far the score can be trusted")),
    "default_chance": FactDoc("share", N_("Chance of default, by a fitted policy")),
    "rating": FactDoc("share", N_("Worst fresh outside rating, 1 is best")),
    "rating_age_days": FactDoc("days", N_("How old that rating is")),
    "rating_before": FactDoc("share", N_("Worst fresh rating 90 days ago")),
    "rating_drop": FactDoc("share", N_("What the rating lost in 90 days")),
    "credit_events": FactDoc("share", N_("Worst credit event, fading; 1 is grave")),
    "event_age": FactDoc("days", N_("Days since the last credit event")),
    "event_severity": FactDoc("share", N_("How grave that event is")),
    "insolvent": FactDoc("yes", N_("Insolvent")),
    "statement_age_days": FactDoc("days", N_("Days since the end of the accounts")),
    "z_position": FactDoc("ratio", N_("Altman: 0 is distress, 1 is safe")),
    "z_before": FactDoc("ratio", N_("The same a year before")),
    "z_drop": FactDoc("ratio", N_("What it lost in a year")),
    "leverage": FactDoc("share", N_("Liabilities ÷ assets")),
    "liquidity": FactDoc("ratio", N_("Current assets ÷ current liabilities")),
    "profit": FactDoc("share", N_("Net income ÷ assets")),
    "cash_flow": FactDoc("share", N_("Cash flow ÷ liabilities")),
    "coverage": FactDoc("ratio", N_("Earnings ÷ interest")),
    "profit_trend": FactDoc("share", N_("Change of net income ÷ assets in a year")),
    "industry": FactDoc("share", N_("How safe the industry is, by the policy")),
    "country": FactDoc("count", N_("The country's risk class, 0 to 7")),
    # Related parties.
    "related_trouble": FactDoc("share", N_("Worst trouble of a related company")),
    "related_to": FactDoc("customer", N_("Whose trouble that is")),
    "related_steps": FactDoc("count", N_("How many steps away it is")),
}
"""Fact → what it is. Rules, the policy and people's own expressions use these names."""


def watch_facts(policy: Policy, observed: Observed, as_of: date) -> dict[str, Array]:
    """Return every fact of WATCH_FACTS for each customer observed; NaN not known."""
    today, own = as_of.toordinal(), observed.found.facts
    ledger = observed.known.ledger.known_on(as_of, policy.score.history_days)
    facts = {name: own[name] for name in FACTS}
    facts |= payment_habits(ledger, observed.books, today)
    facts |= sales_days(ledger, today)
    facts["late_chance"] = late_chance(ledger, today)
    facts |= limit_facts(policy, ledger, observed.books, today)
    facts |= lapse_facts(policy, ledger, observed.books, today)
    facts |= order_facts(observed.known.orders, today)
    facts |= score_facts(observed)
    facts |= news_facts(policy, observed, today)
    facts |= statement_facts(policy, observed)
    unknown = np.full(observed.size, np.nan)
    related = observed.related_to if len(observed.related_to) else unknown
    steps = observed.related_steps if len(observed.related_steps) else unknown
    return facts | {"related_to": related, "related_steps": steps}
