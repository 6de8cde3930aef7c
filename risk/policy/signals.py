"""The signals that the desk knows, and the parameters that each takes.

What they look for is in `risk.monitor`; the names stand here so that a policy can be
held to them when it is loaded.
"""

from collections.abc import Mapping

EXPRESSION = "expression"
"""A rule in CEL over documented facts; it has no parameters."""

CUSTOMER_SIGNALS: Mapping[str, tuple[str, ...]] = {
    "slower_payment": ("days", "deviations", "late", "least"),
    "first_overdue": ("days", "amount"),
    "overdue": ("days", "amount", "share"),
    "likely_late": ("chance", "least"),
    "broken_promise": ("count",),
    "part_payments": ("count", "times"),
    "disputes": ("share", "rise"),
    "dso_drift": ("days", "times"),
    "orders_rise": ("deviations", "times", "least"),
    "orders_fall": ("deviations", "times", "least"),
    "order_size": ("deviations", "times", "least"),
    "silence": ("deviations", "days"),
    "limit_used": (),
    "limit_path": ("days", "used"),
    "score_drop": ("points",),
    "class_drop": ("steps", "grade"),
    "low_class": ("grade",),
    "rating_drop": ("share",),
    "credit_event": ("days", "severity"),
    "statement_overdue": ("days",),
    "statement_worse": ("drop",),
    "cover_lapse": ("days",),
    "guarantee_lapse": ("days",),
    "limit_lapse": ("days",),
    "clause_lapse": ("days",),
    "review_lapse": ("days",),
    "related_trouble": ("share",),
    "distress": ("weight",),
}
"""Signal → its parameters; of one customer."""

PORTFOLIO_SIGNALS: Mapping[str, tuple[str, ...]] = {
    "concentration_customer": ("share", "exposure"),
    "concentration_group": ("share", "exposure"),
    "concentration_industry": ("share", "hhi"),
    "concentration_region": ("share", "hhi"),
    "concentration_hhi": ("hhi",),
    "feed_silent": ("times", "days"),
    "rule_silent": ("times", "days"),
    "rule_failing": ("customers",),
}
"""Signal → its parameters; of all customers together, of feeds and of rules."""

SIGNALS = {**CUSTOMER_SIGNALS, **PORTFOLIO_SIGNALS, EXPRESSION: ()}
